#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Values that stand for a secret without being one: examples, variables, masks.
enum Placeholder {
    private static let words: [[UInt8]] = [
        "example", "changeme", "change_me", "change-me", "placeholder", "xxxx", "your_", "your-", "yourkey",
        "yourtoken",
        "yoursecret", "yourpass", "redacted", "dummy", "insert", "replace_me", "replaceme", "foobar", "<", "${", "{{",
        "$(",
        "#{", "%{", "****", "####", "....", "________",
    ].map { Array($0.utf8) }

    static func isOne(_ value: UnsafeRawBufferPointer, refusesRepeats: Bool) -> Bool {
        // Long values (keys, certificates) hold every short word by chance.
        if value.count <= 256, Words.lowercased(value, { text in words.contains { Words.holds(text, $0) } }) {
            return true
        }
        if isVariable(value) || isMask(value) { return true }
        return refusesRepeats && (isRepetitive(value) || longestSequence(value) >= 12)
    }

    /// `$NAME`, `%NAME%`, `@NAME@`, `%s`: something fills these in later.
    private static func isVariable(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first, let last = value.last, value.count >= 2 else { return false }
        if first == UInt8(ascii: "%") || first == UInt8(ascii: "@") { return last == first || value.count == 2 }
        return first == UInt8(ascii: "$") && value.dropFirst().allSatisfy { Words.isPart($0) }
    }

    /// `hub%…(19)`: a secret as findings show it, by its first characters and its length.
    private static func isMask(_ value: UnsafeRawBufferPointer) -> Bool {
        guard value.count <= 24, value.last == UInt8(ascii: ")"), let place = value.firstIndex(of: 0xE2), place <= 8,
            value[place...].starts(with: "…(".utf8)
        else { return false }
        let length = value[place...].dropFirst(4).dropLast()
        return !length.isEmpty && length.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    /// One byte makes up two thirds of it, as in masks.
    private static func isRepetitive(_ value: UnsafeRawBufferPointer) -> Bool {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
            counts.initialize(repeating: 0)
            for byte in value { counts[Int(byte)] += 1 }
            return Int(counts.max() ?? 0) * 3 > value.count * 2
        }
    }

    /// The longest run in which each byte follows the one before, as in `abcdefgh` and `01234567`.
    static func longestSequence(_ value: UnsafeRawBufferPointer) -> Int {
        var longest = min(1, value.count)
        var run = 1
        for index in value.indices.dropFirst() {
            run = value[index] == value[index - 1] &+ 1 ? run + 1 : 1
            longest = max(longest, run)
        }
        return longest
    }
}

/// Byte-wise helpers for names and values.
enum Words {
    /// ASCII letters only; the copy lives on the stack.
    static func lowercased<Result>(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result)
        -> Result
    {
        withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) { copy in
            for index in 0..<bytes.count { copy[index] = lowercased(bytes[index]) }
            return body(UnsafeRawBufferPointer(copy))
        }
    }

    static func holds(_ text: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard var base = text.baseAddress, let first = word.first else { return false }
        var left = text.count - word.count + 1
        while left > 0, let hit = memchr(base, Int32(first), left) {
            if memcmp(hit, word, word.count) == 0 { return true }
            left -= UnsafeRawPointer(hit) - base + 1
            base = UnsafeRawPointer(hit) + 1
        }
        return false
    }

    static func ends(_ text: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard text.count >= word.count, let base = text.baseAddress else { return false }
        return memcmp(base + (text.count - word.count), word, word.count) == 0
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    /// Letter, digit or underscore.
    static func isPart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == UInt8(ascii: "_")
    }
}
