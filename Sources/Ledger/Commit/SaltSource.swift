internal import Core
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Random bytes from the kernel, fetched many at a time.
final class SaltSource: Sendable {
    private struct Pool {
        var bytes = [UInt8](repeating: 0, count: 8192)
        var used = 8192
    }

    private let pool = Mutex(Pool())

    /// Appends 32 random bytes.
    func append(to out: inout [UInt8]) throws(GatehouseError) {
        try pool.withLock { pool throws(GatehouseError) in
            if pool.used == pool.bytes.count { try Self.refill(&pool) }
            out.append(contentsOf: pool.bytes[pool.used..<pool.used + Frame.saltBytes])
            pool.used += Frame.saltBytes
        }
    }

    private static func refill(_ pool: inout Pool) throws(GatehouseError) {
        // The kernel gives 256 bytes at a time.
        for start in stride(from: 0, to: pool.bytes.count, by: 256) {
            let failed = pool.bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { getentropy($0 + start, 256) } ?? -1
            }
            guard failed == 0 else { throw SystemCall.error("no random bytes", errno) }
        }
        pool.used = 0
    }
}

/// A payload with its salt and the commitment to both. Whoever submits it makes it: hashing needs nobody's turn.
struct SaltedPayload: Sendable {
    /// The salt, then the payload.
    let body: [UInt8]
    let commitment: MerkleHash

    var payload: ArraySlice<UInt8> { body[Frame.saltBytes...] }

    init(_ payload: [UInt8], _ salts: SaltSource) throws(GatehouseError) {
        var body: [UInt8] = []
        body.reserveCapacity(Frame.saltBytes + payload.count)
        try salts.append(to: &body)
        body.append(contentsOf: payload)
        self.body = body
        commitment = body.withUnsafeBytes(MerkleTree.commitment(raw:))
    }
}
