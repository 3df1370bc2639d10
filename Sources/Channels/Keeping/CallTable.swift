import Core
import Store

/// Where each call stands.
enum CallTable {
    static let migration = Migration(
        id: "channels.002",
        steps: [
            .createTable(
                "channel_calls",
                columns: [
                    .text("channel", .notNull), .text("id", .notNull), .text("account", .notNull),
                    .text("nonce", .notNull), .text("stage", .notNull), .integer("tries", .notNull), .text("row"),
                    .integer("step", .notNull), .text("mark", .notNull), .text("answer"), .time("begun", .notNull),
                    .time("updated", .notNull),
                ], primaryKey: ["channel", "id"]),
            .createTable(
                "channel_wrong_pins",
                columns: [
                    .sequence("sequence"), .text("channel", .notNull), .text("account", .notNull),
                    .time("time", .notNull),
                ]),
            .createIndex(on: "channel_wrong_pins", columns: ["channel", "account", "time"]),
        ])

    static func find(_ id: String, of channel: String, _ tx: Transaction) throws -> PhoneCall? {
        try tx.first("SELECT * FROM channel_calls WHERE channel = ? AND id = ?", [.text(channel), .text(id)]).map {
            try PhoneCall($0)
        }
    }

    static func put(_ call: PhoneCall, of channel: String, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO channel_calls (channel, id, account, nonce, stage, tries, row, step, mark, answer, begun, updated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, id) DO UPDATE SET stage = excluded.stage,
            tries = excluded.tries, row = excluded.row, step = excluded.step, mark = excluded.mark,
            answer = excluded.answer, updated = excluded.updated
            """,
            [
                .text(channel), .text(call.id), .text(call.number), .text(call.nonce), .text(call.stage.rawValue),
                Value(call.tries), Value(call.row), Value(call.step), .text(call.mark), Value(call.answer),
                .time(call.begun), .time(now),
            ])
    }
}

extension PhoneCall {
    init(_ row: Row) throws {
        self.init(
            try row.text("id"), from: try row.text("account"), nonce: try row.text("nonce"),
            marked: try row.text("mark"), at: try row.time("begun"))
        guard let stage = Stage(rawValue: try row.text("stage")) else {
            throw GatehouseError("channels", .corrupt, "where the call \(id) stands cannot be read")
        }
        self.stage = stage
        tries = try row.int("tries")
        self.row = try row.optionalText("row")
        step = try row.int("step")
        answer = try row.optionalText("answer")
    }
}
