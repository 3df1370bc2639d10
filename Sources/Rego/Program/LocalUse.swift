/// How a function uses its locals: what is written once may be read where it came from instead.
struct LocalUse {
    private var writes: [IR.Local: Int] = [:]
    /// Those that a `with` gives another value for a while.
    private var replaced: Set<IR.Local> = []
    /// The outermost block that a local occurs in; -1 when there are several.
    private var home: [IR.Local: Int] = [:]

    init(_ blocks: [IR.Block]) {
        for (index, block) in blocks.enumerated() { block.forEachOperation { count($0, in: index) } }
    }

    func isWrittenOnce(_ local: IR.Local) -> Bool { writes[local] == 1 && !replaced.contains(local) }
    func isNeverWritten(_ local: IR.Local) -> Bool { writes[local] == nil && !replaced.contains(local) }
    /// Whether nothing but `with` writes to the local.
    func isOnlyReplaced(_ local: IR.Local) -> Bool { writes[local] == nil }
    func isOfOneBlock(_ local: IR.Local) -> Bool { home[local].map { $0 >= 0 } ?? true }
    /// How many statements write to the local; nil where a `with` does.
    func writeCount(_ local: IR.Local) -> Int? { replaced.contains(local) ? nil : writes[local] ?? 0 }

    private mutating func count(_ operation: IR.Operation, in block: Int) {
        for local in operation.reads + operation.writes {
            home[local] = home[local, default: block] == block ? block : -1
        }
        if case .with(let local, _, _, _) = operation {
            replaced.insert(local)
        } else {
            for local in operation.writes { writes[local, default: 0] += 1 }
        }
    }
}
