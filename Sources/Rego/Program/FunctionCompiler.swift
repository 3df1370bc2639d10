internal import Core

/// Compiles one function or plan: structured blocks become jumps, locals become registers, and a local that is only a
/// copy or a constant is read where it came from.
struct FunctionCompiler {
    typealias Label = Int32

    /// A block that is being compiled. A statement that is undefined, or breaks out of it, goes to `end`.
    struct Scope {
        var end: Label
        /// For the block of a `with`: what must be put back when control leaves past `end`.
        var restore: Instruction?
    }

    let name: String
    let use: LocalUse
    let parameters: [IR.Local]
    var instructions: [Instruction] = []
    var placeOf: [Int32] = []
    var scopes: [Scope] = []
    var place: Int32 = -1
    /// Those that hold something reached from `data` step by step.
    var dataLocals: Set<IR.Local> = []
    private var registerCount = 0
    /// The most registers that were in use at a time.
    private(set) var greatestRegister = 0
    /// Registers of the block being compiled that must hold nothing when it begins.
    private var cleared: [Int32] = []
    /// Where the outermost block being compiled may end early.
    var exit: EarlyExit?
    /// The `not` blocks around the statement being compiled.
    var negations = 0
    /// The locals that had their value before the outermost loop around the statement; nil outside loops.
    var seenBeforeLoop: Set<IR.Local>?

    private var labels: [Int32] = []
    /// Where in the program's lists there are labels, to be resolved.
    private var labelLists: [Range<Int>] = []
    private var registers: [IR.Local: Int32] = [:]
    /// What a local stands for within the current block, and what it stood for outside, to go back to.
    private var aliases: [IR.Local: Int32] = [:]
    private(set) var seen: Set<IR.Local> = []

    static let greatestRegisters = 100_000

    init(_ name: String, _ parameters: [IR.Local], _ use: LocalUse) {
        self.name = name
        self.use = use
        self.parameters = parameters
        if parameters.count > 1 { dataLocals.insert(parameters[1]) }
        for parameter in parameters {
            registers[parameter] = makeRegister()
            seen.insert(parameter)
        }
    }

    mutating func compile(
        _ blocks: [IR.Block], returns: IR.Local?, into builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        for local in use.lasting { _ = register(of: local) }
        try compileIndexed(blocks, isPlan: returns == nil, &builder)
        emit(.returnUndefined)
        guard greatestRegister <= Self.greatestRegisters else { throw problem("has too many locals", code: .tooLarge) }
    }

    /// One block; whatever becomes of it, evaluation goes on after it.
    mutating func compile(_ block: IR.Block, _ builder: inout ProgramBuilder) throws(GatehouseError) {
        let end = makeLabel()
        try compile(block, endingAt: end, &builder)
        bind(end)
    }

    /// A block of nothing but blocks, one after the other.
    mutating func compile(
        sequel blocks: [IR.Block], _ index: RuleIndex?, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        let end = makeLabel()
        let outside = aliases
        scopes.append(Scope(end: end))
        try compile(blocks, index, &builder)
        scopes.removeLast()
        aliases = outside
        bind(end)
    }

    /// One block whose statements go to `end` when they are undefined. The label is the caller's to bind.
    mutating func compile(
        _ block: IR.Block, endingAt end: Label, restoring restore: Instruction? = nil, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        let outside = aliases
        scopes.append(Scope(end: end, restore: restore))
        var at = 0
        while at < block.statements.count {
            let run = steadyRun(in: block.statements, from: at)
            if run > 1 {
                try compileOnce(block.statements[at..<at + run], &builder)
                at += run
            } else {
                try compile(block.statements[at], &builder)
                at += 1
            }
        }
        scopes.removeLast()
        aliases = outside
    }

    mutating func compile(_ statement: IR.Statement, _ builder: inout ProgramBuilder) throws(GatehouseError) {
        place = builder.place(statement.place)
        try compile(statement.operation, &builder)
    }

    func problem(_ what: String, code: GatehouseError.Code = .invalid) -> GatehouseError {
        GatehouseError("rego", code, "the compiled policy's function \(name) \(what)")
    }
}

// MARK: - Registers

extension FunctionCompiler {
    mutating func makeRegister() -> Int32 {
        registerCount += 1
        greatestRegister = Swift.max(greatestRegister, registerCount)
        return Int32(truncatingIfNeeded: registerCount - 1)
    }

    /// A register that holds nothing when the block being compiled begins.
    mutating func makeClearRegister() -> Int32 {
        let register = makeRegister()
        cleared.append(register)
        return register
    }

