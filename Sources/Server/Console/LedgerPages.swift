import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger

/// The record as pages: the list, and an entry with the proof that it is in the tree.
struct LedgerPages: Sendable {
    let page: Page
    let rooms: Rooms

    private static let perPage: UInt64 = 50

    var routes: [Route] {
        [
            Route(.get, "/ledger", access: .console, handler: list),
            Route(.get, "/ledger/{index}", access: .console, handler: show),
        ]
    }

    private func audit(_ call: Call) throws { try rooms.demand(Rooms.watchers, of: call, to: "read the ledger") }

    private func list(_ call: Call) async throws -> Response {
        try audit(call)
        let now = rooms.clock.now()
        let size = rooms.ledger.size
        let end = min(UInt64(try call.number("before", default: Int(clamping: size), in: 0...Int.max)), size)
        let start = end > Self.perPage ? end - Self.perPage : 0
        let names = try await Names(rooms)
        let entries = try rooms.ledger.entries(start..<end)
        var values: Shown.Values = [
            "any": !entries.isEmpty, "newest": end == size, "rows": entries.reversed().map { Self.row($0, names, now) },
            "range": entries.isEmpty
                ? "" : "\(Shown.number(start)) to \(Shown.number(end - 1)) of \(Shown.number(size))",
        ]
        if end < size {
            values["newer"] = end + Self.perPage >= size ? "/ledger" : "/ledger?before=\(end + Self.perPage)"
        }
        if start > 0 { values["older"] = "/ledger?before=\(start)" }
        return try page.response(
            "ledger", title: "Ledger", place: "/ledger", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func row(_ entry: Ledger.Entry, _ names: Names, _ now: Timestamp) -> Shown.Values {
        let payload = entry.payloadJSON
        var row: Shown.Values = [
            "index": "\(entry.index)", "type": payload?["type"]?.string ?? entry.kind.name,
            "target": payload?["target"]?.string ?? "", "by": payload?["principal"]?.string.map { names[$0] } ?? "",
            "leaf": String(Hex.encode(entry.leaf.hash.bytes).prefix(10)) + "…", "when": Shown.time(entry.time, at: now),
        ]
        row["tool"] = payload?["tool"]?.string
        if entry.isErased { row["type"] = "erased" }
        let state = payload?["state"]?.string ?? payload?["decision"]?["verdict"]?.string
        if let state { row["state"] = Shown.stateChip(state) }
        if payload?["type"]?.string == "intent" { row["state"] = Shown.chip("performing", "s-run", "begun") }
        return row.compactMapValues { $0 as Any? }
    }

    private func show(_ call: Call) async throws -> Response {
        try audit(call)
        let index = try LedgerRoutes.index(call)
        let entry = try rooms.ledger.entry(index)
        let proof = try rooms.ledger.inclusionProof(index)
        let names = try await Names(rooms)
        var values = Self.row(entry, names, rooms.clock.now())
        values.merge(Self.proof(proof)) { _, new in new }
        values["kind"] = entry.kind.name
        values["leafHash"] = Hex.encode(entry.leaf.hash.bytes)
        values["commitment"] = Hex.encode(entry.leaf.commitment.bytes)
        if let salt = entry.salt { values["salt"] = Hex.encode(salt) }
        if let payload = entry.payload {
            values["payload"] = entry.payloadJSON?.text(pretty: true) ?? "\(payload.count) bytes that are not JSON"
        }
        if let action = entry.payloadJSON?["action"]?.string { values["action"] = action }
        return try page.response(
            "entry", title: "Entry \(index)", place: "/ledger", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func proof(_ proof: Ledger.InclusionProof) -> Shown.Values {
        let tree = ProofTree(proof)
        let holds = proof.holds
        let steps = Shown.count(proof.path.count, "hash", "hashes")
        return [
            "proved": Shown.chip(
                holds ? "verified" : "broken", holds ? "s-yes" : "s-no", holds ? "verified" : "does not verify"),
            "proofText": holds
                ? "Checked here just now: with \(steps) of its way up, this entry gives the root over \(Shown.number(proof.size)) entries."
                : "The hashes do not lead to the root. Run gatehouse ledger verify.",
            "tree": tree.svg(root: proof.root), "size": Shown.number(proof.size), "root": Hex.encode(proof.root.bytes),
            "path": [
                "any": !tree.steps.isEmpty,
                "rows": tree.steps.map { step -> Shown.Values in
                    [
                        "level": step.level, "side": step.siblingIsLeft ? "left" : "right",
                        "hash": Hex.encode(step.sibling.bytes),
                    ]
                },
            ] as Shown.Values,
        ]
    }
}
