import Store

extension Journal {
    /// A run's entries go with its row: see ``forget(before:limit:)``.
    static let migrations = [
        Migration(
            id: "flow.001",
            steps: [
                .createTable(
                    "flow_definition",
                    columns: [
                        // SHA-256 of the text.
                        .text("id", .primaryKey), .text("workflow", .notNull), .text("version", .notNull),
                        .json("text", .notNull), .time("kept", .notNull),
                    ]),
                .createTable(
                    "flow_run",
                    columns: [
                        .text("id", .primaryKey), .text("workflow", .notNull), .text("version", .notNull),
                        .reference("definition", to: "flow_definition", .notNull), .text("state", .notNull),
                        .text("principal_id", .notNull), .text("cause", .notNull), .text("parent"),
                        .integer("depth", .notNull), .text("run_group"),
                        // Which of its group it is: ids of one millisecond are in no order.
                        .integer("turn"), .integer("entries", .notNull),
                        // Names of events that it waits for, each between line feeds.
                        .text("listens"), .json("error"), .json("outputs"), .time("started", .notNull),
                        .time("updated", .notNull), .time("finished"),
                    ]),
                .createIndex(on: "flow_run", columns: ["state", "id"]),
                .createIndex(on: "flow_run", columns: ["workflow", "id"]),
                .createIndex(on: "flow_run", columns: ["run_group", "state"]),
                .createTable(
                    "flow_event",
                    columns: [
                        .reference("run_id", to: "flow_run", .notNull, onDelete: .cascade),
                        .integer("number", .notNull), .time("time", .notNull), .json("entry", .notNull),
                    ], primaryKey: ["run_id", "number"]),
                .createTable(
                    "flow_schedule",
                    columns: [
                        .text("workflow", .notNull), .text("cron", .notNull), .text("time_zone", .notNull),
                        .time("last", .notNull),
                    ], primaryKey: ["workflow", "cron", "time_zone"]),
            ]),
        Migration(id: "flow.002", steps: [.createIndex(on: "flow_run", columns: ["finished"])]),
    ]
}
