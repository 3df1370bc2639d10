internal import Matching

/// `regex.*`
enum RegexBuiltins {
    static let all: [Builtin] = [
        Builtin("regex.match", [.string, .string], .boolean, run: match),
        Builtin("re_match", [.string, .string], .boolean, run: match),
        Builtin("regex.is_valid", [.any], .boolean) { arguments, _ in
            guard let pattern = arguments[0].text else { return false }
            do throws(BuiltinError) { _ = try RegularExpression.of(pattern) } catch { return false }
            return true
        },
        Builtin("regex.find_n", [.string, .string, .number], .array(of: .string), run: find),
        Builtin(
            "regex.find_all_string_submatch_n", [.string, .string, .number], .array(of: .array(of: .string)),
            run: findSubmatches),
        Builtin("regex.split", [.string, .string], .array(of: .string), run: split),
        Builtin("regex.replace", [.string, .string, .string], .string, run: replace),
        Builtin("regex.template_match", [.string, .string, .string, .string], .boolean, run: templateMatch),
        Builtin("regex.globs_match", [.string, .string], .boolean, run: GlobIntersection.run),
    ]

    private static func match(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let expression = try RegularExpression.of(try arguments.text(0))
        return .bool(try expression.matches(try arguments.string(1), context))
    }

    private static func limit(_ arguments: [RegoValue]) throws(BuiltinError) -> Int {
        let count = try arguments.int(2)
        return count < 0 ? .max : count
    }

    private static func string(_ bytes: [UInt8], _ range: Range<Int>?) -> RegoValue {
        .string(RegoString(decoding: bytes[range ?? 0..<0]))
    }

    private static func find(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let expression = try RegularExpression.of(try arguments.text(0))
        let text = Array(try arguments.text(1).utf8)
        let found = try expression.all(text, limit: try limit(arguments), context)
        try context.charge(memory: Size.product(found.count, 64) + text.count)
        return .array(RegoArray(found.map { string(text, $0.range) }))
    }

    private static func findSubmatches(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let expression = try RegularExpression.of(try arguments.text(0))
        let text = Array(try arguments.text(1).utf8)
        let found = try expression.all(text, limit: try limit(arguments), context)
        let groups = expression.groupCount + 1
        try context.charge(memory: Size.product(found.count, groups * 64) + Size.product(text.count, groups))
        return .array(RegoArray(found.map { .array(RegoArray($0.groups.map { string(text, $0) })) }))
    }

    private static func split(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let pattern = try arguments.text(0)
        let expression = try RegularExpression.of(pattern)
        let text = Array(try arguments.text(1).utf8)
        if text.isEmpty, !pattern.isEmpty { return [""] }
        let found = try expression.all(text, context)
        try context.charge(memory: Size.product(found.count, 64) + text.count)
        var parts = RegoArray()
        var (start, end) = (0, 0)
        for match in found {
            end = match.range.lowerBound
            if match.range.upperBound != 0 { parts.append(string(text, start..<end)) }
            start = match.range.upperBound
        }
        if end != text.count { parts.append(string(text, start..<text.count)) }
        return .array(parts)
    }

    private static func replace(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        let text = Array(try arguments.text(0).utf8)
        let expression = try RegularExpression.of(try arguments.text(1))
        let template = ReplacementTemplate(try arguments.text(2), expression)
        var output: [UInt8] = []
        var at = 0
        for match in try expression.all(text, context) {
            let before = output.count
            output += text[at..<match.range.lowerBound]
            template.append(to: &output, text, match)
            at = match.range.upperBound
            try context.charge(memory: output.count - before)
        }
        output += text[at...]
        try context.charge(memory: text.count)
        return .string(RegoString(decoding: output))
    }

    /// Outside the delimiters the template is literal, between them an expression.
    private static func templateMatch(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let template = Array(try arguments.text(0).unicodeScalars)
        guard let open = try delimiter(arguments, 2), let close = try delimiter(arguments, 3) else {
            throw .failure("expected delimiter to be exactly one character long")
        }
        var pattern = "^"
        var at = 0
        while at < template.count {
            if template[at] == close, open != close { throw unbalanced(arguments) }
            guard template[at] == open else {
                pattern += RE2Class.literal(template[at])
                at += 1
                continue
            }
            guard let end = closing(template, at, open, close) else { throw unbalanced(arguments) }
            pattern += "(" + String(String.UnicodeScalarView(template[(at + 1)..<end])) + ")"
            at = end + 1
        }
        return .bool(try RegularExpression.of(pattern + "$").matches(try arguments.string(1), context))
    }

    private static func unbalanced(_ arguments: [RegoValue]) -> BuiltinError {
        .failure("unbalanced braces in \(GoText.quote(arguments[0].text ?? ""))")
    }

    private static func delimiter(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> Unicode.Scalar? {
        let scalars = try arguments.text(at).unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }

    private static func closing(
        _ template: [Unicode.Scalar], _ start: Int, _ open: Unicode.Scalar, _ close: Unicode.Scalar
    ) -> Int? {
        if open == close { return template[(start + 1)...].firstIndex(of: close) }
        var depth = 0
        for at in start..<template.count {
            if template[at] == open { depth += 1 }
            if template[at] == close { depth -= 1 }
            if depth == 0 { return at }
        }
        return nil
    }
}

/// What `regex.replace` puts in place of a match: `$1`, `${name}`, `$$`, as Go expands it.
private struct ReplacementTemplate {
    private enum Part {
        case literal([UInt8])
        case group(Int)
    }

    private var parts: [Part] = []

    init(_ template: String, _ expression: RegularExpression) {
        var rest = Substring(template)
        while let dollar = rest.unicodeScalars.firstIndex(of: "$") {
            parts.append(.literal(Array(rest[..<dollar].utf8)))
            rest = rest[rest.unicodeScalars.index(after: dollar)...]
            if rest.unicodeScalars.first == "$" {
                parts.append(.literal([UInt8(ascii: "$")]))
                rest.unicodeScalars.removeFirst()
            } else if let name = Self.name(&rest) {
                let number =
                    name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(name) : expression.groupNames[name]
                if let number { parts.append(.group(number)) }
            } else {
                parts.append(.literal([UInt8(ascii: "$")]))
            }
        }
        parts.append(.literal(Array(rest.utf8)))
    }

    private static func name(_ rest: inout Substring) -> String? {
        let scalars = rest.unicodeScalars
        let isBraced = scalars.first == "{"
        let body = isBraced ? scalars.dropFirst() : scalars
        let name = body.prefix { $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType == .decimal }
        guard !name.isEmpty else { return nil }
        let after = body[name.endIndex...]
        if isBraced, after.first != "}" { return nil }
        rest = Substring(isBraced ? after.dropFirst() : after)
        return String(name)
    }

    func append(to output: inout [UInt8], _ text: [UInt8], _ match: Matching.Expression.Captures) {
        for part in parts {
            switch part {
            case .literal(let bytes): output += bytes
            case .group(let number): if let range = match[number] { output += text[range] }
            }
        }
    }
}
