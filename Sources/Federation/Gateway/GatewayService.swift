public import Core
public import Gate
import JSON
public import MCP
import Synchronization

/// The gate, as clients of MCP see it: every tool that the caller may use behind one name each, and each call an action.
public struct GatewayService: MCPService {
    let federation: Federation
    let gate: Gate
    let sealer: StateSealer
    /// Where people look at an approval.
    let console: @Sendable () -> String
    let version: String
    /// The house's own tools, by public name.
    private let own: [String: OwnTool]
    private let shared = Shared()

    private final class Shared: Sendable {
        let offers = Mutex(OfferCache())
        let pending = Mutex(PendingCalls())
    }

    /// - Parameter console: the address of the console, without a slash at its end.
    public init(
        _ federation: Federation, gate: Gate, sealer: StateSealer, version: String,
        console: @escaping @Sendable () -> String
    ) {
        self.federation = federation
        self.gate = gate
        self.sealer = sealer
        self.version = version
        self.console = console
        own = Dictionary(
            OwnTool.all(of: gate.tools).map { ($0.publicName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public var info: Implementation { Implementation(name: "gatehouse", version: version, title: "Gatehouse") }

    public func describe(_ context: RequestContext) async throws(RPCError) -> ServerDescription {
        ServerDescription(
            info: info,
            capabilities: ServerCapabilities(tools: .init(tellsChanges: true)),
            instructions: Self.instructions, caching: Caching(ttl: 60_000, scope: .private))
    }

    private static let instructions = """
        Every call passes a gate: it is inspected, decided by policy and recorded. A call that has to be approved by a \
        person says so and has not been done; make the same call again to learn its outcome.
        """

    public func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        let changes = federation.catalogueChanges
        return AsyncStream {
            for await _ in changes { return .tools }
            return nil
        }
    }

    public func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply {
        guard let caller = context.peer as? Caller else { throw .internalError("nobody was identified") }
        switch request {
        case .listTools(let cursor): return .result(try await list(after: cursor, for: caller))
        case .callTool(let params): return try await call(params, caller, context)
        default: throw .methodNotFound(request.method)
        }
    }

    // MARK: Lists

    private func list(after cursor: String?, for caller: Caller) async throws(RPCError) -> JSON {
        let offer = try await offer(to: caller)
        let shown = federation.settings.search ? Self.withSearch(offer, Set(own.keys)) : offer
        let page = shown.page(after: cursor)
        var result: JSON = [
            "tools": .array(page.tools.map(\.definition)), "ttlMs": 5000, "cacheScope": "private",
        ]
        if let next = page.next { result["nextCursor"] = .string(next) }
        return result
    }

    private static func withSearch(_ offer: Offer, _ own: Set<String>) -> Offer {
        Offer(
            tools: (offer.tools.filter { own.contains($0.name) } + ToolSearch.definitions).sorted { $0.name < $1.name })
    }

    /// Those of the house's own tools that the settings offer.
    private var ownOffered: [OwnTool] {
        let settings = federation.settings
        return own.values.filter { $0.isOffered(by: settings) }
    }

    /// What policy does not keep from the caller; of servers' tools, only what was agreed to.
    private func offer(to caller: Caller) async throws(RPCError) -> Offer {
        let catalogue = federation.catalogue
        let session: Session
        do { session = try gate.sessions.current(caller.session.id) } catch { throw Refusal.rpc(error) }
        let key = OfferCache.Key(
            principal: caller.principal, session: session, policy: gate.policyRevision, catalogue: catalogue.revision)
        if let kept = shared.offers.withLock({ $0[key] }) { return kept }
        let offer: Offer
        do { offer = try await makeOffer(of: catalogue, to: caller) } catch { throw Refusal.rpc(error) }
        shared.offers.withLock { $0.keep(offer, for: key) }
        return offer
    }

    private func makeOffer(of catalogue: Catalogue, to caller: Caller) async throws -> Offer {
        let own = ownOffered.sorted { $0.publicName < $1.publicName }
        let foresight = Foresight(gate: gate, caller: caller)
        let ours = try await gate.foresee(own.map { $0.request([:]) }, as: caller)
        let tools = catalogue.tools.filter { $0.standing == .approved }
        let theirs = try await foresight.permitted(tools, clearances: federation.clearances) {
            CallTool.request($0, [:])
        }
        return Offer(
            merging: zip(own, ours).filter(\.1).map { ($0.0.publicName, $0.0.definition) },
            theirs.map { ($0.publicName, $0.offered) })
    }

    // MARK: Calls

    private func call(
        _ params: CallToolParams, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        let arguments = JSON.object(params.arguments)
        guard federation.settings.search else {
            return try await call(params.name, arguments, params, caller, context)
        }
        switch params.name {
        case ToolSearch.name:
            let found = ToolSearch.find(
                arguments["query"]?.string ?? "", limit: max(1, min(arguments["limit"]?.int ?? 10, 50)),
                in: try await offer(to: caller))
            return .result(Reply.structured(["tools": .array(found)]))
        case ToolSearch.callName:
            return try await call(
                arguments["name"]?.string ?? "", arguments["arguments"] ?? [:], params, caller, context)
        default: return try await call(params.name, arguments, params, caller, context)
        }
    }

    private func call(
        _ name: String, _ arguments: JSON, _ params: CallToolParams, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        let call = try call(name, arguments, params, caller)
        do {
            let submission = try await submit(call, caller)
            switch submission {
            case .answered(_, let answer, _): return try reply(answer.value, call, caller, context)
            case .waiting(let action, let approval):
                return try waiting(action, approval, call, asked: params.requestState != nil, caller, context)
            }
        } catch let error as RPCError {
            throw error
        } catch {
            return .result(Refusal.result(error))
        }
    }

    /// What a name stands for, as a request to the gate.
    private func call(
        _ name: String, _ arguments: JSON, _ params: CallToolParams, _ caller: Caller
    ) throws(RPCError) -> GatewayCall {
        let digest = ServerRequest.callTool(params).digest
        if let own = own[name], own.isOffered(by: federation.settings) {
            return GatewayCall(
                name: name, request: own.request(arguments), definition: own.descriptor.id, isOwn: true, digest: digest)
        }
        guard let tool = federation.catalogue[name] else {
            throw .invalidParams("there is no tool \"\(name.prefix(80))\"")
        }
        let carried = try params.requestState.map { state throws(RPCError) in
            try sealer.open(state, identity: caller.principal.id, call: digest)
        }
        return GatewayCall(
            name: name,
            request: CallTool.request(
                tool, arguments, input: params.inputResponses?.json,
                state: carried.flatMap { try? JSON.parse($0) }?["server"]?.string),
            definition: tool.definition.hash, isOwn: false, digest: digest)
    }

    /// A call like one that waits for a person is that one. A read is answered at once, mostly; the gate is asked about
    /// anything else by a key. What is wrong with a request is the gate's to say, and to record.
    private func submit(_ call: GatewayCall, _ caller: Caller) async throws -> Submission {
        let key = try PendingCalls.Key(
            principal: caller.principal.id, session: caller.session.id, tool: call.name, definition: call.definition,
            arguments: call.request.arguments)
        var request = call.request
        let before = shared.pending.withLock { $0.call(key) }
        if let before { try await refuseWhatWasDenied(before, key) }
        request.idempotencyKey = before?.idempotencyKey
        if before == nil, let effect = try? gate.effect(of: request), effect > .read {
            request.idempotencyKey = Identifier.make("mcp", at: federation.clock.now())
        }
        do {
            let submission = try await gate.submit(request, as: caller)
            if case .waiting(let action, let approval) = submission, let idempotencyKey = request.idempotencyKey {
                let pending = PendingCalls.Call(
                    idempotencyKey: idempotencyKey, action: action, expires: approval.expires)
                try shared.pending.withLock { try $0.keep(pending, for: key, at: federation.clock.now()) }
            } else if before != nil {
                shared.pending.withLock { $0.forget(key) }
            }
            return submission
        } catch {
            if before != nil { shared.pending.withLock { $0.forget(key) } }
            throw error
        }
    }

    /// Who asks again is told once that people have denied it, or did not come to it; after that it is another call.
    private func refuseWhatWasDenied(_ call: PendingCalls.Call, _ key: PendingCalls.Key) async throws {
        let record = try await gate.action(call.action)
        guard [.denied, .expired].contains(record.state) else { return }
        shared.pending.withLock { $0.forget(key) }
        throw GatehouseError(
            "gate", .denied,
            record.state == .denied ? "the call was not approved" : "nobody approved the call in time",
            cause: record.error, hint: "make it again to ask anew")
    }

    // MARK: Answers

    private func reply(
        _ value: JSON, _ call: GatewayCall, _ caller: Caller, _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        guard !call.isOwn else { return .result(Reply.structured(value)) }
        guard value["resultType"]?.string == ResultType.inputRequired else { return .result(value) }
        let asked = try InputRequiredResult(value)
        let carried: JSON = ["server": asked.requestState.map { .string($0) } ?? .null]
        let state = sealer.seal(carried.bytes(), identity: caller.principal.id, call: call.digest)
        return .inputRequired(asked.inputRequests, requestState: state)
    }

    /// Where the client can send its user to a page, it is asked once to do that; what it answers agrees to nothing.
    private func waiting(
        _ action: String, _ approval: Approval, _ call: GatewayCall, asked: Bool, _ caller: Caller,
        _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        let url = "\(console())/approvals/\(approval.id)"
        guard context.capabilities.hasElicitationURL, !asked else {
            return .result(Reply.waiting(action, approval, url))
        }
        let carried: JSON = ["approval": .string(approval.id)]
        let state = sealer.seal(carried.bytes(), identity: caller.principal.id, call: call.digest)
        let request = InputRequest.url(message: Reply.waitingText(approval), url: url)
        return .inputRequired(InputRequests([(key: "approval", request: request)]), requestState: state)
    }
}

/// A call as the gate gets it.
struct GatewayCall {
    let name: String
    let request: ActionRequest
    /// What the name stands for now.
    let definition: String
    let isOwn: Bool
    /// Of the client's request: what it is given to carry is for this one.
    let digest: String
}
