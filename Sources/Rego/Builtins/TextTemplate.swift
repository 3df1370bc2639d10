/// `strings.render_template`: the part of Go's text templates that names variables, `{{.name.inner}}`, with white space
/// trimmed around `{{-` and `-}}`, and comments.
enum TextTemplate {
    static func render(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var rest = Substring(try arguments.text(0))
        let variables = RegoValue.object(try arguments.object(1))
        var text = ""
        while let open = TextTemplate.range(of: "{{", in: rest) {
            text += rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            guard let close = TextTemplate.range(of: "}}", in: rest) else {
                throw .failure("template: test:1: unclosed action")
            }
            var action = rest[..<close.lowerBound]
            rest = rest[close.upperBound...]
            if action.hasPrefix("- ") {
                action = action.dropFirst(2)
                while let last = text.unicodeScalars.last, GoText.isSpace(last) { text.unicodeScalars.removeLast() }
            }
            if action.hasSuffix(" -") {
                action = action.dropLast(2)
                rest = rest.drop { $0.unicodeScalars.allSatisfy(GoText.isSpace) }
            }
            let value = try evaluate(action, variables)
            try context.charge(memory: value.utf8.count)
            text += value
        }
        return RegoValue(text + rest)
    }

    private static func range(of mark: String, in text: Substring) -> Range<Substring.Index>? {
        var at = text.startIndex
        while let start = text[at...].utf8.firstIndex(of: mark.utf8.first ?? 0) {
            if text[start...].utf8.starts(with: mark.utf8) {
                return start..<text.utf8.index(start, offsetBy: mark.utf8.count)
            }
            at = text.utf8.index(after: start)
        }
        return nil
    }

    private static func evaluate(_ action: Substring, _ variables: RegoValue) throws(BuiltinError) -> String {
        let words = action.split { $0.isWhitespace }
        if let first = words.first, first.hasPrefix("/*"), action.hasSuffix("*/") { return "" }
        guard words.count == 1, let path = words.first, path.first == "." else {
            throw .failure("template: test:1: \(GoText.quote(String(action))) is not a variable; only {{.name}} is supported")
        }
        var value = variables
        for name in path.dropFirst().split(separator: ".", omittingEmptySubsequences: true) {
            guard let inner = value[RegoValue(String(name))] else { return "<undefined>" }
            value = inner
        }
        return GoFormat.goValue(value)
    }
}
