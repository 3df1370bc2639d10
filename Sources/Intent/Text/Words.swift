/// A text in lower case, cut into words: runs of letters and digits, and single marks.
///
/// What is not ASCII counts as a letter, so that words of any script hold together; typographic apostrophes are plain ones.
struct Words {
    /// The text in lower case, as UTF-8.
    let bytes: [UInt8]
    /// Places of the words in `bytes`, in their order.
    let ranges: [Range<Int>]

    /// - Parameters:
    ///   - limit: words; what comes after is left out.
    init(_ text: some StringProtocol, limit: Int) {
        let bytes = Self.lowered(text)
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(bytes.count / 4 + 1)
        var position = 0
        while position < bytes.count, ranges.count < limit {
            let start = position
            position += 1
            guard bytes[start] > 0x20 else { continue }
            if Self.isLetter(bytes[start]) {
                while position < bytes.count, Self.isLetter(bytes[position]) { position += 1 }
            }
            ranges.append(start..<position)
        }
        self.bytes = bytes
        self.ranges = ranges
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isLetter(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func lowered(_ text: some StringProtocol) -> [UInt8] {
        var bytes = Array(text.utf8)
        var isASCII = true
        for index in bytes.indices {
            if bytes[index] &- 0x41 < 26 { bytes[index] |= 0x20 } else if bytes[index] >= 0x80 { isASCII = false }
        }
        return isASCII ? bytes : plain(text.lowercased())
    }

    /// With typographic apostrophes as `'` and other marks and spaces that are not ASCII as spaces.
    private static func plain(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar == "\u{2018}" || scalar == "\u{2019}" {
                out.append(UInt8(ascii: "'"))
            } else if !scalar.isASCII, isMark(scalar) {
                out.append(0x20)
            } else {
                out += Array(String(scalar).utf8)
            }
        }
        return out
    }

    /// Punctuation and white space of any script.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .spaceSeparator, .lineSeparator, .paragraphSeparator, .control,
            .format:
            true
        default: false
        }
    }
}
