import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger

/// The record: its entries, proofs that they are in it, and that it only ever grew.
struct LedgerRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [
            Route(.get, "/api/v1/ledger", access: .principal, operation: listOperation) { call in
                try audit(call)
                return try list(call)
            },
            Route(.get, "/api/v1/ledger/checkpoint", access: .principal, operation: checkpointOperation) { _ in
                try await checkpoint()
            },
            Route(.get, "/api/v1/ledger/key", access: .principal, operation: keyOperation) { _ in
                .json(["origin": .string(rooms.ledger.origin), "key": .string(rooms.ledger.verifierKey.description)])
            },
            Route(
                .get, "/api/v1/ledger/consistency", access: .principal, operation: consistencyOperation,
                handler: consistency),
            Route(.get, "/api/v1/ledger/export", access: .principal, unhurried: true, operation: exportOperation) {
                call in
                try audit(call)
                return try await export()
            },
            Route(.get, "/api/v1/ledger/{index}", access: .principal, operation: getOperation) { call in
                try audit(call)
                return .json(try rooms.ledger.entry(try Self.index(call)).json)
            },
            Route(.get, "/api/v1/ledger/{index}/proof", access: .principal, operation: proofOperation) { call in
                let size = try call.query["size"].map { _ in try call.number("size", default: 0, in: 1...Int.max) }
                return .json(try rooms.ledger.inclusionProof(try Self.index(call), size: size.map(UInt64.init)).json)
            },
        ]
    }

    private func audit(_ call: Call) throws {
        guard try rooms.mayWatch(call) else {
            throw GatehouseError(
                "http", .denied, "you may not read the ledger",
                hint: "it takes one of the roles \(Rooms.watchers.sorted().joined(separator: ", "))")
        }
    }

    static func index(_ call: Call) throws -> UInt64 {
        guard let index = UInt64(call.parameter("index")) else {
            throw GatehouseError("http", .invalid, "the index of a ledger entry is a whole number from 0")
        }
        return index
    }

    /// Upwards from `from`; without it, the newest, downwards.
    private func list(_ call: Call) throws -> Response {
        let limit = try call.number("limit", default: 100, in: 1...1000)
        let size = rooms.ledger.size
        let before = try UInt64(call.number("before", default: Int(clamping: size), in: 0...Int.max))
        let end = min(before, size)
        let start = end > UInt64(limit) ? end - UInt64(limit) : 0
        let entries = try rooms.ledger.entries(start..<end)
        return .page("entries", entries.reversed().map(\.json), next: start > 0 ? String(start) : nil)
    }

    private func checkpoint() async throws -> Response {
        let note = try await rooms.ledger.checkpoint()
        let point = try Checkpoint(parsing: note.text)
        return .json([
            "size": .whole(point.size), "root": .string(Hex.encode(point.root.bytes)),
            "note": .string(note.description),
        ])
    }

    private func consistency(_ call: Call) throws -> Response {
        let from = try call.number("from", default: 0, in: 0...Int.max)
        let to = try call.number("to", default: Int(clamping: rooms.ledger.size), in: 0...Int.max)
        return .json(try rooms.ledger.consistencyProof(UInt64(from), UInt64(to)).json)
    }

    /// One entry a line, in the form that `gatehouse ledger verify` reads.
    private func export() async throws -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/jsonl", .contentDisposition: "attachment; filename=\"ledger.jsonl\""],
            body: try await LedgerExport.body(of: rooms.ledger, folder: rooms.folder))
    }

    private var listOperation: Operation {
        Operation(
            "listLedger", "ledger", "Entries, newest first.",
            query: [Operation.limit, .init("before", Schema.integer(least: 0), "only entries with a smaller index")],
            answers: [200: .json(Schema.page("entries", of: Schema.ref("LedgerEntry")))])
    }
    private var checkpointOperation: Operation {
        Operation(
            "getCheckpoint", "ledger", "A checkpoint over everything recorded so far.",
            answers: [200: .json(Schema.ref("Checkpoint"))])
    }
    private var keyOperation: Operation {
        Operation(
            "getLedgerKey", "ledger", "The public key that checkpoints verify with.",
            answers: [200: .json(Schema.object(["origin": Schema.string(), "key": Schema.string()]))])
    }
    private var consistencyOperation: Operation {
        Operation(
            "proveConsistency", "ledger", "That the ledger at size `from` is the beginning of the ledger at size `to`.",
            query: [
                .init("from", Schema.integer(least: 0), "the smaller size"),
                .init("to", Schema.integer(least: 0), "the greater size; now, when not given"),
            ], answers: [200: .json(Schema.ref("ConsistencyProof"))])
    }
    private var exportOperation: Operation {
        Operation(
            "exportLedger", "ledger", "Everything, a line of JSON each, for verifying offline.",
            answers: [200: .other("application/jsonl")])
    }
    private var getOperation: Operation {
        Operation("getLedgerEntry", "ledger", "One entry.", answers: [200: .json(Schema.ref("LedgerEntry"))])
    }
    private var proofOperation: Operation {
        Operation(
            "proveInclusion", "ledger", "That an entry is in the ledger.",
            query: [.init("size", Schema.integer(least: 1), "of the tree to prove against; now, when not given")],
            answers: [200: .json(Schema.ref("InclusionProof"))])
    }
}

extension Ledger.Entry {
    var json: JSON {
        var out: JSONObject = [
            "index": .whole(index), "kind": .string(kind.name), "time": .time(time), "wall_time": .time(leaf.wallTime),
            "leaf_hash": .string(Hex.encode(leaf.hash.bytes)), "commitment": .string(Hex.encode(leaf.commitment.bytes)),
            "erased": .bool(isErased),
        ]
        if let salt { out["salt"] = .string(Hex.encode(salt)) }
        if let payload { out["payload"] = payloadJSON ?? .string(Hex.encode(payload)) }
        return .object(out)
    }

    var payloadJSON: JSON? { payload.flatMap { try? JSON.parse($0) } }
}

extension EntryKind {
    var name: String { String(describing: self) }
}

extension Ledger.InclusionProof {
    var json: JSON {
        [
            "index": .whole(index), "size": .whole(size), "leaf_hash": .string(Hex.encode(leafHash.bytes)),
            "root": .string(Hex.encode(root.bytes)), "path": .array(path.map { .string(Hex.encode($0.bytes)) }),
            "verified": .bool(holds),
        ]
    }
}

extension Ledger.ConsistencyProof {
    var json: JSON {
        [
            "from": .whole(first), "to": .whole(second), "from_root": .string(Hex.encode(firstRoot.bytes)),
            "to_root": .string(Hex.encode(secondRoot.bytes)),
            "path": .array(path.map { .string(Hex.encode($0.bytes)) }),
            "verified": .bool(holds),
        ]
    }
}
