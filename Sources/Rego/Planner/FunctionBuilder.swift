/// Plans one function or query: statements in order, into the innermost open block.
///
/// What follows an iteration runs within it. So `scan` is left open, and closed with the block around it; no part of
/// a body is planned more than once.
final class FunctionBuilder {
    let planner: Planner
    private(set) var state: PlanState
    var file: Int
    private(set) var callees: Set<String> = []
    private var nextLocal: IR.Local
    private var frames: [Frame] = []
    private var scopes: [[String: IR.Local]] = [[:]]
    /// The number of open frames where a local got its value; what is missing may have got it just now.
    private var levels: [IR.Local: Int] = [:]
    /// The frame that statements go to while ``early(_:_:)`` runs; nil for the innermost.
    private var target: Int?
    /// Where the values that `with` gave for functions are.
    private var mockValues: [String: IR.Local] = [:]
    var place = SourcePlace.start
    /// The bodies around the statement within the function, and the observations so far.
    var level = 0
    var position = 0
    /// The expression that is being planned.
    var observed: ObservedExpression?
    /// What the variables stand for that the compiler gave to parts of expressions.
    var partTexts: [String: String] = [:]
    /// The head of the branch that is being planned.
    var head: SourceSpan?

    /// Blocks within each other; the evaluator and its compiler follow them recursively.
    static let greatestDepth = 100

    private struct Frame {
        var statements: [IR.Statement] = []
        /// What the frame's statements become the block of; nil for one opened by ``block(_:)``.
        var scan: (source: IR.Local, key: IR.Local, value: IR.Local, place: IR.Place)?
    }

    static let input: IR.Local = 0
    static let data: IR.Local = 1

    init(_ planner: Planner, state: PlanState, values: Int, file: Int) {
        self.planner = planner
        self.state = state
        self.file = file
        nextLocal = 2
        for name in state.values { mockValues[name] = local() }
        noteArguments([Self.input, Self.data] + mockValues.values)
    }

    func local() -> IR.Local {
        nextLocal += 1
        return nextLocal - 1
    }

    var irPlace: IR.Place { IR.Place(file: file, row: Int(place.row), column: Int(place.column)) }

    func error(_ code: RegoError.Code, _ message: String) -> RegoError {
        planner.error(code, message, file: file, at: place)
    }

    // MARK: Blocks

    func emit(_ operation: IR.Operation) {
        guard !frames.isEmpty else { return }
        frames[target ?? frames.count - 1].statements.append(IR.Statement(operation, at: irPlace))
    }

    // MARK: What iterations need not repeat

    /// Emits what depends on nothing but some operands before the iterations that do not concern them.
    ///
    /// Within a block all statements must hold, so one that is undefined may as well be so earlier.
    func early<Result>(_ operands: [IR.Operand], _ body: () -> Result) -> Result {
        guard !planner.isObserved else { return body() }
        let known = operands.reduce(0) { level, operand in
            if case .local(let local) = operand { max(level, levels[local] ?? frames.count) } else { level }
        }
        let innermostBlock = (frames.lastIndex { $0.scan == nil } ?? 0) + 1
        let outer = target
        target = max(known, innermostBlock) - 1
        defer { target = outer }
        return body()
    }

    /// A new local that an operation gives its value.
    func make(_ operation: (IR.Local) -> IR.Operation) -> IR.Local {
        let target = local()
        emit(operation(target))
        noteLevel(target)
        return target
    }

    /// Arguments have their values from the start.
    func noteArguments(_ locals: [IR.Local]) { for local in locals { levels[local] = 0 } }

    private func noteLevel(_ local: IR.Local) { levels[local] = (target ?? frames.count - 1) + 1 }

    func block(_ body: () throws(RegoError) -> Void) throws(RegoError) -> IR.Block {
        guard frames.count < Self.greatestDepth else {
            throw error(.compile, "more than \(Self.greatestDepth) iterations or closures within each other")
        }
        let depth = frames.count
        frames.append(Frame())
        try body()
        while frames.count > depth + 1 { closeScan() }
        return IR.Block(frames.removeLast().statements)
    }

