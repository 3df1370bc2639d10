import Channels
import Core
import Federation
import Gate
import HTTPTypes
import Hub
import HummingbirdCore
import Ledger
import Logging
import MCP
import Models
import Policy
import Scan
import Synchronization

extension House {
    /// All routes of the house, behind one door.
    func makeFrontDoor() -> FrontDoor {
        let rooms = makeRooms()
        let csrf = CSRF(secretKey: secretKey)
        let page = Page(templates: Templates(), rooms: rooms, csrf: csrf)
        let secure: @Sendable () -> Bool = { [self] in current.withLock { $0.server.isReachedOverTLS } }
        let signIn = SignInPages(page: page, rooms: rooms, secure: secure)
        let servers = MCPServerRoutes(rooms: rooms, federation: federation)
        let talk = ConversationRoutes(rooms: rooms, hub: hub, transcriber: transcriber)
        let described =
            Self.apiRoutes(rooms) + servers.routes + Self.opaRoutes(rooms, policy) + signIn.routes
            + CouncilRoutes(rooms: rooms, gateway: models).routes + talk.routes
        let resource = MCPResource { [self] in (consoleAddress, current.withLock { $0.gate.issuers }) }
        let console = Self.consoleRoutes(page, rooms, servers, workflows, hub)
        let hooks = HookRoutes(rooms: rooms, workflows: workflows, table: HookTable(store: store)) { [self] in
            current.withLock { $0.workflows.hooks }
        }
        return FrontDoor(
            table: RouteTable(
                SystemRoutes(rooms: rooms, missingPolicy: { [policy] in policy.incomplete }).routes(
                    describing: described) + described + ModelRoutes(rooms: rooms, gateway: models).routes
                    + MCPRoutes(rooms: rooms, endpoint: mcpEndpoint, resource: resource).routes + hooks.routes
                    + ChannelRoutes(channels: channels).routes
                    + console
                    + Assets.routes),
            hosts: { [self] in current.withLock { $0.server.rules } }, limits: limits,
            authenticator: Authenticator(
                identify: { [gate] in try await gate.identify($0) }, csrf: csrf, resource: resource,
                metrics: metrics),
            errorPage: { error, call in Self.errorPage(error, call, page, signIn) }, metrics: metrics, clock: clock,
            logger: logger)
    }

    private func makeRooms() -> Rooms {
        let ledger = ledger
        metrics.add(Gauge("gatehouse_ledger_entries", "Entries in the ledger.") { Double(ledger.size) })
        metrics.add(
            Gauge("gatehouse_ledger_healthy", "1 while the ledger takes entries.") { ledger.failure == nil ? 1 : 0 })
        let info = [(name: "version", value: version)]
        metrics.add(
            Gauge("gatehouse_build_info", "1, with the version as a label.") { [Gauge.Sample(labels: info, value: 1)] })
        addPolicyMetrics()
        for gauge in telemetry.gauges { metrics.add(gauge) }
        return Rooms(
            gate: gate, ledger: ledger, store: store, findings: findings, folder: dataDirectory, clock: clock,
            metrics: metrics, limits: limits,
            version: version, consoleAddress: { [self] in consoleAddress },
            traces: CallerTraces(telemetry: telemetry, privacy: models.privacy))
    }

    private var mcpEndpoint: StreamableEndpoint<GatewayService> {
        federation.authorizations.reach { [self] in consoleAddress }
        return StreamableEndpoint(
            GatewayService(
                federation, gate: gate, sealer: StateSealer(clock: clock), version: version,
                sampler: { [sampler = ModelSampler(gate: gate, gateway: models)] params, model, caller in
                    try await sampler.answer(params, model: model, as: caller)
                },
                console: { [self] in consoleAddress }))
    }

    private func addPolicyMetrics() {
        metrics.add(policy.metrics)
        let log = policy.log
        metrics.add(
            Gauge("gatehouse_policy_complete", "1 while all policy that was configured and put is in force.") {
                [policy] in policy.incomplete == nil ? 1 : 0
            })
        metrics.add(
            Gauge("gatehouse_decision_log_waiting", "Decisions that wait to be sent.") { Double(log.standing.waiting) })
        metrics.add(
            Gauge("gatehouse_decision_log_sent_total", "Decisions sent.", isTotal: true) { Double(log.standing.sent) })
        metrics.add(
            Gauge("gatehouse_decision_log_dropped_total", "Decisions that made way for newer ones.", isTotal: true) {
                Double(log.standing.dropped + log.standing.tooLarge)
            })
        metrics.add(
            Gauge("gatehouse_decision_log_failures_total", "Uploads that failed.", isTotal: true) {
                Double(log.standing.failures)
            })
    }

    static func apiRoutes(_ rooms: Rooms) -> [Route] {
        ActionRoutes(rooms: rooms).routes + ApprovalRoutes(rooms: rooms).routes + LedgerRoutes(rooms: rooms).routes
            + SessionRoutes(rooms: rooms).routes + PrincipalRoutes(rooms: rooms).routes
            + EventRoutes(rooms: rooms).routes
            + FindingRoutes(rooms: rooms).routes
    }

    /// OPA's API, at OPA's paths.
    private static func opaRoutes(_ rooms: Rooms, _ policy: HousePolicy) -> [Route] {
        let evaluation = OPAEvaluation(rooms: rooms, policy: policy)
        return DataRoutes(rooms: rooms, policy: policy, evaluation: evaluation).routes
            + QueryRoutes(rooms: rooms, evaluation: evaluation).routes
            + CompileRoutes(rooms: rooms, policy: policy, evaluation: evaluation).routes
            + ModuleRoutes(rooms: rooms, policy: policy).routes
            + DataChangeRoutes(rooms: rooms, policy: policy).routes
            + OPAStatusRoutes(rooms: rooms, policy: policy).routes
    }

    private static func consoleRoutes(
        _ page: Page, _ rooms: Rooms, _ servers: MCPServerRoutes, _ workflows: HouseWorkflows, _ hub: Hub
    ) -> [Route] {
        let findings = FindingPages(page: page, rooms: rooms)
        return OverviewPage(page: page, rooms: rooms, findings: findings).routes
            + ApprovalPages(page: page, rooms: rooms).routes
            + LedgerPages(page: page, rooms: rooms).routes + SessionPages(page: page, rooms: rooms).routes
            + findings.routes + FindingPage(page: page, rooms: rooms).routes
            + DependencyPages(page: page, rooms: rooms).routes + TrendPages(page: page, rooms: rooms).routes
            + ChatPages(page: page, rooms: rooms, hub: hub).routes
            + WorkflowPages(page: page, rooms: rooms, workflows: workflows).routes
            + RunPages(page: page, rooms: rooms, workflows: workflows).routes
            + ModelPages(page: page, rooms: rooms, reader: ModelTrafficReader(rooms.ledger)).routes
            + ToolPages(page: page, rooms: rooms, servers: servers).routes
            + AuthorizationPages(page: page, rooms: rooms, federation: servers.federation).routes
    }

    /// A failure, for who looks at it in a browser.
    private static func errorPage(_ error: GatehouseError, _ call: Call, _ page: Page, _ signIn: SignInPages)
        -> Response
    {
        let shown: Response?
        if error.code == .unauthenticated {
            shown = try? signIn.howTo(call)
        } else {
            let title = error.code == .notFound ? "There is nothing here" : "This did not work"
            shown = try? page.plain(
                title, text: error.message, small: error.hint, back: "/", status: error.code.status)
        }
        guard var response = shown else { return error.response(requestID: call.id) }
        response.status = error.code.status
        return response
    }
}
