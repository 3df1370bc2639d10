import Core
import Formats
public import Gate
import JSON

/// `scan.findings.triage`: decides about a finding that stays where it is, or takes a decision back.
public struct TriageTool: Tool {
    public static let id = "scan.findings.triage"

    private let findings: FindingsStore
    private let approvers: @Sendable (String) async throws -> [String]

    /// - Parameter approvers: the names of who agreed to an action, by its id.
    public init(findings: FindingsStore, approvers: @escaping @Sendable (String) async throws -> [String]) {
        self.findings = findings
        self.approvers = approvers
    }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: Self.id, title: "Decide about a finding",
            summary: "Marks a finding as known, suppressed or accepted, with owner, reason and end; or opens it again.",
            effect: .change,
            arguments: ToolDescriptor.object(Self.properties, required: ["finding", "state", "reason"]))
    }

    public func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let stored = try await findings.finding(try Self.finding(action))
        let finding = stored.finding
        let triage = try decision(action, context, [])
        try triage?.check()
        guard triage != nil || finding.triage != nil else {
            throw GatehouseError("scan", .conflict, "nobody decided anything about finding \(finding.id)")
        }
        let what = "\(finding.rule.title) in \(finding.path)"
        let summary =
            switch triage?.state {
            case .accepted: "accept the risk of \(what) until \(triage?.expires?.description.prefix(10) ?? "")"
            case let state?: "mark \(what) as \(state.rawValue)"
            case nil: "open \(what) again"
            }
        return Preview(
            summary: summary,
            diff: UnifiedDiff.between(
                Self.words(finding.triage, of: finding), Self.words(triage, of: finding), name: finding.id),
            facts: [
                "finding": .string(finding.id), "repository": .string(stored.repository),
                "rule": .string(finding.rule.id), "severity": .string(finding.severity.rawValue),
                "priority": .string(finding.priority.tier.word), "exploited": .bool(finding.isKnownExploited),
                "from": .string(finding.state.rawValue),
                "decision": finding.triage?.actionID.map { .string($0) } ?? .null,
                "to": .string((triage?.state ?? .open).rawValue),
            ], undo: Self.undo(action, finding))
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try Self.finding(action)
        try await checkUnchanged(id, since: context.preview)
        if let triage = try decision(action, context, try await approvers(action.id)) {
            try await findings.triage(id, triage)
        } else {
            let reason = action.arguments["reason"]?.string ?? ""
            try await findings.takeBack(id, reason: reason, by: context.principal.name, at: findings.clock.now())
        }
        return Answer(try await findings.finding(id).json)
    }

    /// What people agreed to replaces the decision that they were shown, and no later one.
    private func checkUnchanged(_ id: String, since preview: Preview?) async throws {
        guard let shown = preview?.facts["decision"] else { return }
        let decision = try await findings.finding(id).finding.triage?.actionID
        guard decision == shown.string else {
            throw GatehouseError(
                "scan", .conflict, "somebody has decided about finding \(id) since the preview was made",
                hint: "look at it as it is now, and ask again")
        }
    }

    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let stored = try await findings.finding(try Self.finding(action))
        let isOpening = action.arguments["state"]?.string == Finding.State.open.rawValue
        let happened = isOpening ? stored.finding.triage == nil : stored.finding.triage?.actionID == action.id
        return happened ? .happened(Answer(stored.json)) : .didNotHappen
    }

    // MARK: - Arguments

    private static func finding(_ action: Action) throws(GatehouseError) -> String {
        guard let id = action.arguments["finding"]?.string else { throw Triage.invalid("finding is missing") }
        return id
    }

    /// Nil for taking back.
    private func decision(_ action: Action, _ context: ActionContext, _ approvers: [String]) throws -> Triage? {
        let arguments = action.arguments
        func text(_ name: String) -> String? { arguments[name]?.string }
        guard let state = text("state").flatMap(Finding.State.init(rawValue:)) else {
            throw Triage.invalid("state is missing or none that there is")
        }
        if state == .open { return nil }
        let expires = try text("expires").map { text throws(GatehouseError) in
            guard let time = Timestamp(text) else {
                throw Triage.invalid("expires is no time", hint: "write it like 2027-01-31T00:00:00Z")
            }
            return time
        }
        return Triage(
            state, reason: text("reason") ?? "", owner: text("owner") ?? context.principal.name, risk: text("risk"),
            justification: text("justification").flatMap(Triage.Justification.init(rawValue:)), expires: expires,
            by: context.principal.name, approvers: approvers, decided: findings.clock.now(), actionID: action.id)
    }

    /// What was decided before is decided again.
    private static func undo(_ action: Action, _ finding: Finding) -> UndoPlan {
        var arguments: JSON = [
            "finding": .string(finding.id), "state": "open", "reason": .string("undo of \(action.id)"),
        ]
        guard let before = finding.triage else {
            return UndoPlan(tool: id, target: action.target, arguments: arguments, summary: "open it again")
        }
        arguments["state"] = .string(before.state.rawValue)
        arguments["reason"] = .string(before.reason)
        if !before.owner.isEmpty { arguments["owner"] = .string(before.owner) }
        arguments["risk"] = before.risk.map { .string($0) }
        arguments["justification"] = before.justification.map { .string($0.rawValue) }
        arguments["expires"] = before.expires.map { .string($0.description) }
        return UndoPlan(
            tool: id, target: action.target, arguments: arguments, summary: "mark it as \(before.state.rawValue) again")
    }

    /// A decision as lines that can be compared.
    private static func words(_ triage: Triage?, of finding: Finding) -> String {
        let facts: [(String, String?)] = [
            ("finding", "\(finding.rule.title) (\(finding.severity.rawValue))"), ("place", finding.placeText),
            ("state", (triage?.state ?? .open).rawValue), ("reason", triage?.reason), ("risk", triage?.risk),
            ("justification", triage?.justification?.rawValue), ("owner", triage?.owner),
            ("until", triage?.expires?.description),
        ]
        return facts.compactMap { name, value in value.map { "\(name): \($0)\n" } }.joined()
    }

    private static let properties: JSONObject = [
        "finding": ["type": "string", "minLength": 1, "maxLength": 64],
        "state": ["enum": .array(([.open] + Triage.states).map { .string($0.rawValue) })],
        "reason": ["type": "string", "minLength": 1, "maxLength": JSON(Triage.longestText)],
        "owner": [
            "type": "string", "minLength": 1, "maxLength": JSON(Triage.longestName),
            "description": "Who answers for it; who asks, where it is not said.",
        ],
        "risk": [
            "type": "string", "minLength": 1, "maxLength": JSON(Triage.longestText),
            "description": "What may come of it: of an accepted risk.",
        ],
        "justification": ["enum": .array(Triage.Justification.allCases.map { .string($0.rawValue) })],
        "expires": ["type": "string", "description": "When it is open again (RFC 3339)."],
    ]
}
