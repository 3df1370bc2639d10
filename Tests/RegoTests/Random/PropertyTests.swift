import TestSupport
import Testing

@testable import Rego

/// What holds of every policy, tried on policies made by chance.
@Suite struct PropertyTests {
    private static func policies(_ count: Int, _ seed: UInt64) -> [[String]] {
        (0..<count).map { number in
            var maker = RandomPolicy(seed: seed &+ UInt64(number) &* 0x5851_F42D)
            return maker.policy()
        }
    }

    /// Errors may name another place.
    private static func isSame(_ a: Engine.Answer, _ b: Engine.Answer) -> Bool {
        if case .error = a, case .error = b { return true }
        return a == b
    }

    @Test func theOrderOfRulesAndModulesDoesNotMatter() {
        var random = SeededRandom(seed: 11)
        for rules in Self.policies(120, 1) {
            let answer = Engine.answer(rules)
            let shuffled = rules.shuffled(using: &random)
            #expect(Self.isSame(answer, Engine.answer(shuffled)), "\(Engine.module(shuffled))")
            let cut = Int.random(in: 0...shuffled.count, using: &random)
            let files = [Array(shuffled[cut...]), Array(shuffled[..<cut])]
            #expect(Self.isSame(answer, Engine.answer(files: files)), "\(Engine.module(shuffled))")
        }
    }

    @Test func theIndexChangesNothing() {
        var plain = EvaluationOptions()
        plain.usesIndex = false
        for rules in Self.policies(250, 2) {
            #expect(Engine.answer(rules) == Engine.answer(rules, options: plain), "\(Engine.module(rules))")
        }
    }

    @Test func aRuleWithADefaultAlwaysHasAValue() {
        for rules in Self.policies(150, 3) {
            let defaults = rules.compactMap { rule -> String? in
                guard rule.hasPrefix("default ") else { return nil }
                return String(rule.dropFirst("default ".count).prefix { $0 != " " })
            }
            guard case .value(let value) = Engine.answer(rules) else { continue }
            for name in defaults { #expect(value.object?[RegoValue(name)] != nil, "\(Engine.module(rules))") }
        }
    }

    /// `default allow := false` and conditions of any kind: never anything but true or false.
    @Test func denyIsTheDefault() {
        for (number, rules) in Self.policies(150, 4).enumerated() {
            var maker = RandomPolicy(seed: UInt64(number) &+ 99)
            let names = Set(rules.compactMap { $0.split { " ([".contains($0) }.first.map(String.init) })
            let referred = names.filter { $0.hasPrefix("r") }.sorted()
            let condition = referred.isEmpty ? "input.missing" : "\(referred[0]) == \(maker.literal(.number))"
            let answer = Engine.answer(rules + ["default allow := false", "allow if \(condition)"])
            guard case .value(let value) = answer else { continue }
            #expect(value.object?["allow"]?.bool != nil)
        }
    }
}
