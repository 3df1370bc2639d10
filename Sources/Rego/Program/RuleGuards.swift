/// A place in an argument of a function: `input.user.role`.
struct GuardKey: Hashable, Comparable {
    var root: IR.Local
    var path: [RegoValue]

    static func < (left: GuardKey, right: GuardKey) -> Bool {
        left.root != right.root ? left.root < right.root : left.path.lexicographicallyPrecedes(right.path)
    }
}

/// What must hold for a block to do anything: each place has one of these values.
typealias Guards = [GuardKey: Set<RegoValue>]

/// Finds in each of a function's blocks the equations of places in its arguments with constants.
///
/// An equation counts when what the block does before it is seen by nobody, so that passing the block over when the
/// equation does not hold is the same as running it: no error, no side effect, no local that another block reads.
struct RuleGuards {
    private enum Known {
        case place(GuardKey)
        case constant(RegoValue)
        /// Whether a place has one of the values.
        case membership(GuardKey, Set<RegoValue>)
    }

    /// What must hold for one of the blocks that have given a local a value so far.
    private struct Origin {
        var guards: [Guards] = []
        var isKnown = true
    }

    private let use: LocalUse
    private let parameters: [IR.Local]
    private let strings: [String]
    private let quiet: QuietFunctions
    /// Where locals that several blocks use come from.
    private var origins: [IR.Local: Origin] = [:]
    private var known: [IR.Local: Known] = [:]
    private var guards: Guards = [:]

    /// Values of one place in a rule; a list of more is not worth the space.
    static let greatestValues = 64

    init(_ use: LocalUse, _ parameters: [IR.Local], strings: [String], quiet: QuietFunctions) {
        self.use = use
        self.parameters = parameters
        self.strings = strings
        self.quiet = quiet
    }

    /// The guards of a block. Call it for each of the function's sequels in their order, or ``pass(_:)``.
    mutating func find(in block: IR.Block) -> Guards {
        known = [:]
        guards = [:]
        _ = follow(block, depth: 0)
        forEachShared(block) { origins[$0, default: Origin()].guards.append(guards) }
        return guards
    }

    /// A block that is never passed over.
    mutating func pass(_ block: IR.Block) { forEachShared(block) { origins[$0, default: Origin()].isKnown = false } }

    /// The locals that a block gives values that others may read.
    private func forEachShared(_ block: IR.Block, _ body: (IR.Local) -> Void) {
        block.forEachOperation { operation in
            if case .resetLocal = operation { return }
            for local in operation.writes where !use.isOfOneBlock(local) { body(local) }
        }
    }

    // MARK: Statements

    /// Whether what follows the block may count too.
    private mutating func follow(_ block: IR.Block, depth: Int) -> Bool {
        for (at, statement) in block.statements.enumerated() {
            if case .scan(_, let key, let value, let inner) = statement.operation {
                // What comes after an iteration does not depend on it.
                guard at == block.statements.count - 1, isOwn(key), isOwn(value) else { return false }
                return follow(inner, depth: depth + 1)
            }
            guard follow(statement.operation, depth: depth) else { return false }
        }
        return true
    }

    private mutating func follow(_ operation: IR.Operation, depth: Int) -> Bool {
        if case .resetLocal(let local) = operation, origins[local] == nil, !parameters.contains(local) { return true }
        guard isInvisible(operation, depth: depth) else { return false }
        switch operation {
        case .equal(let a, let b): note(a, b)
        case .notEqual(.local(let local), .bool(false)), .notEqual(.bool(false), .local(let local)):
            if case .membership(let key, let values)? = known[local] { narrow(key, to: values) }
        case .isDefined(let local): noteOrigin(of: local)
        default: learn(operation)
        }
        return true
    }

    private func isOwn(_ local: IR.Local) -> Bool { use.isOfOneBlock(local) && !parameters.contains(local) }

    /// Whether nobody can tell if a statement has run.
    private func isInvisible(_ operation: IR.Operation, depth: Int) -> Bool {
        switch operation {
        case .break(let index): return index <= depth
        case .with(let local, _, _, _): guard isOwn(local) || parameters.contains(local) else { return false }
        default: guard quiet.isQuiet(operation), operation.writes.allSatisfy(isOwn) else { return false }
        }
        return operation.innerBlocks.allSatisfy { block in
            block.statements.allSatisfy { isInvisible($0.operation, depth: depth + 1) }
        }
    }

    // MARK: Equations

    private mutating func note(_ a: IR.Operand, _ b: IR.Operand) {
        switch (meaning(of: a), meaning(of: b)) {
        case (.place(let key), .constant(let value)), (.constant(let value), .place(let key)): narrow(key, to: [value])
        default: break
        }
    }

    private mutating func narrow(_ key: GuardKey, to values: Set<RegoValue>) {
        guard values.count <= Self.greatestValues else { return }
        guards[key] = guards[key].map { $0.intersection(values) } ?? values
    }

    /// What must hold for one of the blocks that give the local a value must hold here.
    private mutating func noteOrigin(of local: IR.Local) {
        guard !parameters.contains(local), let origin = origins[local], origin.isKnown,
            let first = origin.guards.first, origin.guards.count <= Self.greatestValues
        else { return }
        for (key, values) in first {
            let all = origin.guards.compactMap { $0[key] }
            if all.count == origin.guards.count { narrow(key, to: all.reduce(values) { $0.union($1) }) }
        }
    }

    private func meaning(of operand: IR.Operand) -> Known? {
        switch operand {
        case .bool(let bool): return .constant(.bool(bool))
        case .string(let index): return strings.indices.contains(index) ? .constant(RegoValue(strings[index])) : nil
        case .local(let local):
            if let known = known[local] { return known }
            guard parameters.contains(local), use.isOnlyReplaced(local) else { return nil }
            return .place(GuardKey(root: local, path: []))
        }
    }

    /// What a statement gives a local that nothing else writes.
    private mutating func learn(_ operation: IR.Operation) {
        guard let target = operation.writes.first, use.isWrittenOnce(target) else { return }
        switch operation {
        case .makeNull: known[target] = .constant(.null)
        case .makeNumberInt(let value, _), .assignInt(let value, _): known[target] = .constant(RegoValue(value))
        case .makeNumberRef(let index, _):
            guard strings.indices.contains(index), let number = RegoNumber(spelling: strings[index]) else { return }
            known[target] = .constant(.number(number))
        case .makeValue(let value, _): known[target] = .constant(value)
        case .assignVar(let source, _): known[target] = meaning(of: source)
        case .dot(let source, let step, _):
            guard case .place(var key)? = meaning(of: source), case .constant(let step)? = meaning(of: step) else {
                return
            }
            // Below `data`, a number also names a member.
            guard key.root != parameters.dropFirst().first || step.string != nil else { return }
            key.path.append(step)
            known[target] = .place(key)
        case .call("internal.member_2", let arguments, _) where arguments.count == 2:
            guard case .place(let key)? = meaning(of: arguments[0]),
                case .constant(let collection)? = meaning(of: arguments[1]), let values = Self.elements(collection)
            else { return }
            known[target] = .membership(key, values)
        default: break
        }
    }

    private static func elements(_ collection: RegoValue) -> Set<RegoValue>? {
        switch collection {
        case .array(let array): Set(array)
        case .set(let set): Set(set)
        case .object(let object): Set(object.map(\.value))
        default: nil
        }
    }
}
