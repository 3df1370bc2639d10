internal import Core

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Random bytes from the kernel, fetched many at a time.
struct SaltSource {
    private var pool = [UInt8](repeating: 0, count: 8192)
    private var used = 8192

    /// Appends 32 random bytes.
    mutating func append(to out: inout [UInt8]) throws(GatehouseError) {
        if used == pool.count { try refill() }
        out.append(contentsOf: pool[used..<used + Frame.saltBytes])
        used += Frame.saltBytes
    }

    private mutating func refill() throws(GatehouseError) {
        // The kernel gives 256 bytes at a time.
        for start in stride(from: 0, to: pool.count, by: 256) {
            let failed = pool.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { getentropy($0 + start, 256) } ?? -1
            }
            guard failed == 0 else { throw SystemCall.error("no random bytes", errno) }
        }
        used = 0
    }
}
