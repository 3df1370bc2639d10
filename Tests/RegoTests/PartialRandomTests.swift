import Foundation
import TestSupport
import Testing

@testable import Rego

/// Policies made at random mean the same before and after partial evaluation.
struct PartialRandomTests {
    @Test func randomPoliciesAnswerAlike() throws {
        var compared = 0
        var answered = 0
        for seed in PartialRandomTests.first..<PartialRandomTests.count {
            var maker = PolicyMaker(seed: UInt64(seed))
            let policy = PartialEquivalenceTests.Policy(
                name: "random \(seed)", module: maker.module(), query: maker.query(),
                unknowns: maker.unknowns(), input: #"{"a": 1, "b": 2, "xs": [1, 2, 3], "o": {"a": 1, "b": {"c": 2}}}"#,
                data: #"{"k": 2, "ks": [1, 2], "m": {"a": 1, "b": 2}, "u": [{"a": 1, "b": 2}, {"a": 2}]}"#)
            do {
                answered += try PartialEquivalenceTests.compare(policy, rounds: 12)
                compared += 1
            } catch is RegoErrors {
                // Not a policy, as when a variable has no value.
            } catch let error as EvaluationError {
                #expect([.limit, .conflict, .type].contains(error.code), "\(error)\n\(policy.module)")
            }
        }
        #expect(
            compared > (PartialRandomTests.count - PartialRandomTests.first) / 3 && answered > compared,
            "\(compared) \(answered)")
    }

    static let first = Int(ProcessInfo.processInfo.environment["RANDOM_FIRST"] ?? "") ?? 0
    static let count = Int(ProcessInfo.processInfo.environment["RANDOM_POLICIES"] ?? "") ?? 150
}

/// Writes small policies that use everything in the neighbourhood of everything else.
private struct PolicyMaker {
    enum Kind: CaseIterable { case truth, value, set, object, function }

    private var random: SeededRandom
    private var rules: [(name: String, kind: Kind)] = []
    private var variables: [String] = []
    private var count = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func module() -> String {
        var text = "package test\n"
        for number in 0..<Int.random(in: 2...5, using: &random) {
            let kind = pick(Kind.allCases)
            text += rule("r\(number)", kind) + "\n"
            rules.append(("r\(number)", kind))
        }
        return text
    }

    mutating func query() -> String {
        let rule = rules[rules.count - 1]
        if rule.kind == .function { return "x = data.test.\(rule.name)(input.a)" }
        let name = "data.test.\(rule.name)"
        return pick([
            "x = \(name)", "x = \(name)", name, "\(name) == true", "\(name)[x]", "not \(name)", "\(name)[x] = y",
        ])
    }

    mutating func unknowns() -> [String] {
        pick([
            ["input"], ["input"], ["data.u"], ["input", "data.u"], ["input.a", "input.o"], ["data.k"],
            ["input", "data.m"],
        ])
    }

    // MARK: Rules

