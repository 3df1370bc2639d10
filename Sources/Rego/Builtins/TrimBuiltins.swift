/// `trim*`
enum TrimBuiltins {
    static let all: [Builtin] = [
        trimming("trim", left: true, right: true),
        trimming("trim_left", left: true, right: false),
        trimming("trim_right", left: false, right: true),
        Builtin("trim_prefix", [.string, .string], .string) { arguments, _ throws(BuiltinError) in
            let (text, prefix) = (try arguments.text(0).utf8, try arguments.text(1).utf8)
            guard text.starts(with: prefix) else { return arguments[0] }
            return .string(RegoString(decoding: text.dropFirst(prefix.count)))
        },
        Builtin("trim_suffix", [.string, .string], .string) { arguments, _ throws(BuiltinError) in
            let (text, suffix) = (try arguments.text(0).utf8, try arguments.text(1).utf8)
            guard text.reversed().starts(with: suffix.reversed()) else { return arguments[0] }
            return .string(RegoString(decoding: text.dropLast(suffix.count)))
        },
        Builtin("trim_space", [.string], .string) { arguments, _ throws(BuiltinError) in
            trimmed(try arguments.text(0), left: true, right: true, GoText.isSpace)
        },
    ]

    private static func trimming(_ name: String, left: Bool, right: Bool) -> Builtin {
        Builtin(name, [.string, .string], .string) { arguments, context throws(BuiltinError) in
            let cut = Set(try arguments.text(1).unicodeScalars)
            try context.charge(steps: cut.count / 8)
            return trimmed(try arguments.text(0), left: left, right: right) { cut.contains($0) }
        }
    }

    private static func trimmed(
        _ text: String, left: Bool, right: Bool, _ isCut: (Unicode.Scalar) -> Bool
    ) -> RegoValue {
        var rest = text.unicodeScalars[...]
        if left { rest = rest.drop(while: isCut) }
        if right { while let last = rest.last, isCut(last) { rest.removeLast() } }
        return RegoValue(String(rest))
    }
}
