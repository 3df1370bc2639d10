/// Which functions of a policy can neither fail nor be noticed: whether they run at all makes no difference.
///
/// Errors of builtins count as undefined here, since evaluations in which they are errors pass no rule over.
final class QuietFunctions {
    private let policy: IR.Policy
    private let functionIndex: [String: Int]
    private let registry: BuiltinRegistry
    private var answers: [Int: Bool] = [:]
    private var depth = 0

    /// Functions within each other; one further in is taken for one that is not quiet.
    private static let greatestDepth = 16

    init(_ policy: IR.Policy, _ functionIndex: [String: Int], _ registry: BuiltinRegistry) {
        self.policy = policy
        self.functionIndex = functionIndex
        self.registry = registry
    }

    /// Whether the statement itself is quiet, whatever its blocks are.
    func isQuiet(_ operation: IR.Operation) -> Bool {
        switch operation {
        case .call(let function, _, _): isQuiet(function)
        case .callDynamic, .assignVarOnce, .objectInsertOnce, .resultSetAdd, .returnLocal, .break, .observe: false
        default: true
        }
    }

    private func isQuiet(_ name: String) -> Bool {
        guard let index = functionIndex[name] else { return registry[name].map(Self.isQuiet) ?? false }
        if let known = answers[index] { return known }
        guard depth < Self.greatestDepth else { return false }
        depth += 1
        // A function that is asked for while it is looked at calls itself.
        answers[index] = false
        let answer = isQuiet(policy.functions[index])
        depth -= 1
        answers[index] = answer
        return answer
    }

    private static func isQuiet(_ builtin: Builtin) -> Bool { builtin.isPure && builtin.declaration.result != nil }

    private func isQuiet(_ function: IR.Function) -> Bool {
        var results = Results()
        for block in function.blocks { guard isQuiet(block, inLoop: false, &results) else { return false } }
        return results.cannotDiffer
    }

    private func isQuiet(_ block: IR.Block, inLoop: Bool, _ results: inout Results) -> Bool {
        block.statements.allSatisfy { statement in
            switch statement.operation {
            case .assignVarOnce(let source, let target): results.add(source, to: target, inLoop: inLoop)
            case .returnLocal, .break: break
            default: guard isQuiet(statement.operation) else { return false }
            }
            var isLoop = inLoop
            if case .scan = statement.operation { isLoop = true }
            return statement.operation.innerBlocks.allSatisfy { isQuiet($0, inLoop: isLoop, &results) }
        }
    }

    /// What is assigned to each local that must not get two values.
    private struct Results {
        private var constants: [IR.Local: Set<IR.Operand>] = [:]
        private var others: [IR.Local: Int] = [:]

        mutating func add(_ source: IR.Operand, to target: IR.Local, inLoop: Bool) {
            if case .local = source {
                others[target, default: 0] += inLoop ? 2 : 1
            } else {
                constants[target, default: []].insert(source)
            }
        }

        var cannotDiffer: Bool {
            Set(constants.keys).union(others.keys).allSatisfy { local in
                (constants[local]?.count ?? 0) + (others[local] ?? 0) <= 1
            }
        }
    }
}
