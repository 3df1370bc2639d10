import Core
import Gate
import JSON
import MCP
import Synchronization

extension GatewayService {
    func call(
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
                in: try await offer(.tools, to: caller))
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
        try await perform(try call(name, arguments, params, caller, context), caller, context)
    }

    /// What a tool's name stands for, as a request to the gate.
    private func call(
        _ name: String, _ arguments: JSON, _ params: CallToolParams, _ caller: Caller, _ context: RequestContext
    ) throws(RPCError) -> GatewayCall {
        let digest = ServerRequest.callTool(params).digest
        if let own = own[name], own.isOffered(by: federation.settings) {
            return GatewayCall(
                name: name, request: own.request(arguments), definition: own.descriptor.id, kind: .own,
                digest: digest, isLaterTry: params.requestState != nil)
        }
        guard let tool = federation.catalogue[name] else {
            throw .invalidParams("there is no tool \"\(name.prefix(80))\"")
        }
        let input = try carried(params, digest, caller, context)
        return GatewayCall(
            name: name, request: CallTool.request(tool, arguments, input), definition: tool.definition.hash,
            kind: .tool, digest: digest, isLaterTry: params.requestState != nil)
    }

    /// What the client brings back.
    /// - Throws: where it was not given to it for this very request.
    func carried(
        _ params: any CallParams, _ digest: String, _ caller: Caller, _ context: RequestContext
    ) throws(RPCError) -> CarriedInput {
        let opened = try params.requestState.map { state throws(RPCError) in
            try sealer.open(state, identity: caller.principal.id, call: digest)
        }
        return CarriedInput(
            responses: params.inputResponses?.json,
            state: opened.flatMap { try? JSON.parse($0) }?["server"]?.string,
            client: Asker.words(of: context.capabilities, answersForModels: answersForModels))
    }

    /// Has the gate do it, and words what comes of it.
    func perform(
        _ call: GatewayCall, _ caller: Caller, _ context: RequestContext
    ) async throws(RPCError) -> ServerReply {
        do {
            var call = call
            for _ in 0..<Self.mostRounds {
                switch try await submit(call, caller) {
                case .answered(_, let answer, _):
                    guard let further = try await answeringForModels(answer.value, call, caller) else {
                        return try reply(answer.value, call, caller)
                    }
                    call = further
                case .waiting(let action, let approval): return try waiting(action, approval, call, caller, context)
                }
            }
            throw GatehouseError("mcp", .exhausted, "the MCP server asks for a model's answer without end")
        } catch let error as RPCError {
            throw error
        } catch let error as GatehouseError where error.code == .unauthenticated {
            return try unauthorized(error, call, caller, context)
        } catch {
            guard call.kind != .other else { throw Refusal.rpc(error) }
            return .result(Refusal.result(error))
        }
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

    private func reply(_ value: JSON, _ call: GatewayCall, _ caller: Caller) throws(RPCError) -> ServerReply {
        guard call.kind != .own else { return .result(Reply.structured(value)) }
        guard value["resultType"]?.string == ResultType.inputRequired else {
            if call.kind == .other, let kinds = value["_meta"]?["gatehouse/withheld"] {
                throw RPCError(code: -32_000, message: value["content"]?[0]?["text"]?.string ?? "", data: kinds)
            }
            return .result(value)
        }
        let asked = try InputRequiredResult(value)
        let carried: JSON = ["server": asked.requestState.map { .string($0) } ?? .null]
        let state = sealer.seal(carried.bytes(), identity: caller.principal.id, call: call.digest)
        return .inputRequired(asked.inputRequests, requestState: state)
    }

    /// The server wants an authorization of whoever uses it, which only a person can give, on a page.
    private func unauthorized(
        _ error: GatehouseError, _ call: GatewayCall, _ caller: Caller, _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        guard let server = call.request.arguments["server"]?.string, federation.settings(of: server)?.oauth != nil
        else {
            guard call.kind != .other else { throw Refusal.rpc(error) }
            return .result(Refusal.result(error))
        }
        let url = federation.authorizations.address(for: server, .init(principal: caller.principal.id))
        if context.capabilities.hasElicitationURL, !call.isLaterTry {
            let carried: JSON = ["authorization": .string(server)]
            let state = sealer.seal(carried.bytes(), identity: caller.principal.id, call: call.digest)
            let request = InputRequest.url(message: "Authorize the gateway at \(server), then go on.", url: url)
            return .inputRequired(InputRequests([(key: "authorization", request: request)]), requestState: state)
        }
        let result = Reply.unauthorized(server, url)
        guard call.kind == .other else { return .result(result) }
        throw RPCError(code: -32_000, message: result["content"]?[0]?["text"]?.string ?? "", data: result["_meta"])
    }

    /// Where the client can send its user to a page, it is asked once to do that; what it answers agrees to nothing.
    private func waiting(
        _ action: String, _ approval: Approval, _ call: GatewayCall, _ caller: Caller, _ context: RequestContext
    ) throws(RPCError) -> ServerReply {
        let url = "\(console())/approvals/\(approval.id)"
        guard context.capabilities.hasElicitationURL, !call.isLaterTry else {
            let result = Reply.waiting(action, approval, url)
            guard call.kind == .other else { return .result(result) }
            throw RPCError(code: -32_000, message: result["content"]?[0]?["text"]?.string ?? "", data: result["_meta"])
        }
        let carried: JSON = ["approval": .string(approval.id)]
        let state = sealer.seal(carried.bytes(), identity: caller.principal.id, call: call.digest)
        let request = InputRequest.url(message: Reply.waitingText(approval), url: url)
        return .inputRequired(InputRequests([(key: "approval", request: request)]), requestState: state)
    }
}
