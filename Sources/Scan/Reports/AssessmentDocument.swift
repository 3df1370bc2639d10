import Core
public import JSON

/// An assessment as JSON: the report for machines, what the store keeps, and what a baseline may be read from.
/// `docs/findings.md` describes its members. A member is only ever added; anything else gets a new number.
public enum AssessmentDocument {
    public static let schema = "gatehouse.assessment/1"

    public static func json(_ assessment: Assessment) -> JSON {
        [
            "schema": .string(schema), "assessment": .string(assessment.id),
            "repository": .string(assessment.repository),
            "target": .string(assessment.target), "commit": text(assessment.commit), "branch": text(assessment.branch),
            "listing": .string(assessment.listing.rawValue), "scope": scope(assessment.scope),
            "history": assessment.history.map { ["blobs": JSON($0.blobs), "bytes": JSON($0.bytes)] } ?? .null,
            "started": .string(assessment.started.description), "finished": .string(assessment.finished.description),
            "rules": JSON(assessment.rules), "open": openCounts(assessment),
            "known": JSON(assessment.findings.count { $0.state == .known }),
            "suppressed": JSON(assessment.findings.count { $0.state == .suppressed }),
            "accepted": JSON(assessment.findings.count { $0.state == .accepted }), "overdue": JSON(assessment.overdue),
            "findings": .array(assessment.findings.map(finding)), "findings_cut": JSON(assessment.findingsCut),
            "could_not_check": .array(
                assessment.unchecked.map {
                    ["path": .string($0.path), "reason": .string($0.reason.rawValue), "detail": .string($0.detail)]
                }),
            "could_not_check_count": JSON(assessment.uncheckedCount), "inventory": inventory(assessment.inventory),
            "dependencies": .array(assessment.dependencies.map(\.json)),
            "advisories": .array(assessment.feeds.map(\.json)), "tools": .array(assessment.tools.map(\.json)),
        ]
    }

    /// Open findings by severity, all five of them.
    public static func openCounts(_ assessment: Assessment) -> JSON {
        .object(JSONObject(Severity.allCases.reversed().map { ($0.rawValue, JSON(assessment.count($0))) }))
    }

    public static func finding(_ finding: Finding) -> JSON {
        var json = plain(finding)
        if let due = finding.due { json["due"] = .string(due.description) }
        if let triage = finding.triage { json["triage"] = triage.json }
        if let details = finding.details { json["details"] = .object(details) }
        if !finding.sources.isEmpty { json["sources"] = .array(finding.sources.map(\.json)) }
        return json
    }

    private static func plain(_ finding: Finding) -> JSON {
        [
            "id": .string(finding.id), "fingerprint": .string(finding.fingerprint),
            "content_fingerprint": .string(finding.contentFingerprint), "rule": .string(finding.rule.id),
            "title": .string(finding.rule.title), "severity": .string(finding.severity.rawValue),
            "confidence": .string(finding.confidence.word), "verified": .bool(finding.isVerified),
            "validity": text(finding.validity?.rawValue),
            "path": .string(finding.path), "start": place(finding.start), "end": place(finding.end),
            "snippet": .string(finding.snippet), "remedy": .string(finding.rule.remedy),
            "source": .string(finding.source),
            "state": .string(finding.state.rawValue), "state_reason": text(finding.stateReason),
            "commit": finding.commit.map { ["id": .string($0.id), "authored": text($0.authored?.description)] }
                ?? .null,
            "only_in_history": .bool(finding.isOnlyInHistory), "priority": .string(finding.priority.tier.word),
            "priority_reason": .string(finding.priority.reason), "first_seen": .string(finding.firstSeen.description),
            "last_seen": .string(finding.lastSeen.description),
        ]
    }

    private static func scope(_ scope: Assessment.Scope) -> JSON {
        switch scope {
        case .whole: ["kind": "whole"]
        case .staged: ["kind": "staged"]
        case .since(let commit): ["kind": "since", "commit": .string(commit)]
        case .at(let commit): ["kind": "at", "commit": .string(commit)]
        }
    }

    private static func place(_ place: Place) -> JSON { ["line": JSON(place.line), "column": JSON(place.column)] }

    private static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    private static func inventory(_ inventory: Inventory) -> JSON {
        let languages = inventory.languages.sorted { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }
        let skipped = inventory.skipped.sorted { $0.key.rawValue < $1.key.rawValue }
        return [
            "files": JSON(inventory.total.files), "bytes": JSON(inventory.total.bytes),
            "lines": JSON(inventory.total.lines),
            "languages": .array(
                languages.map {
                    [
                        "name": .string($0.key), "files": JSON($0.value.files), "bytes": JSON($0.value.bytes),
                        "lines": JSON($0.value.lines),
                    ]
                }),
            "manifests": .array(inventory.manifests.map { ["path": .string($0.path), "kind": .string($0.kind)] }),
            "submodules": .array(inventory.submodules.map { .string($0) }),
            "skipped": .object(JSONObject(skipped.map { ($0.key.rawValue, JSON($0.value)) })),
        ]
    }
}
