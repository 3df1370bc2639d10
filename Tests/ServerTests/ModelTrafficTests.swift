import Core
import JSON
import Ledger
import TestSupport
import Testing

@testable import Server

/// Entries have the form in which the gate records calls; that it does is tested with the vendors' own clients.
struct ModelTrafficTests {
    private static func outcome(_ number: Int, model: String, state: String = "done") -> JSON {
        [
            "type": "outcome", "action": .string("act_\(number)"), "tool": "models.call", "principal": "usr_ada",
            "state": .string(state), "usage": ["money_micros": 70, "tokens": 50],
            "facts": [
                "surface": "openai.chat", "model": .string(model), "input_tokens": 30, "output_tokens": 20,
                "milliseconds": 12, "found": ["SECRET": 1],
            ],
        ]
    }

    private func withLedger(_ work: (Ledger, ManualWallClock) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            let clock = ManualWallClock(Timestamp(seconds: 1_800_000_000))
            var options = Ledger.Options()
            options.clock = clock
            let ledger = try Ledger.open(folder + "/ledger", key: try SigningKey(generating: "test"), options: options)
            try await work(ledger, clock)
            await ledger.close()
        }
    }

    @Test func sumsTheLastDayAndGoesOnWhereItWas() async throws {
        try await withLedger { ledger, clock in
            let reader = ModelTrafficReader(ledger)
            let intent: JSON = [
                "type": "intent", "action": "act_1", "tool": "models.call", "cargo": ["found": ["EMAIL": 2]],
            ]
            let denied: JSON = [
                "type": "decision", "action": "act_3", "tool": "models.call", "principal": "usr_eve", "state": "denied",
                "error": "no provider is cleared",
            ]
            let other: JSON = ["type": "outcome", "action": "act_4", "tool": "scan.assess", "state": "done"]
            for entry in [Self.outcome(0, model: "p/old"), intent, Self.outcome(1, model: "p/m")] {
                try await ledger.append(entry.bytes(), durability: .written)
                if entry["action"] == "act_0" { clock.advance(by: .seconds(23 * 3600)) }
            }
            #expect(try reader.traffic().sums(at: clock.now()).map(\.calls).reduce(0, +) == 2)
            clock.advance(by: .seconds(3600))
            for entry in [Self.outcome(2, model: "q/m", state: "failed"), denied, other] {
                try await ledger.append(entry.bytes(), durability: .written)
            }
            let traffic = try reader.traffic()
            let sums = traffic.sums(at: clock.now())
            #expect(sums.count == 24 && sums.suffix(2).map(\.calls) == [1, 2], "what is older than a day is left out")
            #expect(sums.last == ModelTraffic.Sum(calls: 2, failed: 2, tokens: 50, cost: 70))
            #expect(traffic.models(at: clock.now()).map(\.model) == ["p/m", "q/m", ""])
            #expect(traffic.keptBack(at: clock.now()).map(\.kind) == ["EMAIL", "SECRET"])
            #expect(traffic.latest.map(\.principal) == ["usr_eve", "usr_ada", "usr_ada", "usr_ada"])
            #expect(traffic.latest[2].keptBack == ["EMAIL": 2, "SECRET": 1])
        }
    }

    @Test func readsABoundedStretch() async throws {
        try await withLedger { ledger, clock in
            let count = Int(ModelTrafficReader.greatestStretch) + 500
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask {
                        _ = try? await ledger.append(Self.outcome(number, model: "p/m").bytes(), durability: .written)
                    }
                }
            }
            let traffic = try ModelTrafficReader(ledger).traffic()
            #expect(traffic.sums(at: clock.now()).last?.calls == count - 500)
            #expect(traffic.latest.count == 50)
            #expect(traffic.latest.map(\.index) == traffic.latest.map(\.index).sorted(by: >))
        }
    }

    @Test(
        arguments: [
            (0, "$0.00"), (7, "$0.000007"), (70, "$0.00007"), (1234, "$0.00123"), (999_999, "$0.99999"),
            (1_500_000, "$1.50"),
        ] as [(Int64, String)])
    func showsSmallCosts(_ millionths: Int64, _ text: String) { #expect(Shown.cost(millionths) == text) }
}
