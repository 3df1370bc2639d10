import Core
import Gate
import JSON
import Ledger
import Scan

/// What agents may ask the house itself, over MCP or as actions: the same that people read over the API.
enum ReadingTools {
    static func all(_ gate: GateReference, _ ledger: Ledger, _ findings: FindingsStore) -> [any Tool] {
        [
            FindingsListTool(findings: findings, readers: FindingRoutes.readers),
            FindingsDigestTool(findings: findings, readers: FindingRoutes.readers),
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
