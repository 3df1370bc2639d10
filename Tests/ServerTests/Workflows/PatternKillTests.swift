import Core
import Flow
import Foundation
import Gate
import JSON
import Ledger
import Store
import TestSupport
import Testing

@testable import Server

/// Houses that are killed while they run a pattern without a model, and started again. How often: `GATEHOUSE_KILLS`,
/// six where it is not said; `scripts/kill-patterns.sh` does it thirty times.
@Suite("Patterns whose process is killed", .serialized, .timeLimit(.minutes(30)))
struct PatternKillTests {
    private static let kills = ProcessInfo.processInfo.environment["GATEHOUSE_KILLS"].flatMap { Int($0) } ?? 6
    private static let seed = ProcessInfo.processInfo.environment["GATEHOUSE_SEED"].flatMap { UInt64($0) }

    @Test(
        "in the middle of whatever: nothing is done twice, the record is sound, and each run comes to an end",
        arguments: ["continuous-assessment", "incident-response", "compliance"])
    func killed(_ workflow: String) async throws {
        let folder = ScratchFolder()
        let seed = Self.seed ?? UInt64.random(in: 0...1 << 32)
        var random = SeededRandom(seed: seed)
        var kills = 0
        for _ in 0..<Self.kills {
            let process = try PatternProcess(folder.path, workflow)
            let (moment, longest) = Self.moment(of: workflow, using: &random)
            if process.killed(at: moment, delay: UInt32.random(in: 0...longest, using: &random)) { kills += 1 }
        }
        #expect(kills == Self.kills, "the probe ended by itself or stood still; seed \(seed)")
        #expect(try PatternProcess(folder.path, workflow, finishes: true).status() == 0, "seed \(seed)")
        let figures = try await KilledHouse(folder.file("data")).check(workflow)
        if ProcessInfo.processInfo.environment["GATEHOUSE_KILLS"] != nil {
            FileHandle.standardError.write(Data("\(workflow), seed \(seed), \(kills) kills: \(figures)\n".utf8))
        }
    }
}

extension PatternKillTests {
    /// One in six before the house is open, two in six while it changes something, the others by how far its ledger has
    /// come; and how many microseconds later at the most.
    private static func moment(
        of workflow: String, using random: inout SeededRandom
    ) -> (PatternProcess.Moment, UInt32) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: (.lines(0), 1_500_000)
        case 1, 2: workflow == "compliance" ? (.lines(2), 300_000) : (.change, 400_000)
        default: (.lines(Int.random(in: 1...16, using: &random)), 150_000)
        }
    }
}

/// What houses that were killed have left behind.
private struct KilledHouse {
    private let records: [JSON]
    private let runs: [(id: String, state: String)]

    init(_ data: String) async throws {
        let key = try VerifierKey(
            parsing: String(contentsOfFile: "\(data)/ledger.pub", encoding: .utf8).trimmingCharacters(in: .newlines))
        let verified = try await Ledger.verify(directory: "\(data)/ledger", key: key, against: [])
        #expect(verified.isSound, "\(verified.problems)")
        let ledger = try LedgerReader(directory: "\(data)/ledger")
        records = try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
        let store = try Store.open(path: "\(data)/gatehouse.db", migrations: HouseRooms.migrations)
        runs = try await store.read { tx in
            try tx.query("SELECT id, state FROM flow_run").map { (try $0.text("id"), try $0.text("state")) }
        }
        try store.close()
    }

    /// - Returns: what was counted.
    func check(_ workflow: String) throws -> String {
        let changes = records.filter { $0["effect"] == "change" }
        let actions = Dictionary(grouping: changes) { $0["action"]?.string ?? "" }
        for (action, entries) in actions {
            // An outcome that was not seen is recorded as unknown, and once more when it is known after all.
            let ends = entries.filter { $0["type"] == "outcome" && $0["state"] != "unknown" }
            #expect(entries.count { $0["type"] == "intent" } <= 1 && ends.count <= 1, "\(action) \(entries)")
        }
        var done: [String: Int] = [:]
        for entry in changes where entry["type"] == "outcome" && entry["state"] == "done" {
            done[key(of: entry), default: 0] += 1
        }
        let twice = done.filter { $0.value > 1 }
        #expect(twice.isEmpty, "\(twice)")
        let ends: Set = ["succeeded", "undone", "failed"]
        #expect(!runs.isEmpty && runs.allSatisfy { ends.contains($0.state) }, "\(runs)")
        let applied = changes.filter { isDone($0, "scan.apply_fix") }.count
        if workflow == "compliance" { #expect(applied == 0) }
        let unknown = Set(changes.filter { $0["state"] == "unknown" }.compactMap { $0["action"]?.string })
        let settled = changes.filter { isDone($0, "workflow.resume") }.count
        return
            "\(runs.count) runs (\(Set(runs.map(\.state)).sorted().joined(separator: ", "))), \(records.count) entries, "
            + "\(applied) times applied, \(changes.filter { isDone($0, "scan.undo_fix") }.count) times taken back, "
            + "\(unknown.count) outcomes unknown at first, \(settled) settled by a person"
    }

    private func isDone(_ entry: JSON, _ tool: String) -> Bool {
        entry["tool"]?.string == tool && entry["type"] == "outcome" && entry["state"] == "done"
    }

    /// Of a run's step, whichever attempt; of what people ask for, the action.
    private func key(of entry: JSON) -> String {
        let tool = entry["tool"]?.string ?? ""
        guard tool.hasPrefix("scan.") else { return "\(tool) \(entry["action"]?.string ?? "")" }
        return "\(tool) \(entry["reason"]?.string ?? "") \(entry["undoes"]?.string ?? "")"
    }
}