    /// Compiles a block whose registers the next block may use again.
    mutating func releasingRegisters(
        _ body: (inout FunctionCompiler) throws(GatehouseError) -> Void
    ) throws(GatehouseError) {
        let (count, start, outer, known) = (registerCount, instructions.count, cleared, labels.count)
        cleared = []
        try body(&self)
        insertClearing(at: start, labels: labels[known...].indices)
        (registerCount, cleared) = (count, outer)
    }

    /// - Parameter inner: those that the block has made; none of the others is behind its start.
    private mutating func insertClearing(at start: Int, labels inner: Range<Int>) {
        guard !cleared.isEmpty else { return }
        let clearing = cleared.map { Instruction(code: .assign, a: ProgramBuilder.undefined, b: $0) }
        instructions.insert(contentsOf: clearing, at: start)
        placeOf.insert(contentsOf: clearing.map { _ in -1 }, at: start)
        for label in inner where labels[label] > start { labels[label] += Int32(clearing.count) }
    }

    private mutating func register(of local: IR.Local) -> Int32 {
        if let known = registers[local] { return known }
        let register = makeRegister()
        registers[local] = register
        return register
    }

    /// Where a local is read.
    mutating func read(_ local: IR.Local) -> Int32 { aliases[local] ?? register(of: local) }

    mutating func read(_ operand: IR.Operand, _ builder: inout ProgramBuilder) throws(GatehouseError) -> Int32 {
        switch operand {
        case .local(let local): read(local)
        case .bool(let bool): builder.constant(.bool(bool))
        case .string(let index): builder.constant(RegoValue(try string(index, builder)))
        }
    }

    func string(_ index: Int, _ builder: ProgramBuilder) throws(GatehouseError) -> String {
        guard builder.policy.strings.indices.contains(index) else {
            throw problem("names string \(index), which does not exist")
        }
        return builder.policy.strings[index]
    }

    /// The register that a local is written to.
    mutating func write(_ local: IR.Local) -> Int32 {
        seen.insert(local)
        aliases[local] = nil
        return register(of: local)
    }

    /// Writes `operand` to the local. When that is its only value, it is also read from there from now on.
    mutating func assign(_ operand: Int32, to local: IR.Local, isSteady: Bool) {
        let target = write(local)
        emit(.assign, operand, target)
        if isSteady, use.isWrittenOnce(local), !parameters.contains(local) { aliases[local] = operand }
    }

    /// Whether what the operand says now is what it will say as long as the block runs.
    func isSteady(_ operand: IR.Operand) -> Bool {
        guard case .local(let local) = operand else { return true }
        if parameters.contains(local) { return use.isNeverWritten(local) }
        return seen.contains(local) && use.isWrittenOnce(local)
    }
}

extension FunctionCompiler {
    func isData(_ operand: IR.Operand) -> Bool {
        guard case .local(let local) = operand else { return false }
        return dataLocals.contains(local)
    }
}

// MARK: - Instructions and labels

extension FunctionCompiler {
    mutating func makeLabel() -> Label {
        labels.append(-1)
        return Int32(truncatingIfNeeded: labels.count - 1)
    }

    mutating func bind(_ label: Label) { labels[Int(label)] = Int32(truncatingIfNeeded: instructions.count) }

    /// A list of labels, which the program has as the instructions that they stand for.
    mutating func list(labels: some Sequence<Label>, _ builder: inout ProgramBuilder) -> Int {
        let start = builder.lists.count
        builder.lists += labels
        labelLists.append(start..<builder.lists.count)
        return start
    }

    /// The label at which the current block ends.
    var undefined: Label { scopes.last?.end ?? 0 }

    mutating func emit(_ code: Instruction.Code, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0, to label: Label = -1) {
        instructions.append(Instruction(code: code, a: a, b: b, c: c, target: label))
        placeOf.append(place)
    }

    /// Emits an instruction that goes to the end of the block when it is undefined.
    mutating func test(_ code: Instruction.Code, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0) {
        emit(code, a, b, c, to: undefined)
    }

    /// Moves the finished instructions to the program, without copies that nobody reads, and resolves the labels.
    mutating func link(into builder: inout ProgramBuilder) {
        let live = DeadCode.live(instructions, lists: builder.lists, registers: greatestRegister)
        var positions = [Int32](repeating: 0, count: instructions.count + 1)
        var position = Int32(truncatingIfNeeded: builder.code.count)
        for at in instructions.indices {
            positions[at] = position
            if live.isKept(instructions[at]) { position += 1 }
        }
        positions[instructions.count] = position
        for at in labelLists.joined() { builder.lists[at] = positions[Int(labels[Int(builder.lists[at])])] }
        for (at, instruction) in instructions.enumerated() where live.isKept(instruction) {
            var linked = live.trimmed(instruction)
            if linked.target >= 0 { linked.target = positions[Int(labels[Int(linked.target)])] }
            builder.code.append(linked)
            builder.placeOf.append(placeOf[at])
        }
    }
}
