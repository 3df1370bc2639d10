/// `strings.render_template`: Go's text templates as far as they choose and repeat: `{{.name.inner}}`, `{{$x}}`,
/// `{{if}}`, `{{range $i, $x := .list}}`, `{{with}}`, `{{else}}`, comments, and white space trimmed by `{{-` and `-}}`.
/// Functions and pipelines are refused.
struct TextTemplate {
    private indirect enum Node {
        case text(String)
        case value(String)
        case block(Block)
    }

    private struct Block {
        var keyword: String
        /// The variables that `range` and `with` set.
        var names: [String] = []
        var subject = ""
        var body: [Node] = []
        var otherwise: [Node] = []
    }

    private enum Piece {
        case text(String)
        case action(String)
    }

    private var pieces: ArraySlice<Piece>
    private let context: BuiltinContext
    private var output = ""

    private static let greatestDepth = 32

    static func render(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let variables = RegoValue.object(try arguments.object(1))
        var template = TextTemplate(pieces: try split(try arguments.text(0))[...], context: context)
        let (nodes, end) = try template.parse(depth: 0)
        guard end.isEmpty else { throw error("unexpected {{\(end)}}") }
        try template.render(nodes, dot: variables, ["$": variables])
        return RegoValue(template.output)
    }

    private init(pieces: ArraySlice<Piece>, context: BuiltinContext) {
        self.pieces = pieces
        self.context = context
    }

    private static func error(_ message: String) -> BuiltinError { .failure("template: test:1: \(message)") }

    // MARK: - Reading

    private static func split(_ text: String) throws(BuiltinError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text.unicodeScalars[...]
        var trimsNext = false
        while true {
            let open = find("{", in: rest)
            var before = rest[..<(open ?? rest.endIndex)]
            if trimsNext { before = before.drop(while: GoText.isSpace) }
            guard let open else {
                pieces.append(.text(String(before)))
                return pieces
            }
            rest = rest[rest.index(open, offsetBy: 2)...]
            guard let close = find("}", in: rest) else { throw error("unclosed action") }
            var action = rest[..<close]
            rest = rest[rest.index(close, offsetBy: 2)...]
            if action.first == "-", action.dropFirst().first.map(GoText.isSpace) == true {
                action = action.dropFirst()
                while let last = before.last, GoText.isSpace(last) { before.removeLast() }
            }
            trimsNext = action.last == "-" && action.dropLast().last.map(GoText.isSpace) == true
            if trimsNext { action = action.dropLast() }
            pieces += [.text(String(before)), .action(String(action))]
        }
    }

    /// Where two of the character stand together.
    private static func find(_ mark: Unicode.Scalar, in text: Substring.UnicodeScalarView) -> String.Index? {
        var at = text.startIndex
        while let first = text[at...].firstIndex(of: mark) {
            let next = text.index(after: first)
            if next < text.endIndex, text[next] == mark { return first }
            at = next
        }
        return nil
    }

    /// The nodes up to `else`, `end` or the end, and which of these it was.
    private mutating func parse(depth: Int) throws(BuiltinError) -> (nodes: [Node], end: String) {
        guard depth < Self.greatestDepth else { throw Self.error("blocks nest too deeply") }
        var nodes: [Node] = []
        while let piece = pieces.popFirst() {
            guard case .action(let action) = piece else {
                if case .text(let text) = piece { nodes.append(.text(text)) }
                continue
            }
            let words = action.split { $0.isWhitespace || $0 == "," }.map(String.init)
            switch words.first {
            case nil: throw Self.error("missing value for command")
            case "end", "else":
                return (nodes, words.joined(separator: " "))
            case "if", "range", "with": nodes.append(.block(try block(words, depth)))
            case let first? where first.hasPrefix("/*") && action.hasSuffix("*/"): continue
            case let first?:
                guard words.count == 1, first.hasPrefix(".") || first.hasPrefix("$") else {
                    throw Self.error("\(GoText.quote(action)) is not a variable; functions are not supported")
                }
                nodes.append(.value(first))
            }
        }
        return (nodes, "")
    }

