internal import Core

/// Blocks of a function that cannot do anything for the arguments given are passed over.
extension FunctionCompiler {
    /// A function's blocks, or those of a plan, which has nothing to pass over.
    mutating func compileIndexed(
        _ blocks: [IR.Block], isPlan: Bool, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        let (outer, inner) = isPlan ? (nil, [:]) : indexes(of: blocks, builder)
        try compile(blocks, outer, &builder) { compiler, number, builder throws(GatehouseError) in
            compiler.exit = isPlan ? nil : EarlyExit(blocks[number], compiler.use)
            if let sequel = blocks[number].sequel {
                try compiler.compile(sequel: sequel, inner[number], &builder)
            } else {
                try compiler.compile(blocks[number], &builder)
            }
        }
    }

    /// The index of the blocks, and those of blocks within them.
    private func indexes(of blocks: [IR.Block], _ builder: ProgramBuilder) -> (RuleIndex?, [Int: RuleIndex]) {
        let isLong = blocks.count > RuleIndex.leastSaved
        guard isLong || blocks.contains(where: { $0.sequel.map { $0.count > RuleIndex.leastSaved } ?? false }) else {
            return (nil, [:])
        }
        var guards = RuleGuards(use, parameters, strings: builder.policy.strings, quiet: builder.quiet)
        var inner: [Int: RuleIndex] = [:]
        let outer = blocks.enumerated().map { number, block -> Guards in
            guard let sequel = block.sequel else { return guards.find(in: block) }
            inner[number] = RuleIndex(sequel.map { guards.find(in: $0) })
            return [:]
        }
        return (isLong ? RuleIndex(outer) : nil, inner)
    }

    mutating func compile(
        _ blocks: [IR.Block], _ index: RuleIndex?, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        try compile(blocks, index, &builder) { compiler, number, builder throws(GatehouseError) in
            try compiler.compile(blocks[number], &builder)
        }
    }

    private mutating func compile(
        _ blocks: [IR.Block], _ index: RuleIndex?, _ builder: inout ProgramBuilder,
        each compile: (inout FunctionCompiler, Int, inout ProgramBuilder) throws(GatehouseError) -> Void
    ) throws(GatehouseError) {
        guard let index else {
            for number in blocks.indices {
                try releasingRegisters { compiler throws(GatehouseError) in try compile(&compiler, number, &builder) }
            }
            return
        }
        let cursors = makeRegister()
        _ = makeRegister()
        let starts = blocks.map { _ in makeLabel() }
        let end = makeLabel()
        let value = emitValue(of: index.key, &builder)
        emit(.select, value, cursors, list(index, starts, end, &builder))
        for number in blocks.indices {
            bind(starts[number])
            try releasingRegisters { compiler throws(GatehouseError) in try compile(&compiler, number, &builder) }
            emit(.selectNext, 0, cursors)
        }
        bind(end)
    }

    /// The register that has the value of a place, if there is one.
    private mutating func emitValue(of key: GuardKey, _ builder: inout ProgramBuilder) -> Int32 {
        let known = makeLabel()
        let isData = isData(.local(key.root))
        var source = read(key.root)
        let last = key.path.isEmpty ? source : makeRegister()
        for (depth, step) in key.path.enumerated() {
            let target = depth == key.path.count - 1 ? last : makeRegister()
            emit(isData ? .dotData : .dot, source, builder.constant(step), target, to: known)
            source = target
        }
        bind(known)
        return last
    }

    private mutating func list(
        _ index: RuleIndex, _ starts: [Label], _ end: Label, _ builder: inout ProgramBuilder
    ) -> Int32 {
        var table = RegoObject()
        for (value, numbers) in index.matching {
            let start = list(labels: numbers.map { starts[$0] } + [end], &builder)
            table.updateValue(RegoValue(start), forKey: value)
        }
        builder.lists.append(builder.constant(.object(table)))
        _ = list(labels: [end] + index.always.map { starts[$0] } + [end], &builder)
        return Int32(truncatingIfNeeded: builder.lists.count - index.always.count - 3)
    }
}
