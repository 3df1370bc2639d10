import Core
import Federation
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// The MCP servers behind the gate, and where each of their tools stands.
struct ToolPages: Sendable {
    /// Further tools are on the command line.
    private static let mostRows = 500
    private static let mostPrincipals = 50
    private static let mostNames = 12

    let page: Page
    let rooms: Rooms
    let servers: MCPServerRoutes

    private var federation: Federation { servers.federation }

    var routes: [Route] {
        [
            Route(.get, "/tools", access: .console, handler: show),
            Route(.post, "/tools/{server}/approve", access: .console) { call in
                let form = try page.form(call)
                var wanted: JSON = [:]
                if let tool = form["tool"] { wanted["tools"] = [.string(tool)] }
                if let prompt = form["prompt"] { wanted["prompts"] = [.string(prompt)] }
                if form["resources"] != nil { wanted["resources"] = true }
                let request = try servers.approval(of: call.parameter("server"), wanted)
                let submission = try await rooms.gate.submit(request, as: try rooms.caller(call))
                guard case .waiting(_, let approval) = submission else { return .seeOther("/tools?notice=agreed") }
                return .seeOther("/approvals/\(approval.id)")
            },
        ]
    }

    private func show(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see the MCP servers")
        let now = rooms.clock.now()
        let token = page.token(call)
        let tools = federation.catalogue.items.sorted { Self.rank($0.standing) < Self.rank($1.standing) }
        let uses = MCPUses(federation.usage)
        let mayAgree = try !call.principal().roles.isDisjoint(with: Rooms.operators)
        let configured = federation.settings.servers
        let values: Shown.Values = [
            "any": !configured.isEmpty,
            "servers": configured.map { server($0.name, tools, token, mayAgree, now) },
            "anyTools": !tools.isEmpty, "count": Shown.count(tools.count, "item", "items"),
            "tools": tools.prefix(Self.mostRows).map { row($0, uses, token, mayAgree, now) },
            "unusedDays": UnusedTools.usualDays, "unused": try await unused(),
        ]
        return try page.response(
            "tools", title: "Tools", place: "/tools", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    /// What somebody has to look at comes first.
    private static func rank(_ standing: Standing) -> Int {
        switch standing {
        case .changed, .lookAlike, .renamed: 0
        case .new: 1
        case .approved: 2
        }
    }

    private func unused() async throws -> [Shown.Values] {
        try await UnusedTools(rooms: rooms, federation: federation).allowances(
            days: UnusedTools.usualDays, most: Self.mostPrincipals
        ).map { allowance in
            [
                "key": allowance.principal.id, "name": allowance.principal.name,
                "permitted": Shown.number(allowance.permitted), "count": Shown.number(allowance.unused.count),
                "tools": allowance.unused.prefix(Self.mostNames).map(\.publicName).joined(separator: ", "),
                "more": allowance.unused.count > Self.mostNames,
            ]
        }
    }

    private func server(
        _ name: String, _ tools: [CatalogueItem], _ token: String, _ mayAgree: Bool, _ now: Timestamp
    ) -> Shown.Values {
        let health = federation.health[name]
        let own = tools.filter { $0.server == name && $0.kind == .tool }
        let waiting = tools.count { $0.server == name && $0.standing != .approved && $0.isPlain }
        var row: Shown.Values = [
            "name": name, "state": Self.chip(health?.state), "csrf": token,
            "tools": "\(own.count { $0.standing == .approved }) of \(Shown.count(own.count, "tool", "tools"))",
            "protocol": health?.version ?? "",
        ]
        if let problem = health?.problem { row["problem"] = problem }
        if let since = health?.since { row["when"] = Shown.time(since, at: now) }
        if waiting > 0, mayAgree { row["waiting"] = waiting == 1 ? "Agree to 1 item" : "Agree to \(waiting) items" }
        return row
    }

    private static func chip(_ state: UpstreamHealth.State?) -> Shown.Values {
        switch state {
        case .ready: Shown.chip("done", "s-yes", "ready")
        case .starting: Shown.chip("performing", "s-run", "starting")
        case .failing: Shown.chip("failed", "s-no", "failing")
        case .stopped, nil: Shown.chip("waiting", "s-wait", "stopped")
        }
    }

    private func row(
        _ tool: CatalogueItem, _ uses: MCPUses, _ token: String, _ mayAgree: Bool, _ now: Timestamp
    ) -> Shown.Values {
        let use = uses.sum(of: tool)
        var row: Shown.Values = [
            "key": "\(tool.kind.rawValue)-\(tool.publicName)", "tool": tool.name, "kind": tool.kind.rawValue,
            "isTool": tool.kind == .tool, "server": tool.server, "csrf": token,
            "standing": Self.chip(tool.standing), "effect": Shown.chip(tool.effect),
            "calls": use.map { Shown.number($0.calls) } ?? "never",
            "suspicions": tool.suspicions.map { ["kind": $0.kind, "place": $0.place] },
            "canAgree": mayAgree && tool.standing != .approved,
        ]
        if let use { row["when"] = Shown.time(use.last, at: now) }
        if let objection = tool.standing.objection { row["objection"] = objection }
        if case .changed(let diff) = tool.standing { row["diff"] = Shown.diff(diff) }
        return row
    }

    private static func chip(_ standing: Standing) -> Shown.Values {
        switch standing {
        case .approved: Shown.chip("done", "s-yes", "approved")
        case .new: Shown.chip("waiting", "s-wait", "new")
        case .changed: Shown.chip("failed", "s-no", "changed")
        case .lookAlike: Shown.chip("failed", "s-no", "look-alike")
        case .renamed: Shown.chip("failed", "s-no", "renamed")
        }
    }
}
