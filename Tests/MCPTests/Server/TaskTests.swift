import Core
import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("Tasks", .timeLimit(.minutes(10)))
struct TaskTests {
    private let clock = ManualWallClock()

    private func context(_ identity: String = "ada", capabilities: JSONObject? = TasksExtension.capability)
        -> RequestContext
    {
        RequestContext(
            version: .latest, client: nil, capabilities: ClientCapabilities(extensions: capabilities),
            caller: Caller(peer: "", identity: identity))
    }

    private func id(_ reply: ServerReply) throws -> JSON {
        guard case .result(let json) = reply else { throw RPCError.internalError() }
        #expect(json["resultType"] == "task" && json["result"] == nil)
        return try #require(json["taskId"])
    }

    private func json(_ reply: ServerReply) -> JSON { if case .result(let json) = reply { json } else { .null } }

    private func task(_ table: TaskTable, _ id: JSON, _ method: String = TasksExtension.get, _ more: JSON = [:]) throws
        -> JSON
    {
        var params = more
        params["taskId"] = id
        return json(try table.answer(method, params, context()))
    }

    @Test func aTaskEndsWithItsResultOrItsError() async throws {
        let table = TaskTable(clock: clock)
        let good = try id(table.begin(context()) { _ in ["content": []] })
        let bad = try id(table.begin(context()) { _ throws(RPCError) in throw .internalError("broke") })
        try await wait("the peer stands so") {
            (try? task(table, good)["status"]) == "completed" && (try? task(table, bad)["status"]) == "failed"
        }
        #expect(try task(table, good)["result"] == ["content": []])
        #expect(try task(table, bad)["error"]?["message"] == "broke")
        #expect(try task(table, bad)["result"] == nil)
    }

    @Test func nobodyElseSeesItAndUnknownOnesAreRefused() throws {
        let table = TaskTable(clock: clock)
        let mine = try id(table.begin(context()) { _ in [:] })
        func refusal(_ params: JSON, _ context: RequestContext, _ method: String = TasksExtension.get) -> Int? {
            do { _ = try table.answer(method, params, context) } catch { return error.code }
            return nil
        }
        #expect(refusal(["taskId": mine], context("eve")) == -32602)
        #expect(refusal(["taskId": "x"], context()) == -32602)
        #expect(refusal([:], context()) == -32602)
        #expect(refusal(["taskId": mine], context(capabilities: nil)) == -32021)
        #expect(refusal(["taskId": mine], context(), "tasks/list") == -32601)
        #expect(refusal(["taskId": mine, "inputResponses": 1], context(), TasksExtension.update) == -32602)
        #expect(refusal(["taskId": mine], context()) == nil)
        clock.advance(by: .seconds(3600))
        #expect(refusal(["taskId": mine], context()) == -32602)
    }

    @Test func inputIsCollectedUntilNothingIsOpen() async throws {
        let table = TaskTable(clock: clock)
        let id = try id(
            table.begin(context()) { task throws(RPCError) in
                try await task.ask(InputRequests(["a": .roots, "b": .roots])).json
            })
        try await wait("the peer stands so") { (try? task(table, id)["status"]) == "input_required" }
        #expect(try task(table, id)["inputRequests"]?.object?.count == 2)
        #expect(try task(table, id, TasksExtension.update, ["inputResponses": ["a": ["x": 1], "z": [:]]]) == [:])
        #expect(try task(table, id)["inputRequests"]?.object?.map(\.key) == ["b"])
        #expect(try task(table, id, TasksExtension.update, ["inputResponses": ["a": ["x": 2], "b": [:]]]) == [:])
        try await wait("the peer stands so") { (try? task(table, id)["status"]) == "completed" }
        #expect(try task(table, id)["result"] == ["a": ["x": 1], "b": [:]])
    }

    @Test func aCancelledTaskStaysSo() async throws {
        let table = TaskTable(clock: clock)
        let id = try id(
            table.begin(context()) { task throws(RPCError) in try await task.ask(InputRequests(["a": .roots])).json })
        try await wait("the peer stands so") { (try? task(table, id)["status"]) == "input_required" }
        #expect(try task(table, id, TasksExtension.cancel) == [:])
        #expect(try task(table, id, TasksExtension.cancel) == [:])
        #expect(try task(table, id, TasksExtension.update, ["inputResponses": ["a": [:]]]) == [:])
        #expect(try task(table, id)["status"] == "cancelled")
        #expect(try task(table, id)["inputRequests"] == nil)
    }

