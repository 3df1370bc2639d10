/// `glob.*`
enum GlobBuiltins {
    static let all: [Builtin] = [
        Builtin("glob.match", [.string, .either(.null, .array(of: .string)), .string], .boolean, run: match),
        Builtin("glob.quote_meta", [.string], .string) { arguments, _ throws(BuiltinError) in
            var quoted = String.UnicodeScalarView()
            for scalar in try arguments.text(0).unicodeScalars {
                if "*?\\[]{}".unicodeScalars.contains(scalar) { quoted.append("\\") }
                quoted.append(scalar)
            }
            return RegoValue(String(quoted))
        },
    ]

    private static func match(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let pattern = try arguments.text(0)
        var delimiters: [Unicode.Scalar] = []
        if !arguments[1].isNull {
            for text in try arguments.array(1).isEmpty ? ["."] : try arguments.texts(1) {
                guard text.unicodeScalars.count == 1, let delimiter = text.unicodeScalars.first else {
                    throw .operand(2, "must be array of single characters but got \(GoText.quote(text))")
                }
                delimiters.append(delimiter)
            }
        }
        var translator = GlobTranslator(pattern, delimiters)
        let expression = try RegularExpression.of(try translator.translate())
        return .bool(try expression.matches(try arguments.string(2), context))
    }
}

/// Writes a glob as an expression: `*` and `?` stop at delimiters, `**` does not, `[a-z]`, `[!abc]`, `{a,b}`, and `\`
/// before what stands for itself.
struct GlobTranslator {
    private let pattern: [Unicode.Scalar]
    private let single: String
    private var at = 0
    private var depth = 0
    private var output = "^"

    init(_ pattern: String, _ delimiters: [Unicode.Scalar]) {
        self.pattern = Array(pattern.unicodeScalars)
        let excluded = delimiters.map(RE2Class.literal).joined()
        single = delimiters.isEmpty ? "(?s:.)" : "[^\(excluded)]"
    }

    mutating func translate() throws(BuiltinError) -> String {
        while at < pattern.count {
            try item()
            at += 1
        }
        guard depth == 0 else { throw .failure("glob: { has no matching }") }
        return output + "$"
    }

    private mutating func item() throws(BuiltinError) {
        let next = pattern[at]
        switch next {
        case "*":
            let isSuper = at + 1 < pattern.count && pattern[at + 1] == "*"
            if isSuper { while at + 1 < pattern.count, pattern[at + 1] == "*" { at += 1 } }
            output += isSuper ? "(?s:.)*" : single + "*"
        case "?": output += single
        case "[": try list()
        case "{":
            depth += 1
            output += "(?:"
        case "}" where depth > 0:
            depth -= 1
            output += ")"
        case "," where depth > 0: output += "|"
        case "\\":
            at += 1
            guard at < pattern.count else { throw .failure("glob: \\ at the end stands for nothing") }
            output += RE2Class.literal(pattern[at])
        default: output += RE2Class.literal(next)
        }
    }

    private mutating func list() throws(BuiltinError) {
        at += 1
        var set = "["
        if at < pattern.count, pattern[at] == "!" || pattern[at] == "^" {
            set += "^"
            at += 1
        }
        var isEmpty = true
        while at < pattern.count, pattern[at] != "]" {
            if pattern[at] == "\\" { at += 1 }
            guard at < pattern.count else { break }
            let isRange = pattern[at] == "-" && !isEmpty && at + 1 < pattern.count && pattern[at + 1] != "]"
            set += isRange ? "-" : RE2Class.literal(pattern[at])
            isEmpty = false
            at += 1
        }
        guard at < pattern.count, !isEmpty else { throw .failure("glob: [ has no matching ]") }
        output += set + "]"
    }
}
