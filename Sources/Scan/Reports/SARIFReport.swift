import Core
public import Formats
import JSON

extension AssessmentReport {
    /// As a SARIF log of one run. Accepted findings are in it, with their suppression.
    public var sarif: SARIF.Log {
        var rules: [String: SARIF.Rule] = [:]
        for finding in assessment.findings where rules[finding.rule.id] == nil {
            rules[finding.rule.id] = Self.rule(finding.rule, tags: Self.tags(finding))
        }
        let run = SARIF.Run(
            tool: .init(name: "Gatehouse", version: version, rules: rules.values.sorted { $0.id < $1.id }),
            results: assessment.findings.filter { $0.state != .fixed }.map(Self.result),
            invocation: .init(
                started: assessment.started.description, finished: assessment.finished.description,
                notifications: assessment.unchecked.map(Self.notification)),
            repository: repository, automationID: "gatehouse/assess/\(assessment.id)")
        return SARIF.Log(runs: [run])
    }

    private var repository: SARIF.Repository? {
        guard assessment.repository.hasPrefix("https://") || assessment.repository.hasPrefix("ssh://") else {
            return nil
        }
        return .init(address: assessment.repository, revision: assessment.commit, branch: assessment.branch)
    }

    /// What it is about, and its weaknesses as code scanning services read them.
    private static func tags(_ finding: Finding) -> [String] {
        let kind =
            switch finding.source {
            case "scan.secrets": "secret"
            case "scan.dependencies": "dependency"
            case "scan.infrastructure": "infrastructure"
            default: "code"
            }
        let weaknesses = (finding.details?["cwe"]?.array ?? []).compactMap(\.string)
        return ["security", kind] + weaknesses.map { "external/cwe/\($0.lowercased())" }
    }

    private static func rule(_ rule: ScanRule, tags: [String]) -> SARIF.Rule {
        SARIF.Rule(
            id: rule.id, title: rule.title, help: rule.remedy, level: level(rule.severity),
            securitySeverity: score(rule.severity), tags: tags)
    }

    private static func result(_ finding: Finding) -> SARIF.Result {
        let place = MemberPath.containers(of: finding.path).isEmpty ? finding.path : finding.placeText
        var message = "\(finding.rule.title) in \(place). \(finding.rule.remedy)"
        if let commit = finding.commitText { message += " (\(commit))" }
        var properties: JSONObject = [
            "confidence": .string(finding.confidence.word), "verified": .bool(finding.isVerified),
            "priority": .string(finding.priority.tier.word), "priorityReason": .string(finding.priority.reason),
            "onlyInHistory": .bool(finding.isOnlyInHistory),
        ]
        if let commit = finding.commit { properties["commit"] = .string(commit.id) }
        if !finding.sources.isEmpty { properties["sources"] = .array(finding.sources.map(\.json)) }
        if let validity = finding.validity { properties["validity"] = .string(validity.rawValue) }
        if let due = finding.due { properties["due"] = .string(due.description) }
        return SARIF.Result(
            ruleID: finding.rule.id, level: level(finding.severity), message: message,
            location: location(finding),
            partialFingerprints: [
                "gatehouseFingerprint/v1": finding.fingerprint,
                "gatehouseContentFingerprint/v1": finding.contentFingerprint,
            ],
            suppression: suppression(finding), rank: 100 - Double(finding.priority.tier.rawValue - 1) * 25,
            properties: properties)
    }

    /// What lies in an archive or notebook has its place there: a service that shows files knows the outermost only.
    private static func location(_ finding: Finding) -> SARIF.Location {
        if finding.isAtAddress { return .init(path: finding.path) }
        if let container = MemberPath.containers(of: finding.path).first { return .init(path: container) }
        return .init(
            path: finding.path,
            region: .init(
                startLine: finding.start.line, startColumn: finding.start.column, endLine: finding.end.line,
                endColumn: finding.end.column, snippet: finding.snippet))
    }

    private static func suppression(_ finding: Finding) -> SARIF.Suppression? {
        switch finding.state {
        case .known, .accepted: .init(kind: .external, justification: finding.acceptanceText)
        case .suppressed:
            .init(kind: finding.triage == nil ? .inSource : .external, justification: finding.acceptanceText)
        case .open, .fixed: nil
        }
    }

    private static func notification(_ place: CouldNotCheck) -> SARIF.Notification {
        SARIF.Notification(
            id: "could-not-check/\(place.reason.rawValue)", level: .warning,
            message: "could not check: \(place.detail)",
            location: place.path.isEmpty
                ? nil : .init(path: MemberPath.containers(of: place.path).first ?? place.path))
    }

    private static func level(_ severity: Severity) -> SARIF.Level {
        switch severity {
        case .critical, .high: .error
        case .medium: .warning
        case .low, .info: .note
        }
    }

    /// In the bands by which code scanning services read the number.
    private static func score(_ severity: Severity) -> Double {
        switch severity {
        case .critical: 9.5
        case .high: 8
        case .medium: 5.5
        case .low: 3
        case .info: 0
        }
    }
}
