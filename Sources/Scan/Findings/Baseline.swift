public import Core
public import JSON

/// Findings that are accepted as known, each with a reason: read from a baseline file or an earlier JSON report.
public struct Baseline: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var fingerprint: String
        public var contentFingerprint: String?
        public var reason: String
        /// When it holds no more; nil for never.
        public var expires: Timestamp?

        func holds(at time: Timestamp) -> Bool { expires.map { time < $0 } ?? true }
    }

    public static let schema = "gatehouse.baseline/1"
    /// Of a file that is read.
    public static let maximumBytes = 64 << 20

    public private(set) var entries: [String: Entry] = [:]

    private var byContent: [String: Entry] = [:]

    public init(_ entries: [Entry] = []) {
        for entry in entries { add(entry) }
    }

    private mutating func add(_ entry: Entry) {
        entries[entry.fingerprint] = entry
        if let content = entry.contentFingerprint { byContent[content] = entry }
    }

    /// - Throws: `invalid`, with the place in the file.
    public init(parsing bytes: [UInt8], name: String) throws(GatehouseError) {
        let json: JSON
        do {
            json = try JSON.parse(bytes, limits: .init(bytes: Baseline.maximumBytes, values: 4_000_000))
        } catch {
            throw GatehouseError("scan", .invalid, "the baseline \(name) is not JSON", cause: error.description)
        }
        guard let schema = json["schema"]?.string, [Baseline.schema, AssessmentDocument.schema].contains(schema) else {
            throw GatehouseError(
                "scan", .invalid, "\(name) is neither a baseline nor a report of an assessment",
                hint: "write one with --write-baseline, or give a report made with --format json")
        }
        let isReport = schema == AssessmentDocument.schema
        for (index, element) in (json["findings"]?.array ?? []).enumerated() {
            guard let fingerprint = element["fingerprint"]?.string, fingerprint.utf8.count <= 128 else {
                throw GatehouseError("scan", .invalid, "\(name): findings[\(index)] has no fingerprint")
            }
            let reason =
                isReport ? element["state_reason"]?.string ?? "in an earlier report" : element["reason"]?.string
            add(
                Entry(
                    fingerprint: fingerprint, contentFingerprint: element["content_fingerprint"]?.string,
                    reason: reason ?? "in the baseline", expires: try Self.expiry(element, name, index)))
        }
    }

    private static func expiry(_ element: JSON, _ name: String, _ index: Int) throws(GatehouseError) -> Timestamp? {
        guard let text = (element["expires"] ?? element["triage"]?["expires"])?.string else { return nil }
        guard let time = Timestamp(text) else {
            throw GatehouseError(
                "scan", .invalid, "\(name): findings[\(index)] expires at no time",
                hint: "write it like 2027-01-31T00:00:00Z")
        }
        return time
    }

    /// The findings of an assessment that are open, known or put aside by somebody, as a baseline file, by path. A
    /// decision holds there as long as it does here.
    public static func document(_ assessment: Assessment) -> JSON {
        let kept = assessment.findings.filter { $0.state == .open || $0.state == .known || $0.triage != nil }
        let entries = kept.sorted { ($0.path, $0.fingerprint) < ($1.path, $1.fingerprint) }.map { finding -> JSON in
            var entry: JSON = [
                "fingerprint": .string(finding.fingerprint), "content_fingerprint": .string(finding.contentFingerprint),
                "rule": .string(finding.rule.id), "path": .string(finding.path),
                "reason": .string(
                    finding.state == .open ? "accepted when the baseline was written" : finding.stateReason ?? ""),
            ]
            entry["expires"] = finding.triage?.expires.map { .string($0.description) }
            return entry
        }
        return [
            "schema": .string(schema), "repository": .string(assessment.repository),
            "written": .string(assessment.finished.description), "findings": .array(entries),
        ]
    }

    /// Why the finding is accepted; nil when it is not. One that has moved to another file is known by its content, as
    /// long as it is gone from where it was.
    ///
    /// - Parameters:
    ///   - time: what has expired then does not count.
    ///   - isPresent: whether a fingerprint is among the findings of this assessment.
    func reason(for finding: Finding, at time: Timestamp, isPresent: (String) -> Bool) -> String? {
        if let entry = entries[finding.fingerprint] { return entry.holds(at: time) ? entry.reason : nil }
        // What was accepted of one source is accepted of the flaw.
        if let entry = finding.sources.lazy.compactMap({ entries[$0.fingerprint] }).first(where: { $0.holds(at: time) })
        {
            return entry.reason
        }
        guard let moved = byContent[finding.contentFingerprint], !isPresent(moved.fingerprint) else { return nil }
        return moved.holds(at: time) ? moved.reason : nil
    }
}
