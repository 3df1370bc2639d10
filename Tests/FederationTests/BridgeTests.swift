import Core
import Foundation
import Gate
import JSON
import MCP
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// Servers of 2025-11-25, which ask in mid-call and wait, behind a gateway whose clients speak the newest revision. Clients of
/// sessions are adapters around the same in the room MCP.
struct BridgeTests {
    /// `ask` asks for a form, `think` for a model's answer, `roots` for folders; what they are answered is their answer.
    private static let server = """
        import json, sys
        def send(message):
            print(json.dumps({"jsonrpc": "2.0"} | message), flush=True)
        waiting, asked = {}, 0
        def ask(call, method, params):
            global asked
            asked += 1
            waiting[f"s{asked}"] = call
            send({"id": f"s{asked}", "method": method, "params": params})
        def answer(call, text):
            send({"id": call, "result": {"content": [{"type": "text", "text": text}]}})
        SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}
        TOOL = {"inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}
        for line in sys.stdin:
            message = json.loads(line)
            id, method = message.get("id"), message.get("method")
            if method is None:
                answer(waiting.pop(id), json.dumps(message.get("result", message.get("error")), sort_keys=True))
            elif method == "initialize":
                info = {"name": "old", "version": "1"}
                send({"id": id, "result": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": info}})
            elif method == "tools/list":
                send({"id": id, "result": {"tools": [TOOL | {"name": name} for name in ("ask", "hold", "roots", "think")]}})
            elif method == "tools/call":
                name = message["params"]["name"]
                if name == "ask":
                    ask(id, "elicitation/create", {"message": "Who?", "requestedSchema": SCHEMA})
                elif name == "think":
                    content = {"type": "text", "text": "What is it?"}
                    ask(id, "sampling/createMessage", {"messages": [{"role": "user", "content": content}], "maxTokens": 5})
                elif name == "roots":
                    ask(id, "roots/list", {})
            elif id is not None:
                send({"id": id, "error": {"code": -32601, "message": "unknown"}})
        """

    private static let all = ClientCapabilities(
        elicitationForm: true, elicitationURL: true, sampling: true, roots: true)

