/// The spelling of tokens: `<EMAIL_1>`. A capital letter, capitals, digits and underscores, a number without leading
/// zeros.
enum TokenName {
    /// For what stood in a text already and looked like a token.
    static let literal = "LITERAL"
    static let longestKind = 32
    private static let longestNumber = 7
    /// Of a whole token, with its brackets.
    static let longest = longestKind + longestNumber + 3

    /// A kind as it stands in tokens and redactions.
    static func name(of kind: PrivacyKind) -> String {
        let letters = kind.rawValue.utf8.prefix(longestKind).map { byte -> UInt8 in
            byte.isLetter ? byte & 0xdf : byte.isDigit ? byte : UInt8(ascii: "_")
        }
        guard let first = letters.first, first.isCapital else { return "CUSTOM" }
        return String(decoding: letters, as: UTF8.self)
    }

    /// `EMAIL` of `<EMAIL_1>`.
    static func kind(of token: String) -> PrivacyKind {
        let inner = token.dropFirst().dropLast()
        return PrivacyKind(String(inner[..<(inner.lastIndex(of: "_") ?? inner.endIndex)]))
    }

    static func token(_ name: String, _ number: Int) -> String { "<\(name)_\(number)>" }

    /// Where the token that begins at a `<` ends, and the name of its kind.
    static func read(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (name: Range<Int>, end: Int)? {
        guard start + 4 < bytes.count, bytes[start + 1].isCapital else { return nil }
        var index = start + 1
        var underscore = 0
        while index < bytes.count, index - start < longest, isPart(bytes[index]) {
            if bytes[index] == UInt8(ascii: "_") { underscore = index }
            index += 1
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">"), underscore > start + 1 else { return nil }
        let number = bytes[(underscore + 1)..<index]
        guard (1...longestNumber).contains(number.count), number.first != 0x30, number.allSatisfy(\.isDigit) else {
            return nil
        }
        return ((start + 1)..<underscore, index + 1)
    }

    /// Whether the bytes from `start` to the end may still become a token.
    static func isOpen(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
        guard bytes.count - start < longest else { return false }
        if start + 1 < bytes.count, !bytes[start + 1].isCapital { return false }
        return bytes[(start + 1)...].allSatisfy(isPart)
    }

    /// Findings without the tokens in them: a token is no name, whatever stands around it.
    static func apart(_ findings: [PrivacyFinding], in bytes: UnsafeRawBufferPointer) -> [PrivacyFinding] {
        guard !findings.isEmpty else { return [] }
        var tokens: [Range<Int>] = []
        Bytes.forEach(UInt8(ascii: "<"), in: bytes) { index in
            if let token = read(bytes, at: index) { tokens.append(index..<token.end) }
        }
        guard !tokens.isEmpty else { return findings }
        return findings.flatMap { finding in
            var rest: [PrivacyFinding] = []
            var start = finding.range.lowerBound
            func add(upTo end: Int) {
                guard start < end, bytes[start..<end].contains(where: { $0 > 0x20 }) else { return }
                var piece = finding
                piece.range = start..<end
                rest.append(piece)
            }
            for token in tokens where token.overlaps(finding.range) {
                add(upTo: token.lowerBound)
                start = token.upperBound
            }
            add(upTo: finding.range.upperBound)
            return rest
        }
    }

    private static func isPart(_ byte: UInt8) -> Bool { byte.isCapital || byte.isDigit || byte == UInt8(ascii: "_") }
}
