import JSON

/// Checks one value against a program.
struct Evaluator {
    /// A bound was reached: what the value is, is not known.
    struct Stop: Error { var reason: String }

    enum Step {
        case member(String)
        case element(Int)
    }

    /// Which members or elements of a value some keyword has looked at.
    struct Evaluated {
        var all = false
        var places: Set<Int> = []

        mutating func merge(_ other: Evaluated) {
            all = all || other.all
            places.formUnion(other.places)
        }
    }

    let program: Program
    private var steps = 0
    private var depth = 0
    /// Within how many keywords a failure is no violation by itself.
    private var quiet = 0
    /// The schema resources gone through, outermost first.
    private var resources: [Int] = []
    private var path: [Step] = []
    private var found: [Violation] = []

    init(_ program: Program) { self.program = program }

    mutating func violations(of value: JSON) -> [Violation] {
        var evaluated = Evaluated()
        do throws(Stop) {
            let isValid = try evaluate(program.root, value, &evaluated)
            if !isValid, found.isEmpty { report(program.root, "", "does not fit the schema") }
        } catch {
            quiet = 0
            found = Array(found.prefix(program.limits.violations - 1))
            report(program.root, "", error.reason)
        }
        return found
    }

    /// Whether there is nobody to tell more to, so that the first failure is enough.
    var isQuiet: Bool { quiet > 0 || found.count >= program.limits.violations }

    mutating func evaluate(_ number: Int, _ value: JSON, _ outer: inout Evaluated) throws(Stop) -> Bool {
        let node = program.nodes[number]
        depth += 1
        guard depth <= program.limits.depth else {
            throw Stop(
                reason: "needs more than \(program.limits.depth) checks within each other, or checks without end")
        }
        let isOther = resources.last != node.resource
        if isOther { resources.append(node.resource) }
        defer {
            if isOther { resources.removeLast() }
            depth -= 1
        }
        try spend(1 + node.rules.count)
        var evaluated = Evaluated()
        var isValid = true
        for rule in node.rules where !(try holds(rule, of: number, value, &evaluated)) {
            isValid = false
            if isQuiet { break }
        }
        if isValid, program.tracksEvaluation { outer.merge(evaluated) }
        return isValid
    }

    /// Whether a schema accepts the value, without a word if it does not.
    mutating func accepts(_ number: Int, _ value: JSON, _ evaluated: inout Evaluated) throws(Stop) -> Bool {
        quiet += 1
        defer { quiet -= 1 }
        return try evaluate(number, value, &evaluated)
    }

    /// As ``accepts(_:_:_:)``; the first thing that was wrong goes to `reasons`, unless nobody asks.
    mutating func accepts(
        _ number: Int, _ value: JSON, _ evaluated: inout Evaluated, reasons: inout [String]
    ) throws(Stop) -> Bool {
        guard !isQuiet else { return try accepts(number, value, &evaluated) }
        let before = found
        found = []
        let isValid = try evaluate(number, value, &evaluated)
        if let first = found.first {
            let here = pointer()
            let place = first.path == here ? "" : "\(first.path.dropFirst(here.utf8.count)) "
            if reasons.count < 4 { reasons.append(place + first.message) }
        }
        found = before
        return isValid
    }

    mutating func evaluate(_ number: Int, _ value: JSON, at step: Step) throws(Stop) -> Bool {
        path.append(step)
        defer { path.removeLast() }
        var evaluated = Evaluated()
        return try evaluate(number, value, &evaluated)
    }

    /// The subschema that a dynamic reference leads to: that of the outermost resource that has one by the name.
    func target(_ slot: Int, anchor: String) -> Int {
        for resource in resources {
            if let target = program.dynamicAnchors[resource][anchor] { return target }
        }
        return program.targets[slot]
    }

    mutating func spend(_ cost: Int) throws(Stop) {
        steps += cost
        guard steps <= program.limits.steps else {
            throw Stop(reason: "takes more than \(program.limits.steps) steps to check")
        }
    }

    mutating func report(_ node: Int, _ keyword: String, _ message: @autoclosure () -> String) {
        guard !isQuiet else { return }
        let place = program.nodes[node].place
        found.append(
            Violation(
                path: pointer(), schemaPath: keyword.isEmpty ? place : "\(place)/\(keyword)", message: message()))
    }

    private func pointer() -> String {
        path.reduce(into: "") { pointer, step in
            switch step {
            case .member(let name): pointer += "/" + JSONPointer.escaped(name)
            case .element(let index): pointer += "/\(index)"
            }
        }
    }
}
