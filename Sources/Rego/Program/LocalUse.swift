/// How often each local of a function is written: what is written once may be read where it came from instead.
struct LocalUse {
    private var writes: [IR.Local: Int] = [:]
    /// Those that a `with` gives another value for a while.
    private var replaced: Set<IR.Local> = []

    init(_ blocks: [IR.Block]) {
        for block in blocks { count(block) }
    }

    func isWrittenOnce(_ local: IR.Local) -> Bool { writes[local] == 1 && !replaced.contains(local) }
    func isNeverWritten(_ local: IR.Local) -> Bool { writes[local] == nil && !replaced.contains(local) }
    /// Whether nothing but `with` writes to the local.
    func isOnlyReplaced(_ local: IR.Local) -> Bool { writes[local] == nil }

    private mutating func count(_ block: IR.Block) {
        for statement in block.statements { count(statement.operation) }
    }

    private mutating func count(_ operation: IR.Operation) {
        switch operation {
        case .arrayAppend(_, let target), .assignInt(_, let target), .assignVar(_, let target),
            .assignVarOnce(_, let target), .call(_, _, let target), .callDynamic(_, _, let target), .dot(_, _, let target),
            .len(_, let target), .makeArray(_, let target), .makeNull(let target), .makeNumberInt(_, let target),
            .makeNumberRef(_, let target), .makeObject(let target), .makeSet(let target), .makeValue(_, let target),
            .objectInsert(_, _, let target), .objectInsertOnce(_, _, let target), .objectMerge(_, _, let target),
            .resetLocal(let target), .setAdd(_, let target):
            writes[target, default: 0] += 1
        case .scan(_, let key, let value, let block):
            writes[key, default: 0] += 1
            writes[value, default: 0] += 1
            count(block)
        case .with(let local, _, _, let block):
            replaced.insert(local)
            count(block)
        case .block(let blocks): for block in blocks { count(block) }
        case .not(let block): count(block)
        case .break, .equal, .isArray, .isObject, .isSet, .isDefined, .isUndefined, .nop, .notEqual, .resultSetAdd,
            .returnLocal:
            break
        }
    }
}
