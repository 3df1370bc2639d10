import JSON

/// Takes a text with `${{ … }}` apart.
struct TemplateText {
    private let utf8: [UInt8]
    private let place: (Int) -> Place?
    private var position = 0
    private var text: [UInt8] = []
    private var pieces: [TemplateNode.Piece] = []
    private var counted = (bytes: 0, characters: 0)

    /// - Parameter place: where the character after so many others of the text stands in its file.
    static func read(
        _ text: String, place: @escaping (Int) -> Place? = { _ in nil }
    ) throws(TemplateProblem) -> TemplateNode {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return .constant(.string(text)) }
        var reader = TemplateText(text, place)
        return try reader.node()
    }

    private init(_ text: String, _ place: @escaping (Int) -> Place?) {
        utf8 = Array(text.utf8)
        self.place = place
    }

    private mutating func node() throws(TemplateProblem) -> TemplateNode {
        while position < utf8.count {
            if stands("$${{") {
                text += "${{".utf8
                position += 4
            } else if stands("${{") {
                try expression()
            } else {
                text.append(utf8[position])
                position += 1
            }
        }
        endText()
        if pieces.isEmpty { return .constant("") }
        guard pieces.count == 1, let only = pieces.first else { return .text(pieces) }
        return switch only {
        case .text(let text): .constant(.string(text))
        case .expression(let expression): .expression(expression)
        }
    }

    private mutating func endText() {
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
    }

    private mutating func expression() throws(TemplateProblem) {
        endText()
        let start = position + 3
        guard let end = end(from: start) else {
            let problem = ExpressionProblem(
                "the expression has no closing }}", column: 0, hint: "write $${{ for braces that are text")
            let seen = String(decoding: utf8[start...].prefix(40), as: UTF8.self)
            throw TemplateProblem(problem: problem, expression: seen, offset: characters(before: position))
        }
        let blanks = utf8[start..<end].prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }.count
        let first = start + blanks
        let source = Self.trimmed(utf8[first..<end])
        let offset = characters(before: first)
        do throws(ExpressionProblem) {
            pieces.append(.expression(try Expression(parsing: source, at: place(offset))))
        } catch {
            throw TemplateProblem(
                problem: error, expression: source, offset: offset + max(0, error.column - 1))
        }
        position = end + 2
    }

    /// Where `}}` stands that is in no quoted text.
    private func end(from start: Int) -> Int? {
        var isQuoted = false
        var at = start
        while at + 1 < utf8.count {
            if utf8[at] == UInt8(ascii: "'") { isQuoted.toggle() }
            if !isQuoted, utf8[at] == UInt8(ascii: "}"), utf8[at + 1] == UInt8(ascii: "}") { return at }
            at += 1
        }
        return nil
    }

    private func stands(_ sign: String) -> Bool { utf8[position...].starts(with: sign.utf8) }

    /// Asked for places further and further on only.
    private mutating func characters(before offset: Int) -> Int {
        counted.characters += utf8[counted.bytes..<offset].count { $0 & 0xC0 != 0x80 }
        counted.bytes = offset
        return counted.characters
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let last = bytes.last, [0x20, 0x09, 0x0A, 0x0D].contains(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
