import Core
import JSON
import Ledger

/// How actions ended by the ledger, which is written before the store: a process that ends between the two leaves the store
/// behind.
struct RecordedEnds {
    struct End: Sendable, Hashable {
        /// Done or failed.
        var state: ActionRecord.State
        var error: String?
        var answerHash: String?
        /// In the ledger.
        var leaf: UInt64
    }

    /// Entries looked at, from the newest back. Only what was under way when the process ended is looked for: its end is among
    /// the last that were written.
    private static let latest: UInt64 = 10_000

    private var ends: [String: End] = [:]

    subscript(action: String) -> End? { ends[action] }

    /// - Throws: what reading the ledger throws.
    init(of actions: Set<String>, in ledger: Ledger) throws {
        guard !actions.isEmpty else { return }
        let outcomes = try ledger.find(
            containing: Array("\"type\":\"outcome\"".utf8), limit: Int(Self.latest), scanning: Self.latest)
        for entry in outcomes.entries where entry.kind == .record {
            guard let payload = entry.payload, let json = try? JSON.parse(payload), json["type"] == "outcome",
                let action = json["action"]?.string, actions.contains(action), ends[action] == nil,
                let state = json["state"]?.string.flatMap(ActionRecord.State.init(rawValue:)),
                state == .done || state == .failed
            else { continue }
            ends[action] = End(
                state: state, error: json["error"]?.string, answerHash: json["answer_hash"]?.string, leaf: entry.index)
        }
    }
}
