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
            ]),
        lifecycle, sources,
    ]

    /// Under which fingerprints each tool that saw a finding would have it alone.
    private static let sources = Migration(
        id: "scan.003",
        steps: [
            .createTable(
                "scan_sources",
                columns: [
                    .text("repository", .notNull), .text("fingerprint", .notNull), .text("tool", .notNull),
                    .text("finding", .notNull),
                ], primaryKey: ["repository", "fingerprint"]),
            .createIndex(on: "scan_sources", columns: ["finding"]),
        ])

    /// What becomes of findings. What was kept before has its history from the times that are known.
    private static let lifecycle = Migration(
        id: "scan.002",
        steps: [
            .addColumn(.json("triage_record"), to: "scan_findings"),
            .addColumn(.time("triage_expires"), to: "scan_findings"),
            .addColumn(.text("found_state", .notNull, .defaultValue("open")), to: "scan_findings"),
            .addColumn(.text("found_reason"), to: "scan_findings"),
            .addColumn(.text("source", .notNull, .defaultValue("")), to: "scan_findings"),
            .addColumn(.time("opened_at"), to: "scan_findings"),
            .addColumn(.integer("due_days"), to: "scan_findings"),
            .addColumn(.time("due_at"), to: "scan_findings"),
            .addColumn(.bool("exploited", .notNull, .defaultValue(0)), to: "scan_findings"),
            .addColumn(.text("scope", .notNull, .defaultValue("whole")), to: "scan_assessments"),
            .createIndex(on: "scan_findings", columns: ["triage_expires"]),
            .createTable(
                "scan_finding_events",
                columns: [
                    .sequence("number"), .text("finding", .notNull), .text("repository", .notNull),
                    .integer("severity", .notNull), .text("kind", .notNull), .time("time", .notNull),
                    .text("state", .notNull), .text("detail", .notNull), .text("assessment"), .json("triage"),
                    .time("opened_at"), .time("due"),
                ]),
            .createIndex(on: "scan_finding_events", columns: ["finding", "number"]),
            .createIndex(on: "scan_finding_events", columns: ["time"]),
            .update("UPDATE scan_findings SET opened_at = first_seen"),
            .update(
                "UPDATE scan_findings SET found_state = state WHERE triage IS NULL AND state IN ('known', 'suppressed')"
            ),
            .update(
                """
                UPDATE scan_findings SET source = CASE WHEN document LIKE '%"source":"scan.dependencies"%'
                THEN 'scan.dependencies' WHEN document LIKE '%"source":"scan.infrastructure"%'
                THEN 'scan.infrastructure' ELSE 'scan.secrets' END
                """),
            .update(
                """
                UPDATE scan_assessments SET scope = 'part' WHERE document LIKE '%"scope":{"kind":"staged"%'
                OR document LIKE '%"scope":{"kind":"since"%'
                """),
            .update(
                """
                INSERT INTO scan_finding_events (finding, repository, severity, kind, time, state, detail)
                SELECT id, repository, severity, 'found', first_seen, 'open', '' FROM scan_findings
                """),
            .update(
                """
                INSERT INTO scan_finding_events (finding, repository, severity, kind, time, state, detail, assessment,
                opened_at) SELECT id, repository, severity, 'fixed', fixed_at, 'fixed', '', assessment, first_seen
                FROM scan_findings WHERE state = 'fixed' AND fixed_at IS NOT NULL
                """),
        ])
}
