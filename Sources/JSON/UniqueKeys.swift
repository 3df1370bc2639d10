/// Finds a key that an object has twice. Keys are the same when they are so after their escapes are read.
struct UniqueKeys {
    private static let pairwiseLimit = 8

    /// Reused from object to object.
    private var keys: [Int] = []

    /// The place on the tape of the second of two same keys.
    mutating func firstDuplicate(in tape: [Token], object: Int, _ base: UnsafePointer<UInt8>) -> Int? {
        keys.removeAll(keepingCapacity: true)
        var key = object + 1
        while key < tape.count {
            keys.append(key)
            key = Int(tape[key + 1].next)
        }
        if keys.count > Self.pairwiseLimit { return duplicateByHash(tape, base) }
        for later in keys.indices.dropFirst() {
            for earlier in 0..<later where Self.same(tape[keys[earlier]], tape[keys[later]], base) {
                return keys[later]
            }
        }
        return nil
    }

    @inline(__always)
    private static func same(_ left: Token, _ right: Token, _ base: UnsafePointer<UInt8>) -> Bool {
        if left.isEscaped || right.isEscaped { return text(left, base) == text(right, base) }
        return left.content.count == right.content.count && Bytes.same(spelled(left, base), spelled(right, base))
    }

    private func duplicateByHash(_ tape: [Token], _ base: UnsafePointer<UInt8>) -> Int? {
        var seen = Set<Key>(minimumCapacity: keys.count)
        return keys.first { !seen.insert(Key(token: tape[$0], base: base)).inserted }
    }

    private struct Key: Hashable {
        let token: Token
        let base: UnsafePointer<UInt8>

        static func == (left: Key, right: Key) -> Bool { same(left.token, right.token, left.base) }

        func hash(into hasher: inout Hasher) {
            if token.isEscaped {
                UniqueKeys.text(token, base).withUnsafeBytes { hasher.combine(bytes: $0) }
            } else {
                hasher.combine(bytes: UnsafeRawBufferPointer(UniqueKeys.spelled(token, base)))
            }
        }
    }

    @inline(__always)
    private static func spelled(_ token: Token, _ base: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + token.content.lowerBound, count: token.content.count)
    }

    private static func text(_ token: Token, _ base: UnsafePointer<UInt8>) -> [UInt8] {
        token.isEscaped ? Unescape.bytes(spelled(token, base)) : [UInt8](spelled(token, base))
    }
}
