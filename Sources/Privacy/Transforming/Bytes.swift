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

    /// Where a value stands, from left to right and without overlaps.
    static func ranges(of value: [UInt8], in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        guard let base = bytes.baseAddress, let first = value.first else { return [] }
        var ranges: [Range<Int>] = []
        forEach(first, in: bytes) { start in
            guard start >= ranges.last?.upperBound ?? 0, start + value.count <= bytes.count,
                memcmp(base + start, value, value.count) == 0
            else { return }
            ranges.append(start..<start + value.count)
        }
        return ranges
    }
}