    private func with(
        sampling: Bool = false, sampler: GatewayService.Sampler? = nil, model: String? = nil,
        _ work: (FederationWorld) async throws -> Void
    ) async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        try Self.server.write(toFile: folder.file("server.py"), atomically: true, encoding: .utf8)
        var settings = UpstreamSettings(
            name: "old",
            reach: .process(
                command: "python3", arguments: ["-S", "-E", folder.file("server.py")], environment: [:], folder: nil))
        settings.allowsSampling = sampling
        settings.timeout = .seconds(20)
        let connector = MCPConnector(version: "test")
        let four = ["ask", "hold", "roots", "think"].map { name -> JSON in ["name": .string(name)] }
        try await FederationWorld.with(
            [settings], tools: four, connector: connector, sampler: sampler, { $0.samplingModel = model }
        ) { world in
            try await world.agree("old")
            try await work(world)
        }
    }

    /// What the client is asked.
    private func asked(
        _ name: String, _ world: FederationWorld, _ caller: Caller, _ capabilities: ClientCapabilities = all
    ) async throws -> (InputRequests, state: String) {
        switch try await world.call("old__\(name)", by: caller, capabilities) {
        case .inputRequired(let requests, let state?): return (requests, state)
        case .inputRequired: throw Unexpected("it gave no state")
        case .result(let result): throw Unexpected("it was not asked: \(result)")
        }
    }

    private func answer(
        _ name: String, _ responses: JSON, _ state: String, _ world: FederationWorld, _ caller: Caller
    ) async throws -> JSON {
        var params = CallToolParams(name: "old__\(name)", arguments: [:]).json
        params["requestState"] = .string(state)
        params["inputResponses"] = responses
        let reply = try await world.service.handle(
            .callTool(CallToolParams(trusted: params)), world.context(caller, Self.all))
        guard case .result(let result) = reply else { throw Unexpected("it is asked again") }
        return result
    }

    @Test
    func aQuestionInMidCallReachesTheClientAndItsAnswerTheCall() async throws {
        try await with { world in
            let agent = try world.caller("Bot", "developer")
            let (requests, state) = try await asked("ask", world, agent)
            let (key, request) = try #require(requests.requests.first)
            #expect(request.kind == .form && request.params?["message"] == "Who?")
            // Somebody else's answer is nobody's.
            let stranger = try world.caller("Eve", "developer")
            let accepted: JSON = ["action": "accept", "content": ["name": "Ada"]]
            await #expect(throws: RPCError.self) {
                try await answer("ask", .object([key: accepted]), state, world, stranger)
            }
            let (again, other) = try await asked("ask", world, agent)
            let done = try await answer("ask", .object([again.requests[0].key: accepted]), other, world, agent)
            #expect(done.firstText == #"{"action": "accept", "content": {"name": "Ada"}}"#)
            // It is used up.
            await #expect(throws: RPCError.self) {
                try await answer("ask", .object([key: accepted]), other, world, agent)
            }
            let calls = try world.records().filter { $0["tool"] == "mcp.call" && $0["type"] == "outcome" }
            #expect(calls.count >= 3)
        }
    }

    @Test
    func aClientThatCannotBeAskedIsNotAskedAndTheServerIsTold() async throws {
        try await with { world in
            let agent = try world.caller("Bot", "developer")
            let result = try await world.result("old__ask", by: agent)
            #expect(result.firstText.contains("cannot be asked"))
            // A model's answer is not asked for unless somebody has allowed it.
            guard case .result(let refused) = try await world.call("old__think", by: agent, Self.all) else {
                Issue.record("it was asked for a model's answer")
                return
            }
            #expect(refused.firstText.contains("-32601") || refused.firstText.contains("cannot be asked"))
        }
    }

    @Test
    func foldersAndModelsAreAskedForWhereThatIsAllowed() async throws {
        try await with(sampling: true) { world in
            let agent = try world.caller("Bot", "developer")
            let (roots, state) = try await asked("roots", world, agent)
            #expect(roots.requests[0].request.kind == .roots)
            let given: JSON = ["roots": [["uri": "file:///srv"]]]
            let done = try await answer("roots", .object([roots.requests[0].key: given]), state, world, agent)
            #expect(done.firstText.contains("file:///srv"))
            let (sampling, further) = try await asked("think", world, agent)
            #expect(sampling.requests[0].request.kind == .sampling)
            let said = CreateMessageResult(.assistant, .text("A gate."), model: "theirs")
            let thought = try await answer(
                "think", .object([sampling.requests[0].key: said.json]), further, world, agent)
            #expect(thought.firstText.contains("A gate."))
        }
    }

    /// Where the house has a model for it, the client is not asked, whether it could be or not.
    @Test
    func theHouseAnswersForModelsAsWhoeverCalled() async throws {
        let asked = Mutex<[String]>([])
        let sampler: GatewayService.Sampler = { params, model, caller in
            asked.withLock { $0.append("\(model) \(caller.principal.name) \(params.maxTokens)") }
            return CreateMessageResult(.assistant, .text("A gate."), model: model)
        }
        try await with(sampling: true, sampler: sampler, model: "house/model") { world in
            let result = try await world.result("old__think", by: try world.caller("Bot", "developer"))
            #expect(result.firstText.contains("A gate."))
            #expect(asked.withLock { $0 } == ["house/model Bot 5"])
        }
    }

    /// On one line for all calls it cannot be told which of several a question belongs to: then it is nobody's.
    @Test
    func aQuestionThatCouldBelongToSeveralCallsReachesNobody() async throws {
        try await with { world in
            let (one, two) = (try world.caller("Bot", "developer"), try world.caller("Eve", "developer"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                // The server never answers this one.
                group.addTask { _ = try? await world.call("old__hold", by: two, Self.all) }
                try await Task.sleep(for: .milliseconds(300))
                guard case .result(let result) = try await world.call("old__ask", by: one, Self.all) else {
                    Issue.record("somebody was asked")
                    return
                }
                #expect(result.firstText.contains("several calls are under way"))
                group.cancelAll()
            }
        }
    }
}
