import Core
import Gate
import JSON
import Ledger
import Scan

/// What agents may ask the house itself, over MCP or as actions: the same that people read over the API.
enum ReadingTools {
    static func all(_ gate: GateReference, _ ledger: Ledger, _ findings: FindingsStore) -> [any Tool] {
        [
            FindingsListTool(findings: findings), FindingsDigestTool(findings: findings),
            LedgerProveTool(ledger: ledger), ApprovalsListTool(gate: gate),
            SessionBudgetTool(gate: gate),
        ]
    }

    fileprivate static let limit: JSON = [
        "type": "integer", "description": "At most so many.", "minimum": 1, "maximum": 200,
    ]

    /// Whoever watches the house sees what is everybody's, the others what is their own.
    fileprivate static func watches(_ principal: Principal) -> Bool {
        !principal.roles.isDisjoint(with: Rooms.watchers)
    }
}

/// `findings.list`
private struct FindingsListTool: Tool {
    let findings: FindingsStore

    let descriptor = ToolDescriptor(
        id: "findings.list", title: "List findings",
        summary: "What assessments found and is still open, what to do first before the rest.", effect: .read,
        arguments: ToolDescriptor.object([
            "severity": ["enum": .array(Severity.allCases.map { .string($0.rawValue) })],
            "repository": ["type": "string", "description": "Only of this repository.", "maxLength": 1000],
            "text": ["type": "string", "description": "Part of the path, title or rule.", "maxLength": 200],
            "limit": ReadingTools.limit,
        ]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard !context.principal.roles.isDisjoint(with: FindingRoutes.readers) else {
            throw GatehouseError("scan", .denied, "findings are for those who work here")
        }
        var filter = FindingsFilter()
        filter.states = [.open]
        filter.severities = Set(
            [action.arguments["severity"]?.string.flatMap(Severity.init(rawValue:))].compactMap(\.self))
        filter.repository = action.arguments["repository"]?.string
        filter.text = action.arguments["text"]?.string
        filter.limit = action.arguments["limit"]?.int ?? 50
        let page = try await findings.findings(filter)
        return Answer(["findings": .array(page.findings.map(\.json)), "total": JSON(page.total)])
    }
}

/// `findings.digest`
private struct FindingsDigestTool: Tool {
    let findings: FindingsStore

    let descriptor = ToolDescriptor(
        id: "findings.digest", title: "Sum up findings",
        summary:
            "What is new, fixed, open again and overdue over a time, what ends soon, and what could not be checked.",
        effect: .read,
        arguments: ToolDescriptor.object([
            "since": ["type": "string", "description": "How far back: 7d, 24h, 4 weeks.", "maxLength": 40],
            "format": ["enum": .array(DigestReport.Format.allCases.map { .string($0.rawValue) })],
        ]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard !context.principal.roles.isDisjoint(with: FindingRoutes.readers) else {
            throw GatehouseError("scan", .denied, "findings are for those who work here")
        }
        let span = try FindingRoutes.span(action.arguments["since"]?.string, domain: "scan")
        let format = action.arguments["format"]?.string.flatMap(DigestReport.Format.init(rawValue:)) ?? .markdown
        let bytes = try await findings.digest(of: span, format)
        return Answer([
            format.rawValue: format == .json ? try JSON.parse(bytes) : .string(String(decoding: bytes, as: UTF8.self))
        ])
    }
}

/// `ledger.prove`
private struct LedgerProveTool: Tool {
    let ledger: Ledger

    let descriptor = ToolDescriptor(
        id: "ledger.prove", title: "Prove a ledger entry",
        summary:
            "Proves that an entry is in the ledger (RFC 6962), with the newest signed checkpoint. Shows nothing of what is in it.",
        effect: .read,
        arguments: ToolDescriptor.object(
            ["index": ["type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991]], required: ["index"]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard let index = action.arguments["index"]?.int, index >= 0 else {
            throw GatehouseError("ledger", .invalid, "the argument \"index\" is no entry's index")
        }
        let proof = try ledger.inclusionProof(UInt64(index))
        return Answer(["proof": proof.json, "checkpoint": .string(try await ledger.checkpoint().description)])
    }
}

/// `gate.approvals.list`
private struct ApprovalsListTool: Tool {
    let gate: GateReference

    let descriptor = ToolDescriptor(
        id: "gate.approvals.list", title: "List approvals",
        summary: "What waits for people to approve it: of yours, or of everybody's for those who watch the house.",
        effect: .read, arguments: ToolDescriptor.object(["limit": ReadingTools.limit]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let waiting = try await gate.value().approvals.list(state: .waiting, limit: 1000)
        let seen =
            ReadingTools.watches(context.principal)
            ? waiting : waiting.filter { $0.requesterID == context.principal.id }
        return Answer(["approvals": .array(seen.prefix(action.arguments["limit"]?.int ?? 50).map(\.json))])
    }
}

/// `gate.session.budget`
private struct SessionBudgetTool: Tool {
    let gate: GateReference

    let descriptor = ToolDescriptor(
        id: "gate.session.budget", title: "See a session's budgets",
        summary: "The caller's session: its class, labels and end, and where the budgets stand that it draws on.",
        effect: .read, arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let holders: Set<String?> = [nil, context.principal.id, context.session.id]
        let standing = try gate.value().budgets.standing().filter { holders.contains($0.holder) }
        return Answer(["session": context.session.json, "budgets": .array(standing.map(\.json))])
    }
}
