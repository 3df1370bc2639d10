#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum Bytes {
    /// Calls `body` with each place of a byte, by `memchr`.
    static func forEach(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, _ body: (Int) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var start = base
        var left = bytes.count
        while left > 0, let hit = memchr(start, Int32(byte), left) {
            body(UnsafeRawPointer(hit) - base)
            let next = UnsafeRawPointer(hit) + 1
            left -= next - start
            start = next
        }
    }
}
