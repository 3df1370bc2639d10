internal import Rego

/// Tells which cases of a test have passed.
///
/// A case that holds is in the rule's value. One that does not is in no value: that it was begun shows only in the trace,
/// in which the variables of its key have values.
struct TestCases {
    private final class Node {
        var isLeaf = false
        var hasPassed = false
        var below: [RegoValue: Node] = [:]
    }

    private let root = Node()

    init(_ test: PolicyTest, value: RegoValue, trace: Trace) {
        if let set = value.set {
            for element in set { add([element], hasPassed: true) }
        } else {
            add(value, at: [], depth: test.caseKeys.compactMap { $0.parts?.count }.max() ?? 1)
        }
        for key in test.caseKeys { begun(key, of: test, trace) }
    }

    var cases: [PolicyTestResult.Case] { Self.cases(root) }

    private static func cases(_ node: Node) -> [PolicyTestResult.Case] {
        node.below.sorted { $0.key < $1.key }.map { key, node in
            let below = cases(node)
            return PolicyTestResult.Case(
                key: key, hasPassed: node.isLeaf ? node.hasPassed : below.allSatisfy(\.hasPassed), cases: below)
        }
    }

    private func add(_ value: RegoValue, at path: [RegoValue], depth: Int) {
        if path.count < depth, case .object(let object) = value {
            for (key, below) in object { add(below, at: path + [key], depth: depth) }
        } else if !path.isEmpty {
            add(path, hasPassed: value != .bool(false))
        }
    }

    private func add(_ path: [RegoValue], hasPassed: Bool) {
        var node = root
        for key in path {
            let below = node.below[key] ?? Node()
            node.below[key] = below
            node = below
        }
        if !node.isLeaf || hasPassed { node.hasPassed = hasPassed }
        node.isLeaf = true
    }

    private func begun(_ key: TestCaseKey, of test: PolicyTest, _ trace: Trace) {
        var bodies: Set<Int> = []
        for event in trace.events {
            if event.subject == .rule, event.row == key.row, event.column == key.column { bodies.insert(event.query) }
            guard bodies.contains(event.query), let path = key.path(event.variables) else { continue }
            if !isKnown(path) { add(path, hasPassed: false) }
        }
    }

    private func isKnown(_ path: [RegoValue]) -> Bool {
        var node = root
        for key in path {
            guard let below = node.below[key] else { return false }
            node = below
        }
        return true
    }
}

extension PolicyTestResult.Failure {
    /// The expression that a test got to last before it failed: of those of the test itself the one furthest down.
    init?(_ test: PolicyTest, in trace: Trace) {
        var bodies: Set<Int> = []
        var last: Trace.Event?
        for event in trace.events {
            if event.subject == .rule, event.file == test.file, event.row == test.row { bodies.insert(event.query) }
            guard event.operation == .fail, event.subject == .expr, bodies.contains(event.query) else { continue }
            if last.map({ ($0.row, $0.column) <= (event.row, event.column) }) ?? true { last = event }
        }
        guard let last else { return nil }
        let variables = last.variables.map { "\($0.name): \($0.isCut ? $0.value.text ?? "" : $0.value.description)" }
        self.init(text: last.node, file: last.file, row: last.row, column: last.column, variables: variables)
    }
}
