/// What makes a point the same in all states that its function is planned for.
struct PointKey: Hashable {
    var file: Int
    var offset: Int32
    var kind: IR.Point.Kind
}

/// An expression whose statements are being planned.
struct ObservedExpression {
    var point: Int
    var level: Int
    var names: [String]
}

/// Statements that say how far an evaluation has come. None are planned unless the policy is to be observed.
extension FunctionBuilder {
    private static let greatestVariables = 32

    private func point(_ kind: IR.Point.Kind, at place: SourcePlace, _ text: () -> String) -> Int {
        let key = PointKey(file: file, offset: place.offset, kind: kind)
        if let known = planner.pointIndex[key] { return known }
        let isCounted = (kind == .rule || kind == .expression) && file < planner.moduleCount
        let irPlace = IR.Place(file: file, row: Int(place.row), column: Int(place.column))
        let index = planner.add(IR.Point(kind: kind, place: irPlace, text: text(), isCounted: isCounted))
        planner.pointIndex[key] = index
        return index
    }

    private func spelled(_ span: SourceSpan) -> String { planner.sources[file].text(span) }

    private func observe(
        _ step: IR.Observation.Step, _ point: Int, _ names: [String] = [], and parts: [IR.Observation.Variable] = []
    ) {
        var variables = parts
        for name in names where variables.count < Self.greatestVariables {
            guard let spelled = NameSource.spelled(name) ?? partTexts[name], let local = lookup(name) else { continue }
            variables.append(IR.Observation.Variable(name: spelled, local: local))
        }
        emit(
            .observe(
                IR.Observation(step: step, point: point, level: level, position: position, variables: variables)))
    }

    // MARK: Rules

    private func point(of branch: CompiledRule.Branch, _ node: RuleTree) -> Int {
        point(.rule, at: branch.place) { RefText.of(["data"] + node.path) }
    }

    /// Begins a branch. That its arguments are not as its head wants them is seen as the head failing.
    func enter(
        _ branch: CompiledRule.Branch, of node: RuleTree, binding bind: () throws(RegoError) -> Void
    ) throws(RegoError) {
        guard planner.isObserved else { return try bind() }
        head = branch.head
        let names = branch.arguments.flatMap(\.variables)
        let isPlain = branch.arguments.allSatisfy { $0.variable != nil } && Set(names).count == names.count
        if isPlain {
            try bind()
            return observe(.enter, point(of: branch, node), names)
        }
        observe(.enter, point(of: branch, node))
        try group(.head, branch.head, names) { () throws(RegoError) in try bind() }
    }

    func exit(_ branch: CompiledRule.Branch, of node: RuleTree) {
        guard planner.isObserved else { return }
        observe(.exit, point(of: branch, node), branch.value.variables)
    }

    // MARK: Bodies

    private func point(ofBody body: [Literal]) -> Int? {
        let spans = body.compactMap(\.origin)
        guard var span = spans.min(by: { $0.start.offset < $1.start.offset }) else { return nil }
        for other in spans { span.end = max(span.end, other.end) }
        return point(.body, at: span.start) { spelled(span) }
    }

    func enter(query body: [Literal]) {
        guard planner.isObserved, let point = point(ofBody: body) else { return }
        observe(.enter, point)
    }

    func exitBody(_ body: [Literal], _ names: [String]) {
        guard planner.isObserved, let point = point(ofBody: body) else { return }
        observe(.exit, point, names)
    }

    /// A body within another.
    func observed(
        _ body: [Literal], named names: [String] = [], _ plan: () throws(RegoError) -> Void
    ) throws(RegoError) {
        guard planner.isObserved, let point = point(ofBody: body) else { return try plan() }
        level += 1
        defer { level -= 1 }
        observe(.enter, point, names)
        try plan()
        observe(.exit, point)
    }

    /// To be called where evaluation goes on after a body of ``observed(_:named:_:)``.
    func leaveBody(_ body: [Literal]) {
        guard planner.isObserved, let point = point(ofBody: body) else { return }
        level += 1
        defer { level -= 1 }
        observe(.leave, point)
    }

    // MARK: Expressions

    /// The parts that one expression was taken apart into are observed as that expression.
    func planObserved(_ body: [Literal]) throws(RegoError) {
        var rest = body[...]
        while let first = rest.first {
            let parts = rest.prefix { $0.origin == first.origin }
            rest = rest.dropFirst(parts.count)
            guard let origin = first.origin else {
                for part in parts { try planPart(part) }
                continue
            }
            var visitor = VariableVisitor()
            for part in parts { visitor.visit(part) }
            try group(kind(of: origin), origin, visitor.plain) { () throws(RegoError) in
                for (index, part) in zip(parts.indices, parts) {
                    if parts.count > 1, index == parts.endIndex - 1 { self.learn() }
                    try self.planPart(part)
                    self.noteText(of: part)
                }
            }
        }
    }

    private func learn(_ parts: [IR.Observation.Variable] = []) {
        guard let observed, observed.level == level else { return }
        observe(.learn, observed.point, observed.names, and: parts)
    }

    /// What references of the expression are, just before it turns out whether it holds.
    func learn(_ terms: [(term: Term, value: IR.Operand)]) {
        guard planner.isObserved else { return }
        let texts = PartText(known: partTexts, signatures: planner.signatures)
        let parts = terms.compactMap { term, value -> IR.Observation.Variable? in
            guard case .reference = term.node, case .local(let local) = value, let text = texts.of(term) else {
                return nil
            }
            return IR.Observation.Variable(name: text, local: local)
        }
        if !parts.isEmpty { learn(parts) }
    }

    /// What a part is, where it gives a variable of the compiler's a value.
    private func noteText(of part: Literal) {
        guard !part.isNegated, case .term(let term) = part.kind, case .call(let function, let arguments) = term.node
        else {
            return
        }
        let texts = PartText(known: partTexts, signatures: planner.signatures)
        if function.variable == "eq", let name = arguments.first?.variable, NameSource.spelled(name) == nil {
            partTexts[name] = texts.of(arguments[1])
        } else if let name = arguments.last?.variable, NameSource.spelled(name) == nil {
            partTexts[name] = texts.of(Term(.call(function, arguments.dropLast()), at: term.place))
        }
    }

    private func planPart(_ part: Literal) throws(RegoError) {
        place = part.place
        try plan(part)
    }

    private func kind(of origin: SourceSpan) -> IR.Point.Kind { origin == head ? .head : .expression }

    private func group(
        _ kind: IR.Point.Kind, _ span: SourceSpan, _ names: [String], _ plan: () throws(RegoError) -> Void
    ) throws(RegoError) {
        let outer = place
        let point = point(kind, at: span.start) { spelled(span) }
        let around = observed
        observed = ObservedExpression(point: point, level: level, names: names)
        defer { observed = around }
        position += 1
        let own = position
        place = span.start
        observe(.evaluate, point, names)
        place = outer
        try plan()
        // What follows within it has counted on.
        let last = position
        position = own
        observe(.hold, point, names)
        position = last
    }
}
