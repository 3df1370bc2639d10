extension IR.Operation {
    /// The blocks within the statement.
    var innerBlocks: [IR.Block] {
        switch self {
        case .block(let blocks): blocks
        case .not(let block), .scan(_, _, _, let block), .with(_, _, _, let block): [block]
        default: []
        }
    }

    /// The locals that the statement itself writes or changes, without those of its blocks.
    var writes: [IR.Local] {
        switch self {
        case .arrayAppend(_, let target), .assignInt(_, let target), .assignVar(_, let target),
            .assignVarOnce(_, let target), .call(_, _, let target), .callDynamic(_, _, let target),
            .dot(_, _, let target),
            .len(_, let target), .makeArray(_, let target), .makeNull(let target), .makeNumberInt(_, let target),
            .makeNumberRef(_, let target), .makeObject(let target), .makeSet(let target), .makeValue(_, let target),
            .objectInsert(_, _, let target), .objectInsertOnce(_, _, let target), .objectMerge(_, _, let target),
            .resetLocal(let target), .setAdd(_, let target):
            [target]
        case .scan(_, let key, let value, _): [key, value]
        case .with(let local, _, _, _): [local]
        case .block, .not, .break, .equal, .isArray, .isObject, .isSet, .isDefined, .isUndefined, .nop, .notEqual,
            .resultSetAdd, .returnLocal, .observe:
            []
        }
    }

    /// Whether the statement writes to what its local has already.
    var changesInPlace: Bool {
        switch self {
        case .arrayAppend, .setAdd, .objectInsert, .objectInsertOnce, .assignVarOnce, .with: true
        default: false
        }
    }

    /// The locals that the statement itself reads, without those that it changes and those of its blocks.
    var reads: [IR.Local] {
        switch self {
        case .arrayAppend(let value, _), .setAdd(let value, _), .assignVar(let value, _), .assignVarOnce(let value, _),
            .len(let value, _), .isArray(let value), .isObject(let value), .isSet(let value), .with(_, _, let value, _):
            Self.locals([value])
        case .dot(let a, let b, _), .equal(let a, let b), .notEqual(let a, let b), .objectInsert(let a, let b, _),
            .objectInsertOnce(let a, let b, _):
            Self.locals([a, b])
        case .call(_, let arguments, _): Self.locals(arguments)
        case .callDynamic(let path, let arguments, _): Self.locals(path) + arguments
        case .objectMerge(let a, let b, _): [a, b]
        case .isDefined(let local), .isUndefined(let local), .resultSetAdd(let local), .returnLocal(let local),
            .scan(let local, _, _, _):
            [local]
        case .observe(let observation): observation.variables.map(\.local)
        case .assignInt, .makeArray, .makeNull, .makeNumberInt, .makeNumberRef, .makeObject, .makeSet, .makeValue,
            .resetLocal, .block, .not, .break, .nop:
            []
        }
    }

    private static func locals(_ operands: [IR.Operand]) -> [IR.Local] {
        operands.compactMap { if case .local(let local) = $0 { local } else { nil } }
    }
}

extension IR.Block {
    /// Calls `body` with every statement, those of inner blocks included.
    func forEachOperation(_ body: (IR.Operation) -> Void) {
        for statement in statements {
            body(statement.operation)
            for block in statement.operation.innerBlocks { block.forEachOperation(body) }
        }
    }
}
