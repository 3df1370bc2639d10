/// Makes OPA's intermediate representation of compiled rules and queries.
///
/// Functions are planned from a list of what calls have asked for, so that a long chain of rules needs no deep stack.
final class Planner {
    let tree: RuleTree
    let signatures: Signatures
    let sources: [SourceText]
    /// Whether functions say how far they have come. They are planned without shortcuts then.
    let isObserved: Bool
    /// Sources from here on are queries.
    let moduleCount: Int
    var pointIndex: [PointKey: Int] = [:]
    private(set) var policy = IR.Policy()

    private var stringIndex: [String: Int] = [:]
    private var usedBuiltins: Set<String> = []
    private var states: [PlanState: Int] = [:]
    private var wanted: [(state: PlanState, node: RuleTree, name: String)] = []
    private var isPlanned: Set<String> = []
    private var calls: [String: (node: RuleTree, callees: Set<String>)] = [:]

    /// Functions planned, over all states; a policy that mocks without end is stopped here.
    static let greatestFunctions = 50_000

    init(tree: RuleTree, signatures: Signatures, sources: [SourceText], queries: Int = 0, isObserved: Bool = false) {
        self.isObserved = isObserved
        moduleCount = sources.count - queries
        self.tree = tree
        self.signatures = signatures
        self.sources = sources
        policy.files = sources.map(\.name)
    }

    func string(_ text: String) -> Int {
        if let known = stringIndex[text] { return known }
        policy.strings.append(text)
        stringIndex[text] = policy.strings.count - 1
        return policy.strings.count - 1
    }

    func add(_ point: IR.Point) -> Int {
        policy.points.append(point)
        return policy.points.count - 1
    }

    func use(builtin name: String) {
        if usedBuiltins.insert(name).inserted { policy.builtins.append(name) }
    }

    /// The name of a rule's function in a state; the function is planned later.
    func function(_ node: RuleTree, _ state: PlanState) -> String {
        let number = states[state] ?? states.count
        states[state] = number
        let name = "g\(number).data.\(node.path.joined(separator: "."))"
        if isPlanned.insert(name).inserted { wanted.append((state, node, name)) }
        return name
    }

    /// A query: a plan whose answers are objects of its variables.
    func plan(
        query body: [Literal], variables: [(name: String, spelled: String)], name: String, file: Int
    ) throws(RegoErrors) {
        let builder = FunctionBuilder(self, state: PlanState(), values: 0, file: file)
        do throws(RegoError) {
            let block = try builder.block { () throws(RegoError) in
                builder.enter(query: body)
                try builder.plan(body)
                builder.exitBody(body, variables.map(\.name))
                builder.addAnswer(variables)
            }
            policy.plans.append(IR.Plan(name: name, blocks: [block]))
        } catch { throw RegoErrors([error]) }
        try planWanted()
    }

    /// All rules, whether or not a query needs them; what is wrong with them comes to light.
    func planAll() throws(RegoErrors) {
        for node in tree.ruleNodes { _ = function(node, PlanState()) }
        try planWanted()
    }

    private func planWanted() throws(RegoErrors) {
        var errors: [RegoError] = []
        while let next = wanted.popLast() {
            do throws(RegoError) {
                let builder = FunctionBuilder(
                    self, state: next.state, values: next.state.values.count, file: next.node.rules[0].module)
                let function = try builder.function(next.node, name: next.name)
                policy.functions.append(function)
                calls[next.name] = (next.node, builder.callees)
            } catch { errors.append(error) }
            guard policy.functions.count <= Self.greatestFunctions else {
                throw RegoErrors([
                    RegoError(
                        .compile, "the policy needs more than \(Self.greatestFunctions) functions", in: sources[0],
                        at: .start)
                ])
            }
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
        let recursive = recursions()
        guard recursive.isEmpty else { throw RegoErrors(recursive) }
    }

    // MARK: Recursion

    /// Depth-first with a stack of its own; each function that closes a cycle is reported once.
    private func recursions() -> [RegoError] {
        var errors: [RegoError] = []
        var isDone: Set<String> = []
        for start in calls.keys.sorted() where !isDone.contains(start) {
            var path: [(name: String, rest: [String])] = [(start, callees(start))]
            var onPath: Set<String> = [start]
            while let top = path.last {
                guard let next = path[path.count - 1].rest.popLast() else {
                    isDone.insert(top.name)
                    onPath.remove(top.name)
                    path.removeLast()
                    continue
                }
                if onPath.contains(next) {
                    errors.append(recursion(path.map(\.name), next))
                } else if !isDone.contains(next) {
                    path.append((next, callees(next)))
                    onPath.insert(next)
                }
            }
        }
        return errors
    }

    private func callees(_ name: String) -> [String] { calls[name]?.callees.sorted(by: >) ?? [] }

    private func recursion(_ path: [String], _ repeated: String) -> RegoError {
        let cycle = path.drop { $0 != repeated } + [repeated]
        let names = cycle.compactMap { calls[$0].map { (["data"] + $0.node.path).joined(separator: ".") } }
        guard let rule = calls[repeated]?.node.rules.first else {
            return RegoError(.recursion, "rule is recursive", in: sources[0], at: .start)
        }
        return RegoError(
            .recursion, "rule \(names.first ?? "") is recursive: \(names.joined(separator: " -> "))",
            in: sources[rule.module], at: rule.place)
    }

    /// Leaves out functions that no plan reaches.
    func prunedPolicy() -> IR.Policy {
        var needed: Set<String> = []
        var open = Array(planCalls)
        while let name = open.popLast() {
            guard needed.insert(name).inserted else { continue }
            open += callees(name)
        }
        var policy = policy
        policy.functions = policy.functions.filter { needed.contains($0.name) }
        return policy
    }

    var planCalls: Set<String> = []

    func error(_ code: RegoError.Code, _ message: String, file: Int, at place: SourcePlace) -> RegoError {
        RegoError(code, message, in: sources[sources.indices.contains(file) ? file : 0], at: place)
    }
}
