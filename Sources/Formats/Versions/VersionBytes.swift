/// What the schemes share: questions about the bytes of a version.
enum VersionBytes {
    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Past the bytes from `start` on that fit.
    @inline(__always)
    static func end(_ text: Span<UInt8>, from start: Int, while fits: (UInt8) -> Bool) -> Int {
        var end = start
        while end < text.count, fits(text[end]) { end += 1 }
        return end
    }

    /// Numbers of any length by their value, without reading them; no digits are 0.
    static func compareNumbers(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        let left = end(a, from: 0) { $0 == 0x30 }
        let right = end(b, from: 0) { $0 == 0x30 }
        let order = VersionOrder.of(a.count - left, b.count - right)
        return order.then { compareText(a.extracting(left...), b.extracting(right...)) }
    }

    /// Byte for byte; a prefix comes first.
    static func compareText(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        for index in 0..<min(a.count, b.count) where a[index] != b[index] { return .of(a[index], b[index]) }
        return .of(a.count, b.count)
    }

    /// Without regard to the case of ASCII letters.
    static func compareFolded(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        for index in 0..<min(a.count, b.count) {
            let (left, right) = (lower(a[index]), lower(b[index]))
            if left != right { return .of(left, right) }
        }
        return .of(a.count, b.count)
    }

    /// At least one digit and nothing else.
    static func isNumber(_ text: Span<UInt8>) -> Bool {
        !text.isEmpty && end(text, from: 0, while: isDigit) == text.count
    }

    /// Whether the text is this word of lower-case letters, in any case.
    static func isWord(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        text.count == word.utf8CodeUnitCount && starts(text, with: word)
    }

    static func starts(_ text: Span<UInt8>, with word: StaticString) -> Bool {
        guard text.count >= word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for index in word.indices where lower(text[index]) != word[index] { return false }
            return true
        }
    }

    static func firstIndex(of byte: UInt8, in text: Span<UInt8>) -> Int? {
        let place = end(text, from: 0) { $0 != byte }
        return place < text.count ? place : nil
    }

    static func lastIndex(of byte: UInt8, in text: Span<UInt8>) -> Int? {
        var place = text.count - 1
        while place >= 0, text[place] != byte { place -= 1 }
        return place < 0 ? nil : place
    }

    static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
        let start = end(text, from: 0) { $0 <= 0x20 }
        var end = text.count
        while end > start, text[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}

/// Walks over the parts between separators. `a..b` has an empty one; an empty text has one, which is empty.
struct PartCursor {
    private var position = 0
    private let separator: UInt8
    private let other: UInt8

    init(_ separator: UInt8 = UInt8(ascii: "."), or other: UInt8? = nil) {
        self.separator = separator
        self.other = other ?? separator
    }

    mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        guard position <= text.count else { return nil }
        let end = VersionBytes.end(text, from: position) { $0 != separator && $0 != other }
        defer { position = end + 1 }
        return position..<end
    }
}
