internal import Rego

/// Finds the tests of modules.
struct TestDiscovery {
    private static let prefix = "test_"
    private static let skippedPrefix = "todo_test_"

    private(set) var tests: [PolicyTest] = []
    private var seen: [[String]: Int] = [:]

    /// Takes a module's tests. A rule that has the name of an earlier one gets a number: as rules of one name they would
    /// be one test, which passes when any of them does.
    mutating func visit(_ module: inout Module) {
        for at in module.rules.indices {
            guard var test = Self.test(module.rules[at], of: module) else { continue }
            if test.caseKeys.isEmpty, !test.isSet {
                seen[test.path, default: 0] += 1
                let number = (seen[test.path] ?? 1) - 1
                if number > 0 { Self.rename(&module.rules[at], &test, number) }
                tests.append(test)
            } else if seen.updateValue(1, forKey: test.path) == nil {
                tests.append(test)
            } else if let known = tests.firstIndex(where: { $0.path == test.path }) {
                tests[known].caseKeys += test.caseKeys
            }
        }
    }

    private static func test(_ rule: Rule, of module: Module) -> PolicyTest? {
        guard !rule.isDefault, rule.arguments == nil else { return nil }
        let fixed = fixedPath(rule)
        let isSkipped = fixed.contains { $0.hasPrefix(skippedPrefix) }
        guard isSkipped || fixed.contains(where: { $0.hasPrefix(prefix) }) else { return nil }
        let keys = Array(rule.path.dropFirst(fixed.count - 1))
        return PolicyTest(
            package: module.package, name: PolicyTest.reference(fixed), file: module.name, row: Int(rule.place.row),
            column: Int(rule.place.column), isSkipped: isSkipped, path: module.package + fixed,
            caseKeys: keys.isEmpty ? [] : [TestCaseKey(rule, keys)], isSet: rule.element != nil)
    }

    /// The name and the strings directly after it.
    private static func fixedPath(_ rule: Rule) -> [String] {
        var path: [String] = []
        if case .variable(let name) = rule.head.node { path.append(name) }
        for step in rule.path {
            guard case .string(let name) = step.node else { break }
            path.append(name)
        }
        return path
    }

    private static func rename(_ rule: inout Rule, _ test: inout PolicyTest, _ number: Int) {
        guard case .variable(let name) = rule.head.node else { return }
        let suffix = number < 10 ? "#0\(number)" : "#\(number)"
        if rule.path.isEmpty {
            rule.head.node = .variable(name + suffix)
        } else if case .string(let last) = rule.path[rule.path.count - 1].node {
            rule.path[rule.path.count - 1].node = .string(last + suffix)
        }
        test.name += suffix
        test.path[test.path.count - 1] += suffix
    }
}

/// The keys of a rule's cases, `[note]` in `test_allow[note] if …`, by which a trace tells which cases began.
struct TestCaseKey: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case fixed(RegoValue)
        /// A variable and what is fixed after it: `tc.note`.
        case variable(String, [RegoValue])
    }

    let row: Int
    let column: Int
    /// Nil where a key is computed otherwise: cases that fail are then not known by name.
    let parts: [Part]?

    init(_ rule: Rule, _ keys: [Term]) {
        row = Int(rule.place.row)
        column = Int(rule.place.column)
        var parts: [Part] = []
        for key in keys {
            guard let part = Self.part(key) else { break }
            parts.append(part)
        }
        self.parts = parts.count == keys.count ? parts : nil
    }

    private static func part(_ term: Term) -> Part? {
        if let fixed = fixed(term) { return .fixed(fixed) }
        switch term.node {
        case .variable(let name): return .variable(name, [])
        case .reference(let head, let steps):
            guard case .variable(let name) = head.node else { return nil }
            let values = steps.compactMap(fixed)
            return values.count == steps.count ? .variable(name, values) : nil
        default: return nil
        }
    }

    private static func fixed(_ term: Term) -> RegoValue? {
        switch term.node {
        case .string(let text): RegoValue(text)
        case .number(let number): .number(number)
        case .bool(let bool): .bool(bool)
        case .null: .null
        default: nil
        }
    }

    /// The case that an event speaks of, where its variables say.
    func path(_ variables: [Trace.Variable]) -> [RegoValue]? {
        guard let parts else { return nil }
        var path: [RegoValue] = []
        for part in parts {
            switch part {
            case .fixed(let value): path.append(value)
            case .variable(let name, let steps):
                guard let found = variables.first(where: { $0.name == name }), !found.isCut else { return nil }
                var value: RegoValue? = found.value
                for step in steps { value = value?[step] }
                guard let value else { return nil }
                path.append(value)
            }
        }
        return path
    }
}