    private mutating func rule(_ name: String, _ kind: Kind) -> String {
        var lines: [String] = []
        if kind == .truth || kind == .value, chance(3) { lines.append("default \(name) := \(pick(["false", "7"]))") }
        if kind == .function, chance(4) { lines.append("default \(name)(_) := 7") }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            variables = []
            let argument = pick(["x", "x", "x", "1", "[x, y]", "\"a\""])
            if kind == .function { variables = argument == "x" ? ["x"] : argument == "[x, y]" ? ["x", "y"] : [] }
            let body = self.body(Int.random(in: 1...3, using: &random))
            switch kind {
            case .truth: lines.append("\(name) if { \(body) }")
            case .value: lines.append("\(name) := \(value()) if { \(body) }\(otherwise())")
            case .set: lines.append("\(name) contains \(value()) if { \(body) }")
            case .object: lines.append("\(name)[\(value())] := \(value()) if { \(body) }")
            case .function: lines.append("\(name)(\(argument)) := \(value()) if { \(body) }\(otherwise())")
            }
        }
        return lines.joined(separator: "\n")
    }

    private mutating func otherwise() -> String {
        guard chance(4) else { return "" }
        variables = []
        return " else := \(value()) if { \(body(1)) }"
    }

    private mutating func body(_ length: Int) -> String {
        (0..<length).map { _ in expression() }.joined(separator: "; ")
    }

    private mutating func expression() -> String {
        if !rules.isEmpty, chance(2) { return ruleExpression() }
        let (x, y) = (value(), value())
        let kinds: [() -> String] = [
            { "input.a == \(x)" }, { "input.b > \(x)" }, { "input.o.b.c" }, { "data.k == \(x)" }, { "\(x) != \(y)" },
            { "not input.a == \(x)" }, { "not input.b > 1" }, { "not \(x) == \(y)" }, { "\(x) in input.xs" },
            { "every e in input.xs { e >= \(x) }" }, { "every e in data.ks { e in input.xs }" },
            { "data.u[_].a == \(x)" }, { "data.m[input.o.a] == \(x)" }, { "not data.m[\(x)]" },
        ]
        if chance(2) { return kinds[Int.random(in: 0..<kinds.count, using: &random)]() }
        let sources = [
            "input.a", "input.xs[_]", "input.o[_]", "data.ks[_]", "data.m[input.a]", "data.m[_]", "data.u[_].a",
            "count(input.xs)", "data.k + \(x)", "[e | e := input.xs[_]; e > \(x)]",
            "{e | some e in data.u; e.a == \(x)}",
            "[\(x), \(y)]", "{\"k\": \(x)}", "{k: v | some k, v in input.o; v != \(x)}",
            "object.get(input.o, \"a\", \(x))",
        ]
        let source = pick(sources)
        return "\(fresh()) := \(source)"
    }

    private mutating func ruleExpression() -> String {
        let rule = pick(rules)
        let x = value()
        let plain: [String] =
            switch rule.kind {
            case .truth: ["\(rule.name)", "not \(rule.name)", "\(rule.name) == true"]
            case .value: ["\(rule.name) == \(x)", "not \(rule.name) == \(x)", "not \(rule.name)", ":\(rule.name)"]
            case .set:
                [
                    "\(rule.name)[\(x)]", "not \(rule.name)[\(x)]", ":\(rule.name)[_]", ":count(\(rule.name))",
                    ":[e | some e in \(rule.name)]", "every e in \(rule.name) { e != \(x) }",
                ]
            case .object:
                [
                    "\(rule.name)[\(x)]", ":\(rule.name)[_]", ":\(rule.name)", ":{k | some k, _ in \(rule.name)}",
                    "not \(rule.name)[\(x)] == 1",
                ]
            case .function:
                [
                    "\(rule.name)(\(x))", ":\(rule.name)(\(x))", "not \(rule.name)(\(x))", ":\(rule.name)(input.a)",
                    ":[e | some e in input.xs; \(rule.name)(e)]", ":\(rule.name)([\(x), input.b])",
                ]
            }
        var text = pick(plain)
        if text.hasPrefix(":") { text = "\(fresh()) := \(text.dropFirst())" }
        guard chance(5) else { return text }
        return text + " with "
            + pick([
                "input.a as \(x)", "input as {\"a\": 1, \"xs\": [1], \"o\": {}}", "data.k as \(x)", "data.k as 1",
                "data.u as [{\"a\": 1}]", "input.o as {\"a\": 2}", "data.m as {}",
            ])
    }

    // MARK: Parts

    private mutating func value() -> String {
        if !variables.isEmpty, !chance(3) { return pick(variables) }
        return pick(["1", "2", "3", "\"a\"", "\"b\"", "true", "false"])
    }

    private mutating func fresh() -> String {
        count += 1
        variables.append("v\(count)")
        return "v\(count)"
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
}
