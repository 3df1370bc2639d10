/// `approve CODE` or `deny CODE`, and nothing else: where there are no buttons.
struct TypedVerdict: Sendable, Hashable {
    let approves: Bool
    let code: String

    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == "approve" || words[0] == "deny", ChatCode.isCode(words[1]) else {
            return nil
        }
        (approves, code) = (words[0] == "approve", String(words[1]))
    }
}

/// A name for something in a message that says nothing of what it names: 50 random bits, easy to type.
enum ChatCode {
    private static let alphabet = [UInt8]("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let length = 10

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var bits: UInt64 = generator.next()
        var out: [UInt8] = []
        for _ in 0..<length {
            out.append(alphabet[Int(bits & 31)])
            bits >>= 5
        }
        // Ten letters of one kind are no word of a language, but a digit tells them from any.
        if !out.contains(where: { $0 < 0x3A }) { return make() }
        return String(decoding: out, as: UTF8.self)
    }

    static func isCode(_ text: some StringProtocol) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy(alphabet.contains)
    }
}
