/// Finds the statements after which an outermost block of a function has no more to give.
///
/// A rule such as `allow if { some x in xs; … }` assigns `true` in a loop. Once it has, all that the block can still do
/// is assign it again: the block may end there, as OPA's own evaluator does.
struct EarlyExit {
    /// The local that is all of the block that anyone else reads.
    let local: IR.Local

    /// Nil when the block gives anything else, or from more than one place.
    init?(_ block: IR.Block, _ use: LocalUse) {
        var written: [IR.Local: Int] = [:]
        var isPlain = true
        var assigned: IR.Local?
        block.forEachOperation { operation in
            switch operation {
            case .resultSetAdd, .returnLocal: isPlain = false
            case .resetLocal(let target): written[target, default: 0] += 0
            case .with: break
            case .assignVarOnce(let source, let target):
                if source.isConstant { assigned = assigned ?? target }
                written[target, default: 0] += 1
            default: for local in operation.writes { written[local, default: 0] += 1 }
            }
        }
        guard isPlain, let assigned, written[assigned] == 1 else { return nil }
        guard written.keys.allSatisfy({ $0 == assigned || use.isOfOneBlock($0) }) else { return nil }
        local = assigned
    }
}

extension IR.Operand {
    var isConstant: Bool { if case .local = self { false } else { true } }
}
