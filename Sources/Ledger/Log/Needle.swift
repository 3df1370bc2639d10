/// A byte string to be looked for, by Horspool's algorithm: most places are skipped without a look.
struct Needle: Sendable {
    private let bytes: [UInt8]
    private let skip: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var skip = [Int](repeating: max(1, bytes.count), count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { skip[Int(byte)] = bytes.count - 1 - index }
        self.skip = skip
    }

    /// Nothing is in anything for an empty needle.
    func isIn(_ haystack: UnsafeRawBufferPointer) -> Bool {
        guard let last = bytes.last else { return false }
        var end = bytes.count - 1
        while end < haystack.count {
            let byte = haystack[end]
            if byte == last, matches(haystack, endingAt: end) { return true }
            end += skip[Int(byte)]
        }
        return false
    }

    private func matches(_ haystack: UnsafeRawBufferPointer, endingAt end: Int) -> Bool {
        let start = end - bytes.count + 1
        return bytes.indices.allSatisfy { haystack[start + $0] == bytes[$0] }
    }
}
