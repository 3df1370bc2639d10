import Core
import Gate
import JSON
import Ledger

/// An action as the ledger alone has it: a read that was answered at once, such as a call to a model.
struct RecordedAction: Sendable {
    /// Entries looked through, from the newest.
    private static let scanning: UInt64 = 200_000

    let id: String
    /// Oldest first.
    private let entries: [(index: UInt64, payload: JSON)]

    /// Nil where the newest entries say nothing of it.
    /// - Throws: what the ledger reports of entries that it cannot read.
    init?(_ id: String, in ledger: Ledger) throws {
        guard Identifier.isValid(id, prefix: "act") else { return nil }
        let found = try ledger.find(
            containing: Array(#""action":"\#(id)""#.utf8), limit: 16, scanning: Self.scanning)
        entries = found.entries.reversed().compactMap { entry in
            entry.payloadJSON.flatMap { $0["action"]?.string == id ? (entry.index, $0) : nil }
        }
        self.id = id
        if entries.isEmpty { return nil }
    }

    var principalID: String { first("principal") ?? "" }
    var tool: String { first("tool") ?? "" }

    private func first(_ name: String) -> String? { entries.lazy.compactMap { $0.payload[name]?.string }.first }
    private func last(_ name: String) -> JSON? { entries.lazy.reversed().compactMap { $0.payload[name] }.first }

    /// For the page of an action.
    func values(_ names: Names, _ now: Timestamp) -> Shown.Values {
        let state = last("state")?.string ?? ""
        var values: Shown.Values = [
            "id": id, "tool": tool, "target": first("target") ?? "", "by": names[principalID],
            "session": first("session") ?? "", "state": Shown.stateChip(state == "kept" ? "performing" : state),
            "canUndo": false, "diff": Shown.diff(""), "summary": "",
            "entries": entries.map { entry -> Shown.Values in
                ["index": "\(entry.index)", "type": entry.payload["type"]?.string ?? ""]
            },
        ]
        if let effect = first("effect").flatMap(Effect.init(rawValue:)) { values["effect"] = Shown.chip(effect) }
        if let time = first("time").flatMap({ Timestamp($0) }) { values["when"] = Shown.time(time, at: now) }
        if let error = last("error")?.string { values["error"] = error }
        if let reason = first("reason") { values["reason"] = reason }
        if let whole = first("part_of") { values["partOf"] = whole }
        if let facts = Shown.pretty(last("facts")) { values["facts"] = facts }
        if let bodies = last("bodies") { values["said"] = ["rows": Self.rows(bodies)] as Shown.Values }
        return values
    }

    private static func rows(_ bodies: JSON) -> [Shown.Values] {
        let said = (bodies["request"]?.array ?? []).map { ($0["by"]?.string ?? "", $0) }
        let answered = (bodies["answer"]?.array ?? []).map { ("answer", $0) }
        return (said + answered).map { by, text in
            let cut = text["cut"]?.bool == true ? " …" : ""
            return ["by": by, "text": text["text"]?.string.map { $0 + cut } ?? "withheld"]
        }
    }
}
