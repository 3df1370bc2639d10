import Core
import JSON
import Ledger

/// Appends by many writers at once, and verification from the first leaf to the last.
enum LedgerBenchmark {
    static let writers = 64

    static func run() async throws -> [Figure] {
        try await withFolder { folder in
            let key = try SigningKey(generating: "benchmark")
            let ledger = try Ledger.open(folder, key: key)
            try await append(40, to: ledger, .durable)  // warms caches and the file
            let durable = try await append(2_000, to: ledger, .durable)
            let written = try await append(4_000, to: ledger, .written)
            let size = ledger.size
            await ledger.close()
            let verification = try await Spent.measure {
                let result = try await Ledger.verify(directory: folder, key: key.verifierKey)
                guard result.isSound, result.size == size else {
                    throw GatehouseError("benchmarks", .corrupt, "the ledger that was just written does not verify")
                }
            }
            return figures(durable, written, verification, leaves: Double(size))
        }
    }

    private static func figures(_ durable: Spent, _ written: Spent, _ verification: Spent, leaves: Double) -> [Figure] {
        let durableCount = Double(writers * 2_000)
        let writtenCount = Double(writers * 4_000)
        return [
            Figure(
                name: "ledger: durable appends at \(writers) writers", value: durableCount / durable.wall, unit: "/s",
                goal: .atLeast(20_000), note: "\(Figure.text(durable.cpu / durableCount * 1e6)) µs CPU each"),
            Figure(
                name: "ledger: written appends at \(writers) writers", value: writtenCount / written.wall, unit: "/s",
                note: "\(Figure.text(written.cpu / writtenCount * 1e6)) µs CPU each"),
            Figure(
                name: "ledger: leaves verified", value: leaves / verification.wall, unit: "/s", goal: .atLeast(300_000),
                note: "\(Figure.text(verification.cpu / leaves * 1e6)) µs CPU each"),
        ]
    }

    @discardableResult
    private static func append(_ count: Int, to ledger: Ledger, _ durability: Ledger.Durability) async throws -> Spent {
        try await Spent.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    let payload = record(writer)
                    group.addTask { for _ in 0..<count { try await ledger.append(payload, durability: durability) } }
                }
                try await group.waitForAll()
            }
        }
    }

    /// About what the gate writes for an action.
    private static func record(_ writer: Int) -> [UInt8] {
        let payload: JSON = [
            "v": 1, "type": "intent", "action": "act_01jd4k3v8m7qk2x9s0c5t6w8yz", "tool": "scan.assess",
            "target": "repo:/srv/repositories/team-\(writer)/checkout", "principal": "prn_01jd4k3v8m7qk2x9s0c5t6w8yz",
            "session": "ses_01jd4k3v8m7qk2x9s0c5t6w8yz", "effect": "read", "labels": ["secret"],
            "decision": ["verdict": "allow", "rule": "developers-may-read", "policy": "b8f1c0f3a9d24e67"],
            "arguments_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "time": "2026-11-20T10:11:12.000345Z",
        ]
        return payload.bytes()
    }
}