    /// The first of the attempts that is defined, else what `otherwise` emits. Attempts do not iterate.
    func first(
        of attempts: [() throws(RegoError) -> Void], otherwise: () -> Void
    ) throws(RegoError) {
        let whole = try block { () throws(RegoError) in
            var blocks: [IR.Block] = []
            for attempt in attempts {
                blocks.append(
                    try self.block { () throws(RegoError) in
                        try attempt()
                        self.emit(.break(1))
                    })
            }
            self.emit(.block(blocks))
            otherwise()
        }
        emit(.block([whole]))
    }

    /// Scans that are open in the innermost block of ``block(_:)``.
    var openScans: Int { frames.reversed().prefix { $0.scan != nil }.count }

    private func closeScan() {
        let frame = frames.removeLast()
        guard let scan = frame.scan, !frames.isEmpty else { return }
        let operation = IR.Operation.scan(
            source: scan.source, key: scan.key, value: scan.value, block: IR.Block(frame.statements))
        frames[frames.count - 1].statements.append(IR.Statement(operation, at: scan.place))
    }

    /// Opens an iteration, in which all that follows in the block is.
    func scan(_ source: IR.Local) throws(RegoError) -> (key: IR.Local, value: IR.Local) {
        guard frames.count < Self.greatestDepth else {
            throw error(.compile, "more than \(Self.greatestDepth) iterations or closures within each other")
        }
        let (key, value) = (local(), local())
        frames.append(Frame(scan: (source, key, value, irPlace)))
        noteLevel(key)
        noteLevel(value)
        return (key, value)
    }

    // MARK: Variables

    func scoped<Result>(_ body: () throws(RegoError) -> Result) throws(RegoError) -> Result {
        scopes.append([:])
        defer { scopes.removeLast() }
        return try body()
    }

    func lookup(_ name: String) -> IR.Local? {
        for scope in scopes.reversed() { if let local = scope[name] { return local } }
        return nil
    }

    func bind(_ name: String, to local: IR.Local) { scopes[scopes.count - 1][name] = local }

    func isBound(_ name: String) -> Bool {
        VariableVisitor.roots.contains(name) || name.hasPrefix("@") || lookup(name) != nil
    }

    /// Whether all variables outside of closures have values.
    func isBound(_ term: Term) -> Bool {
        switch term.node {
        case .null, .bool, .number, .string, .template, .arrayComprehension, .setComprehension, .objectComprehension:
            true
        case .variable(let name): isBound(name)
        case .reference(let head, let path): isBound(head) && path.allSatisfy { isBound($0) }
        case .array(let terms), .set(let terms): terms.allSatisfy { isBound($0) }
        case .object(let members): members.allSatisfy { isBound($0.key) && isBound($0.value) }
        case .call(_, let arguments): arguments.allSatisfy { isBound($0) }
        }
    }

    func unbound(_ variables: [String]) -> [String] { variables.filter { !isBound($0) } }

    // MARK: States

    func inState<Result>(
        _ new: PlanState, _ values: [String: IR.Local], _ body: () throws(RegoError) -> Result
    ) throws(RegoError) -> Result {
        let (oldState, oldValues) = (state, mockValues)
        state = new
        mockValues = values
        defer { (state, mockValues) = (oldState, oldValues) }
        return try body()
    }

    var allMockValues: [String: IR.Local] { mockValues }

    /// The call of a rule's function in a state, given the operands that it takes beside `input` and `data`.
    func call(_ node: RuleTree, _ arguments: [IR.Operand], in state: PlanState) -> IR.Local {
        let name = planner.function(node, state)
        callees.insert(name)
        let values = state.values.map { IR.Operand.local(mockValues[$0] ?? 0) }
        let result = local()
        emit(
            .call(
                function: name, arguments: [.local(Self.input), .local(Self.data)] + values + arguments, result: result)
        )
        noteLevel(result)
        return result
    }

    func callBuiltin(_ name: String, _ arguments: [IR.Operand]) -> IR.Local {
        planner.use(builtin: name)
        let result = local()
        emit(.call(function: name, arguments: arguments, result: result))
        noteLevel(result)
        return result
    }

    // MARK: Queries

    func addAnswer(_ variables: [(name: String, spelled: String)]) {
        let answer = local()
        emit(.makeObject(target: answer))
        for (name, spelled) in variables {
            guard let value = lookup(name) else { continue }
            emit(.objectInsert(key: .string(planner.string(spelled)), value: .local(value), object: answer))
        }
        emit(.resultSetAdd(answer))
        planner.planCalls.formUnion(callees)
    }
}
