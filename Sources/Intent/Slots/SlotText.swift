/// A text with the places of its words: runs of letters and digits. Ranges are of its UTF-8 as it was given.
struct SlotText {
    struct Word {
        /// In lower case.
        let text: String
        let range: Range<Int>
        /// Where its text stands among ``SlotText/letters``.
        let letters: Range<Int>
        /// How many digits of ASCII it begins with.
        let digits: Int

        /// Whether it is nothing but digits.
        var isNumber: Bool { digits == letters.count }
    }

    let bytes: [UInt8]
    let words: [Word]
    /// The words' texts, one behind the other.
    let letters: [UInt8]
    /// What stands between white space, without brackets, quotation marks and full stops around it.
    let chunks: [Range<Int>]

    /// - Parameter limit: bytes; what comes after is not looked at.
    init(_ text: some StringProtocol, limit: Int) {
        let bytes = Array(text.utf8.prefix(limit))
        self.bytes = bytes
        let plain = Self.plain(bytes)
        var letters: [UInt8] = []
        words = Self.runs(in: plain, of: Words.isLetter).map { range in
            let start = letters.count
            let text = String(decoding: bytes[range], as: UTF8.self).lowercased()
            letters += text.utf8
            return Word(
                text: text, range: range, letters: start..<letters.count,
                digits: letters[start...].prefix(while: Words.isDigit).count)
        }
        self.letters = letters
        chunks = Self.runs(in: plain) { $0 > 0x20 }.compactMap { Self.trimmed($0, plain) }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The texts of words that follow one another, with nothing between them.
    func letters(of words: ClosedRange<Int>) -> ArraySlice<UInt8> {
        letters[self.words[words.lowerBound].letters.lowerBound..<self.words[words.upperBound].letters.upperBound]
    }

    func byte(at position: Int) -> UInt8? { bytes.indices.contains(position) ? bytes[position] : nil }

    /// The word's text, nil beyond the ends.
    subscript(index: Int) -> String? { words.indices.contains(index) ? words[index].text : nil }

    /// Whether only spaces stand between a word and the next.
    func areNeighbours(_ index: Int) -> Bool {
        guard words.indices.contains(index), words.indices.contains(index + 1) else { return false }
        return bytes[words[index].range.upperBound..<words[index + 1].range.lowerBound].allSatisfy { $0 == 0x20 }
    }

    /// The number of the first word that begins there or behind.
    func word(from position: Int) -> Int {
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle].range.lowerBound < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What stands around a place between white space.
    func chunk(at position: Int) -> Range<Int>? {
        var (low, high) = (0, chunks.count)
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].upperBound <= position { low = middle + 1 } else { high = middle }
        }
        return low < chunks.count && chunks[low].contains(position) ? chunks[low] : nil
    }

    /// The bytes with marks that are not ASCII as spaces, each at its place.
    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
        var plain: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let units = Array(String(scalar).utf8)
            plain += units.count > 1 && Words.isMark(scalar) ? [UInt8](repeating: 0x20, count: units.count) : units
        }
        // What is not UTF-8 was repaired, and stands elsewhere.
        return plain.count == bytes.count ? plain : bytes
    }

    private static func runs(in bytes: [UInt8], of isInside: (UInt8) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var position = 0
        while position < bytes.count {
            let start = position
            while position < bytes.count, isInside(bytes[position]) { position += 1 }
            if position > start { runs.append(start..<position) } else { position += 1 }
        }
        return runs
    }

    private static let opening = Array("([{<\"'`".utf8)
    private static let closing = Array(")]}>\"'`.,;:!?".utf8)

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, opening.contains(bytes[low]) { low += 1 }
        while low < high, closing.contains(bytes[high - 1]) { high -= 1 }
        return low < high ? low..<high : nil
    }
}