    @Test func noMoreAreHeldThanTheLimits() throws {
        var limits = TaskLimits()
        limits.tasksPerIdentity = 2
        let table = TaskTable(limits, clock: clock)
        for _ in 0..<2 { _ = try table.begin(context()) { _ in [:] } }
        #expect(throws: RPCError.self) { try table.begin(context()) { _ in [:] } }
        _ = try table.begin(context("eve")) { _ in [:] }
        clock.advance(by: .seconds(3600))
        _ = try table.begin(context()) { _ in [:] }
        #expect(table.count == 1)
        table.close()
        #expect(throws: RPCError.self) { try table.begin(context()) { _ in [:] } }
    }
}

/// How tasks stand, told to who listens (`notifications/tasks`).
@Suite("Tasks that are listened to", .timeLimit(.minutes(10)))
struct TaskNotificationTests {
    private static let meta = Rig.meta([
        MetaKey.clientCapabilities: ["extensions": JSON.object(TasksExtension.capability)]
    ])

    private func begin(_ rig: Rig, as identity: String = "ada") async -> JSON {
        let params: JSON = ["name": "task", "arguments": [:]]
        let reply = await rig.modern("tools/call", params, meta: Self.meta, as: identity)
        return reply.json["result"]?["taskId"] ?? .null
    }

    private func listen(_ rig: Rig, _ ids: JSON, meta: JSON = meta) async -> Reply {
        await rig.modern("subscriptions/listen", ["notifications": ["taskIds": ids]], id: 7, meta: meta)
    }

    private func send(_ rig: Rig, _ method: String, _ id: JSON, _ more: JSON = [:]) async -> Reply {
        var params = more
        params["taskId"] = id
        return await rig.modern(method, params, meta: Self.meta, headers: ["Mcp-Name": id.string ?? ""])
    }

    @Test func eachChangeIsToldWhole() async throws {
        let rig = Rig()
        let (mine, others) = (await begin(rig), await begin(rig, as: "eve"))
        var events = try EventReader(await listen(rig, [mine, others, "none"]))
        let acknowledged = await events.message()
        #expect(acknowledged?["params"]?["notifications"] == ["taskIds": [mine]])
        // It asks at once: that is told whether it asked before or after the listening.
        var told = await events.message()
        while told?["params"]?["status"] == "working" { told = await events.message() }
        #expect(told?["method"] == "notifications/tasks")
        #expect(told?["params"]?["_meta"]?[MetaKey.subscriptionID] == 7)
        #expect(told?["params"]?["status"] == "input_required")
        #expect(told?["params"]?["inputRequests"]?["a"] != nil)
        let got = await send(rig, "tasks/get", mine)
        let answers: JSON = ["inputResponses": ["a": ["roots": []]]]
        #expect(await send(rig, "tasks/update", others, answers).error == -32602)
        #expect(await send(rig, "tasks/update", mine, answers).status == 200)
        var statuses: [JSON?] = []
        while statuses.last != "completed", let next = await events.message() {
            statuses.append(next["params"]?["status"])
            #expect(next["params"]?["taskId"] == mine)
            if statuses.last == "completed" {
                #expect(next["params"]?["result"]?["a"] == ["roots": []])
            }
        }
        #expect(statuses.last == "completed" && !statuses.contains("cancelled"))
        // All that `tasks/get` says is in the notification.
        let whole = got.json["result"]?.object?.map(\.key).filter { $0 != "resultType" && $0 != "_meta" } ?? []
        #expect(!whole.isEmpty && whole.allSatisfy { told?["params"]?[$0] != nil })
    }

    @Test func onlyWhoSpeaksOfTasksMayListenForThem() async {
        let rig = Rig { $0.watchedResources = 2 }
        let refused = await listen(rig, ["x"], meta: Rig.meta)
        #expect(refused.status == 400 && refused.error == -32021)
        #expect(await listen(rig, ["a", "b", "c"]).error == -32602)
        #expect(await listen(rig, [1]).error == -32602)
    }
}
