import JSON
import Scan
import Yams

/// The values of a YAML file with the places where they are written.
struct YAMLPlaces {
    let text: SourceText
    private let documents: [Node]

    /// - Throws: where the file cannot be read.
    init(_ text: SourceText) throws(NoFix) {
        self.text = text
        guard let yaml = String(validating: text.bytes, as: UTF8.self) else { throw NoFix("the file is not UTF-8") }
        var documents: [Node] = []
        do {
            let parser = try Yams.Parser(yaml: yaml, resolver: .basic, constructor: .default, encoding: .utf8)
            while let root = try parser.nextRoot() { documents.append(root) }
        } catch { throw NoFix("the file cannot be read as YAML") }
        self.documents = documents
    }

    /// The mapping that begins at a place.
    func mapping(line: Int, column: Int) -> Node? {
        var left = 300_000
        for document in documents {
            if let found = Self.mapping(line, column, in: document, &left) { return found }
        }
        return nil
    }

    private static func mapping(_ line: Int, _ column: Int, in node: Node, _ left: inout Int) -> Node? {
        left -= 1
        guard left > 0 else { return nil }
        switch node {
        case .mapping(let mapping):
            if let mark = mapping.mark, mark.line == line, mark.column == column { return node }
            for (_, value) in mapping {
                if let found = Self.mapping(line, column, in: value, &left) { return found }
            }
        case .sequence(let sequence):
            for element in sequence {
                if let found = Self.mapping(line, column, in: element, &left) { return found }
            }
        default: break
        }
        return nil
    }

    /// Whether it is written at a place of its own below its key: what an alias brings is written elsewhere.
    static func isWritten(_ value: Node, after key: Node) -> Bool {
        guard let value = value.mark, let key = key.mark else { return false }
        return (value.line, value.column) >= (key.line, key.column)
    }

    func offset(of node: Node) throws(NoFix) -> Int {
        guard let mark = node.mark, let offset = text.offset(of: Place(line: mark.line, column: mark.column)) else {
            throw NoFix("the place of a value is not known")
        }
        return offset
    }

    /// Whether a collection is written between brackets.
    func isFlow(_ node: Node) -> Bool {
        guard let start = try? offset(of: node), start < text.bytes.count else { return false }
        return switch node {
        case .mapping: text.bytes[start] == UInt8(ascii: "{")
        case .sequence: text.bytes[start] == UInt8(ascii: "[")
        default: false
        }
    }

    /// The bytes of a scalar that stands on one line, quotes included.
    func range(of node: Node, inFlow: Bool) throws(NoFix) -> Range<Int> {
        guard case .scalar(let scalar) = node else { throw NoFix("the value is not a single one") }
        let start = try offset(of: node)
        let line = text.line(text.lineNumber(of: start))
        let end: Int
        switch scalar.style {
        case .plain, .any:
            end = plainEnd(start, line.upperBound, inFlow)
            guard text.text(start..<end) == scalar.string else { throw NoFix("the value is not written on one line") }
        case .doubleQuoted, .singleQuoted:
            end = quotedEnd(start, line.upperBound)
            guard end > start + 1 else { throw NoFix("the value is not written on one line") }
        default: throw NoFix("the value is a text of several lines")
        }
        return start..<end
    }

    private func plainEnd(_ start: Int, _ limit: Int, _ inFlow: Bool) -> Int {
        var end = start
        while end < limit {
            let byte = text.bytes[end]
            if byte == UInt8(ascii: "#"), end > start, text.bytes[end - 1] == 0x20 { break }
            if inFlow, [UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(byte) { break }
            end += 1
        }
        while end > start, text.bytes[end - 1] == 0x20 || text.bytes[end - 1] == 0x09 { end -= 1 }
        return end
    }

    /// Just past the closing quote; `start` where there is none on the line.
    private func quotedEnd(_ start: Int, _ limit: Int) -> Int {
        guard start < limit else { return start }
        let quote = text.bytes[start]
        guard quote == 0x22 || quote == 0x27 else { return start }
        var at = start + 1
        while at < limit {
            if quote == 0x22, text.bytes[at] == UInt8(ascii: "\\") {
                at += 2
                continue
            }
            if text.bytes[at] == quote {
                if quote == 0x27, at + 1 < limit, text.bytes[at + 1] == quote {
                    at += 2
                    continue
                }
                return at + 1
            }
            at += 1
        }
        return start
    }

    /// The last line of what begins on a line and belongs to a key at `indentation` (columns before it). Comments at its
    /// end count where the text of several lines may hold them.
    func lastLine(from first: Int, indentation: Int, holdsText: Bool) -> Int {
        var last = first
        var number = first + 1
        while number <= text.lineCount {
            let line = text.text(ofLine: number)
            let content = line.drop { $0 == " " }
            let depth = line.count - content.count
            if !content.isEmpty {
                let isComment = content.first == "#"
                let isDeeper = depth > indentation || depth == indentation && content.hasPrefix("- ") || content == "-"
                if isComment, !isDeeper || !holdsText {
                    number += 1
                    continue
                }
                guard isDeeper else { break }
                last = number
            }
            number += 1
        }
        return last
    }
}

extension Node {
    /// Whether a text of several lines stands at its end.
    var endsInText: Bool {
        switch self {
        case .scalar(let scalar): scalar.style == .literal || scalar.style == .folded
        case .mapping(let mapping): mapping.reversed().first?.value.endsInText ?? false
        case .sequence(let sequence): sequence.last?.endsInText ?? false
        case .alias: false
        }
    }

    /// An empty plain value: `key:`.
    var isMissing: Bool {
        if case .scalar(let scalar) = self { scalar.string.isEmpty && scalar.style == .plain } else { false }
    }
}
