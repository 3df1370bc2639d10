/// What concerns the engine itself.
enum EngineBuiltins {
    private static let answer = RegoType.object(.any, .any)

    static let all: [Builtin] = [
        Builtin("opa.runtime", [], .object(.string, .any), isPure: false) { _, context in context.runtime },
        Builtin("trace", [.string], .boolean, isPure: false) { arguments, context throws(BuiltinError) in
            let message = try arguments.text(0)
            context.observation?.note(message)
            context.print?(message, context.place)
            return true
        },
        Builtin("print", Builtin.Declaration([.any], nil, isVariadic: true), isPure: false) { arguments, context in
            context.print?(arguments.map(StringBuiltins.display).joined(separator: " "), context.place)
            return true
        },
        Builtin("internal.print", Builtin.Declaration([.array(of: .anySet)], nil), isPure: false, run: printAll),
        Builtin("rego.metadata.chain", [], .anyArray, isPure: false) { _, context in
            .array(context.metadata?["chain"]?.array ?? RegoArray())
        },
        Builtin("rego.metadata.rule", [], .any, isPure: false) { _, context in
            context.metadata?["rule"] ?? .object(RegoObject())
        },
        Builtin("rego.parse_module", [.string, .string], answer) { arguments, context throws(BuiltinError) in
            let text = try arguments.text(1)
            try context.charge(memory: text.utf8.count * 100)
            let source = SourceText(name: try arguments.text(0), bytes: Array(text.utf8))
            do throws(RegoError) {
                return try Parser.module(source, version: .v1).syntaxTree
            } catch { throw .failure(error.description) }
        },
        // Of the public test suite: waiting would only hold up the caller, so nobody waits.
        Builtin("test.sleep", [.string], .null, isPure: false) { arguments, _ throws(BuiltinError) in
            _ = try GoDuration.parse(try arguments.text(0))
            return .null
        },
    ]

    /// One line for each combination of the values that the arguments have; one that has none is undefined.
    private static func printAll(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        guard let emit = context.print else { return true }
        var lines = [""]
        for (index, argument) in try arguments.array(0).enumerated() {
            let values = argument.set.map { $0.map(StringBuiltins.display) } ?? [StringBuiltins.display(argument)]
            let shown = values.isEmpty ? ["<undefined>"] : values
            let count = Size.product(lines.count, shown.count)
            try context.charge(memory: Size.product(count, argument.size + 16))
            lines = lines.flatMap { line in shown.map { index == 0 ? $0 : "\(line) \($0)" } }
        }
        for line in lines { emit(line, context.place) }
        return true
    }
}
