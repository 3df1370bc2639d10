internal import Core

/// What is the same in every round of a loop is computed in the first.
extension FunctionCompiler {
    /// How many statements from `start` on depend on nothing that changes within the outermost loop, and give only
    /// locals that nobody else writes: in later rounds they are passed over.
    func steadyRun(in statements: [IR.Statement], from start: Int) -> Int {
        guard let before = seenBeforeLoop else { return 0 }
        var written: [IR.Local: Int] = [:]
        var end = start
        while end < statements.count, isSteady(statements[end].operation, before, written) {
            for local in statements[end].operation.writes { written[local, default: 0] += 1 }
            end += 1
        }
        // A container that is changed after the run must be made anew in each round.
        while end > start, written.contains(where: { use.writeCount($0.key) != $0.value }) {
            end -= 1
            for local in statements[end].operation.writes { written[local, default: 1] -= 1 }
            written = written.filter { $0.value > 0 }
        }
        return end - start
    }

    private func isSteady(_ operation: IR.Operation, _ before: Set<IR.Local>, _ written: [IR.Local: Int]) -> Bool {
        switch operation {
        case .dot, .len, .makeObject, .makeArray, .makeSet, .makeNull, .makeNumberInt, .makeNumberRef, .makeValue,
            .assignInt, .assignVar, .objectInsert, .arrayAppend, .setAdd:
            operation.reads.allSatisfy { local in
                if written[local] != nil { return true }
                if parameters.contains(local) { return use.isNeverWritten(local) }
                return before.contains(local) && use.isWrittenOnce(local)
            }
        default: false
        }
    }

    /// The statements, run in the first round that gets through them.
    mutating func compileOnce(
        _ statements: ArraySlice<IR.Statement>, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        let isDone = makeClearRegister()
        let done = makeLabel()
        emit(.isUndefined, isDone, to: done)
        for statement in statements { try compile(statement, &builder) }
        emit(.assign, builder.constant(.bool(true)), isDone)
        bind(done)
    }
}
