/// Gives what builtins say of constants when the policy is compiled: `concat("/", ["a", "b"])`.
///
/// What is undefined, an error or costs much is left to the evaluation.
struct ConstantFolding {
    private let use: LocalUse
    private let policy: IR.Policy
    private let functionIndex: [String: Int]
    private let registry: BuiltinRegistry

    /// Bytes of a value that is worth keeping.
    static let greatestSize = 4096

    init(_ use: LocalUse, _ builder: ProgramBuilder) {
        self.use = use
        policy = builder.policy
        functionIndex = builder.functionIndex
        registry = builder.registry
    }

    func fold(_ blocks: [IR.Block]) -> [IR.Block] {
        var constants: [IR.Local: RegoValue] = [:]
        return blocks.map { fold($0, &constants) }
    }

    private func fold(_ block: IR.Block, _ constants: inout [IR.Local: RegoValue]) -> IR.Block {
        var block = block
        for at in block.statements.indices {
            if let folded = fold(block.statements[at].operation, &constants) {
                block.statements[at].operation = folded
            }
        }
        return block
    }

    /// What to do instead; nil for what stays as it is.
    private func fold(_ operation: IR.Operation, _ constants: inout [IR.Local: RegoValue]) -> IR.Operation? {
        switch operation {
        case .block(let blocks): return .block(blocks.map { fold($0, &constants) })
        case .not(let block): return .not(fold(block, &constants))
        case .scan(let source, let key, let value, let block):
            return .scan(source: source, key: key, value: value, block: fold(block, &constants))
        case .with(let local, let path, let value, let block):
            return .with(local: local, path: path, value: value, block: fold(block, &constants))
        case .call(let function, let arguments, let target):
            guard use.isWrittenOnce(target), let value = answer(function, arguments, constants) else { return nil }
            constants[target] = value
            return .makeValue(value, target: target)
        default:
            if let target = operation.writes.first, use.isWrittenOnce(target) {
                constants[target] = value(of: operation, constants)
            }
            return nil
        }
    }

    private func value(of operation: IR.Operation, _ constants: [IR.Local: RegoValue]) -> RegoValue? {
        switch operation {
        case .makeValue(let value, _): value
        case .makeNull: .null
        case .makeNumberInt(let value, _), .assignInt(let value, _): RegoValue(value)
        case .makeNumberRef(let index, _): text(index).flatMap { RegoNumber(spelling: $0) }.map { .number($0) }
        case .assignVar(let source, _): value(of: source, constants)
        default: nil
        }
    }

    private func value(of operand: IR.Operand, _ constants: [IR.Local: RegoValue]) -> RegoValue? {
        switch operand {
        case .bool(let bool): .bool(bool)
        case .string(let index): text(index).map { RegoValue($0) }
        case .local(let local): constants[local]
        }
    }

    private func text(_ index: Int) -> String? {
        policy.strings.indices.contains(index) ? policy.strings[index] : nil
    }

    private func answer(
        _ function: String, _ operands: [IR.Operand], _ constants: [IR.Local: RegoValue]
    ) -> RegoValue? {
        guard functionIndex[function] == nil, let builtin = registry[function], builtin.isPure,
            builtin.declaration.result != nil, !operands.isEmpty,
            operands.count == builtin.declaration.arguments.count
        else { return nil }
        var arguments: [RegoValue] = []
        for operand in operands {
            guard let value = value(of: operand, constants) else { return nil }
            arguments.append(value)
        }
        var options = EvaluationOptions()
        options.limits.steps = 10_000
        options.limits.memory = 1 << 16
        guard let answer = try? builtin.run(arguments, options.makeContext()), answer.size <= Self.greatestSize,
            answer.depth <= 16
        else { return nil }
        return answer
    }
}
