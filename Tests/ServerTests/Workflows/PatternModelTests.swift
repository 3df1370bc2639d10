import Gate
import JSON
import NIOHTTP1
import Synchronization
import Testing

@testable import Server

/// The three patterns in a whole house whose agents ask models over HTTP: one that does as it is told, and several as no
/// model should be.
@Suite("The patterns with scripted models", .serialized, .timeLimit(.minutes(10)))
struct PatternModelTests {
    struct Pattern: Sendable, CustomTestStringConvertible {
        let name: String
        /// Outputs that no model may change, and no clock does.
        let facts: [String]
        /// How often it changes something itself.
        let changes: Int
        var testDescription: String { name }
    }

    static let patterns = [
        Pattern(
            name: "continuous-assessment",
            facts: ["risk", "risk_left", "score", "score_left", "before", "after", "fixed", "left_to_do"], changes: 1),
        Pattern(name: "incident-response", facts: ["declared", "contained", "risk", "left_to_do"], changes: 1),
        Pattern(name: "compliance", facts: ["signed", "risk", "not_met"], changes: 0),
    ]

    /// What each pattern comes to without any model, worked out once.
    private static let plain = Mutex<[String: JSON]>([:])

    private func baseline(_ pattern: Pattern) async throws -> JSON {
        if let known = Self.plain.withLock({ $0[pattern.name] }) { return known }
        let found = Mutex(JSON.null)
        try await PatternHouse.with(nil) { house in
            let outputs = try await house.play(pattern.name)
            found.withLock { $0 = outputs }
        }
        let outputs = found.withLock { $0 }
        Self.plain.withLock { $0[pattern.name] = outputs }
        return outputs
    }

    private func expectSame(_ outputs: JSON, _ pattern: Pattern) async throws {
        let plain = try await baseline(pattern)
        for fact in pattern.facts { #expect(outputs[fact] == plain[fact] && plain[fact] != nil, "\(fact)") }
        for part in parts(plain) {
            #expect(part.made["by"] == "procedure" && part.made["why"] == "no model is configured", "\(part)")
        }
    }

    /// Whose each part is, of the steps that were done.
    private func parts(_ outputs: JSON) -> [(step: String, made: JSON)] {
        (outputs["made_by"]?.object ?? [:]).filter { !$0.value.isNull }.map { ($0.key, $0.value) }
    }

    private func expectNothingLeaked(_ upstream: ScriptedUpstream) {
        for request in upstream.requests {
            let text = String(decoding: request.bytes, as: UTF8.self)
            #expect(!text.contains(PatternHouse.key), "\(request.agent) was sent the secret")
            #expect(!text.contains(PatternHouse.person), "\(request.agent) was sent somebody's address")
            #expect(request.headers["authorization"] == ["Bearer k"])
        }
    }

    @Test(arguments: patterns) func aModelAddsItsWordsAndChangesNothing(_ pattern: Pattern) async throws {
        try await ScriptedUpstream.with(WellBehaved.reply) { upstream in
            try await PatternHouse.with(upstream.address) { house in
                let outputs = try await house.play(pattern.name)
                let parts = parts(outputs)
                #expect(parts.count >= 4)
                for (step, made) in parts {
                    let by = made["by"]?.string
                    #expect(by == "model" && made["model"]?.string?.isEmpty == false, "\(step) \(made.text())")
                }
                let written = (outputs["report"] ?? outputs["account"])?.string ?? ""
                #expect(written.contains(WellBehaved.mark) && !written.contains(PatternHouse.key))
                try await expectSame(outputs, pattern)
                try expectChanges(pattern, house)
            }
            #expect(Set(upstream.requests.map(\.agent)).count >= 4)
            expectNothingLeaked(upstream)
        }
    }

    /// Each agent has another bad model, and in each pattern yet another.
    @Test(arguments: zip(patterns, [0, 2, 4])) func aBadModelLeavesTheProceduresResult(
        _ pattern: Pattern, _ shift: Int
    ) async throws {
        let kinds = Nasty.allCases
        @Sendable func kind(of agent: String) -> Nasty {
            kinds[((PatternHouse.agents.firstIndex(of: agent) ?? 0) + shift) % kinds.count]
        }
        try await ScriptedUpstream.with({ kind(of: $0.agent).reply(to: $0) }) { upstream in
            try await PatternHouse.with(upstream.address, patience: "1s") { house in
                let outputs = try await house.play(pattern.name)
                for (step, made) in parts(outputs) {
                    #expect(made["by"] == "procedure", "\(step) \(made.text())")
                    #expect(made["why"]?.string?.isEmpty == false && made["why"] != "no model is configured", "\(step)")
                }
                try await expectSame(outputs, pattern)
                try expectChanges(pattern, house)
            }
            #expect(Set(upstream.requests.map(\.agent)).count >= 4)
            expectNothingLeaked(upstream)
        }
    }

    /// What was changed is what the pattern itself changes, and each of it once.
    private func expectChanges(_ pattern: Pattern, _ house: PatternHouse) throws {
        let done = try house.records().filter { record in
            record["type"] == "outcome" && record["state"] == "done" && record["effect"] == "change"
                && record["tool"]?.string?.hasPrefix("workflow.") == false
                && record["tool"]?.string?.hasPrefix("gate.") == false
        }
        #expect(done.count == pattern.changes && done.allSatisfy { $0["tool"] == "scan.apply_fix" }, "\(done)")
        let key = try house.text("web/settings.py").contains(PatternHouse.key)
        #expect(key == (pattern.changes == 0))
    }
}
