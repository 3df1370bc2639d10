import Core
import JSON

@testable import Rego

/// Small policies written as plans.
enum Plans {
    /// A plan of one block whose first free local is 2.
    static func query(
        _ statements: [IR.Operation], strings: [String] = [], functions: [IR.Function] = []
    ) -> IR.Policy {
        IR.Policy(
            strings: strings, plans: [IR.Plan(name: "eval", blocks: [block(statements)])], functions: functions)
    }

    static func block(_ statements: [IR.Operation]) -> IR.Block { IR.Block(statements.map { IR.Statement($0) }) }

    static func function(
        _ name: String, parameters: Int = 2, result: IR.Local, _ blocks: [[IR.Operation]]
    ) -> IR.Function {
        IR.Function(
            name: name, parameters: Array(0..<parameters), result: result, blocks: blocks.map(block),
            path: ["g0", name])
    }

    static func evaluate(
        _ policy: IR.Policy, input: RegoValue? = nil, data: RegoValue = [:], builtins: [Builtin] = [],
        options: EvaluationOptions = .default
    ) throws -> [RegoValue] {
        let program = try Program(policy, builtins: BuiltinRegistry(builtins))
        return Array(
            try PreparedQuery(program, entryPoint: "eval").evaluate(input: input, data: data, options: options).values)
    }
}
