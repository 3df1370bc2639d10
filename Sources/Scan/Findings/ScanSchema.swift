public import Store

/// The tables of assessments and findings.
public enum Scan {
    public static let migrations: [Migration] = [
        Migration(
            id: "scan.001",
            steps: [
                .createTable(
                    "scan_assessments",
                    columns: [
                        .text("id", .primaryKey), .text("repository", .notNull), .text("target", .notNull),
                        .text("commit_id"),
                        .text("branch"), .time("started", .notNull), .time("finished", .notNull),
                        .integer("files", .notNull),
                        .integer("bytes", .notNull), .integer("findings", .notNull), .integer("unchecked", .notNull),
                        .json("open_counts", .notNull), .json("document"),
                    ]),
                .createIndex(on: "scan_assessments", columns: ["repository", "started"]),
                .createTable(
                    "scan_findings",
                    columns: [
                        .text("id", .primaryKey), .text("repository", .notNull), .text("fingerprint", .notNull),
                        .text("content_fingerprint", .notNull), .text("rule", .notNull), .text("title", .notNull),
                        .integer("severity", .notNull), .integer("tier", .notNull), .text("path", .notNull),
                        .text("state", .notNull),
                        .bool("only_in_history", .notNull), .text("triage"), .text("triage_reason"),
                        .time("first_seen", .notNull),
                        .time("last_seen", .notNull), .time("fixed_at"), .text("assessment", .notNull),
                        .json("document", .notNull),
                    ], unique: [["repository", "fingerprint"]]),
                .createIndex(on: "scan_findings", columns: ["state", "severity"]),
            ])
    ]
}