    private mutating func block(_ words: [String], _ depth: Int) throws(BuiltinError) -> Block {
        var block = Block(keyword: words[0])
        if let sign = words.firstIndex(of: ":=") { block.names = Array(words[1..<sign]) }
        guard let subject = words.last, words.count == (block.names.isEmpty ? 2 : block.names.count + 3),
            block.names.count <= 2, subject.hasPrefix(".") || subject.hasPrefix("$")
        else { throw Self.error("{{\(words.joined(separator: " "))}} is not supported") }
        block.subject = subject
        var (nodes, end) = try parse(depth: depth + 1)
        block.body = nodes
        if end.hasPrefix("else if ") {
            block.otherwise = [
                .block(try self.block(Array(end.split(separator: " ").map(String.init).dropFirst()), depth + 1))
            ]
            return block
        }
        if end == "else" { (block.otherwise, end) = try parse(depth: depth + 1) }
        guard end == "end" else { throw Self.error(end.isEmpty ? "unexpected EOF" : "unexpected {{\(end)}}") }
        return block
    }

    // MARK: - Rendering

    private mutating func render(
        _ nodes: [Node], dot: RegoValue, _ variables: [String: RegoValue]
    ) throws(BuiltinError) {
        for node in nodes {
            let before = output.utf8.count
            try context.charge(steps: 10)
            switch node {
            case .text(let text): output += text
            case .value(let path):
                let value = try evaluate(path, dot, variables)
                output += value.map(GoFormat.goValue) ?? "<undefined>"
            case .block(let block):
                try render(block, dot, variables)
                continue
            }
            try context.charge(memory: output.utf8.count - before)
        }
    }

    private mutating func render(
        _ block: Block, _ dot: RegoValue, _ variables: [String: RegoValue]
    ) throws(BuiltinError) {
        let value = try evaluate(block.subject, dot, variables)
        guard let value, Self.isTrue(value) else { return try render(block.otherwise, dot: dot, variables) }
        var inner = variables
        switch block.keyword {
        case "range":
            for (key, element) in try Self.elements(value) {
                if let last = block.names.last { inner[last] = element }
                if block.names.count == 2 { inner[block.names[0]] = key }
                try render(block.body, dot: element, inner)
            }
        case "with":
            if let name = block.names.first { inner[name] = value }
            try render(block.body, dot: value, inner)
        default:
            if let name = block.names.first { inner[name] = value }
            try render(block.body, dot: dot, inner)
        }
    }

    private static func elements(_ value: RegoValue) throws(BuiltinError) -> [(RegoValue, RegoValue)] {
        switch value {
        case .array(let array): return array.enumerated().map { (RegoValue($0.offset), $0.element) }
        case .set(let set): return set.enumerated().map { (RegoValue($0.offset), $0.element) }
        case .object(let object): return object.map { ($0.key, $0.value) }
        default: throw error("range can't iterate over \(value)")
        }
    }

    /// Not zero and not empty.
    private static func isTrue(_ value: RegoValue) -> Bool {
        switch value {
        case .null: false
        case .bool(let bool): bool
        case .number(let number): number != 0
        case .string(let string): !string.isEmpty
        default: value.memberCount > 0
        }
    }

    private func evaluate(
        _ path: String, _ dot: RegoValue, _ variables: [String: RegoValue]
    ) throws(BuiltinError) -> RegoValue? {
        let names = path.split(separator: ".", omittingEmptySubsequences: true).map(String.init)
        var value: RegoValue? = dot
        var rest = names[...]
        if path.hasPrefix("$"), let name = rest.popFirst() {
            guard let found = variables[name] else { throw Self.error("undefined variable \(GoText.quote(name))") }
            value = found
        }
        for name in rest { value = value?[RegoValue(name)] }
        return value
    }
}
