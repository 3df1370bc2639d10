/// How a function uses its locals: what is written once may be read where it came from instead.
struct LocalUse {
    private var writes: [IR.Local: Int] = [:]
    /// Those that a `with` gives another value for a while.
    private var replaced: Set<IR.Local> = []
    /// The sequel that a local occurs in; -1 when there are several. See ``IR/Block/sequels(of:)``.
    private var home: [IR.Local: Int] = [:]

    /// Those that may be read where nothing has written to them, in the order in which they occur.
    private(set) var unsettled: [IR.Local] = []

    init(_ blocks: [IR.Block]) {
        var settling = Settling()
        for (index, block) in IR.Block.sequels(of: blocks).enumerated() {
            block.forEachOperation { count($0, in: index) }
            settling.note(block)
        }
        unsettled = settling.unsettled
    }

    func isWrittenOnce(_ local: IR.Local) -> Bool { writes[local] == 1 && !replaced.contains(local) }
    func isNeverWritten(_ local: IR.Local) -> Bool { writes[local] == nil && !replaced.contains(local) }
    /// Whether nothing but `with` writes to the local.
    func isOnlyReplaced(_ local: IR.Local) -> Bool { writes[local] == nil }
    func isOfOneBlock(_ local: IR.Local) -> Bool { home[local].map { $0 >= 0 } ?? true }
    /// The locals that need a register of their own: others may have one that served another local before.
    var lasting: [IR.Local] { home.keys.filter { home[$0] == -1 }.sorted() + unsettled }
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

extension IR.Block {
    /// The blocks that run one after the other, each at most once: a function's outermost ones, and those of an
    /// outermost block that has nothing else.
    static func sequels(of blocks: [IR.Block]) -> [IR.Block] {
        blocks.flatMap { $0.sequel ?? [$0] }
    }

    /// The blocks of the only statement.
    var sequel: [IR.Block]? {
        guard statements.count == 1, case .block(let blocks) = statements[0].operation else { return nil }
        return blocks
    }
}

/// Finds locals that are read where a statement before, in the same block or around it, has not written to them.
private struct Settling {
    private(set) var unsettled: [IR.Local] = []
    /// The block that a local was first written in.
    private var origin: [IR.Local: Int] = [:]
    private var isOpen: [Bool] = []
    private static let known = -1

    mutating func note(_ block: IR.Block) {
        let number = isOpen.count
        isOpen.append(true)
        for statement in block.statements {
            let operation = statement.operation
            for local in operation.reads { check(local) }
            // What an iteration goes through is known within it only.
            let home = if case .scan = operation { isOpen.count } else { number }
            for local in operation.writes {
                if operation.changesInPlace { check(local) } else { settle(local, home) }
            }
            for inner in operation.innerBlocks { note(inner) }
        }
        isOpen[number] = false
    }

    private mutating func settle(_ local: IR.Local, _ block: Int) {
        if origin[local] == nil { origin[local] = block } else { check(local) }
    }

    private mutating func check(_ local: IR.Local) {
        // An iteration's own block is about to open when its key and its value are one local.
        if let block = origin[local], block == Self.known || block == isOpen.count || isOpen[block] { return }
        unsettled.append(local)
        origin[local] = Self.known
    }
}
