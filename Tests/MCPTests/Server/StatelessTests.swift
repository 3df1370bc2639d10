import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("Requests of 2026-07-28", .timeLimit(.minutes(10)))
struct StatelessTests {
    @Test func aResultSaysAllThatItMust() async {
        let rig = Rig()
        let reply = await rig.modern("tools/list", id: "a")
        #expect(reply.status == 200)
        #expect(reply.json["id"] == "a")
        let result = reply.json["result"]
        #expect(result?["resultType"] == "complete")
        #expect(result?["ttlMs"] == 0 && result?["cacheScope"] == "private")
        #expect(result?["_meta"]?[MetaKey.serverInfo]?["name"] == "fixture")
        #expect(await rig.call("echo", ["a": [1.50]]).text == #"{"a":[1.5]}"#)
    }

    @Test func discoverySaysWhatIsSpokenAndOffered() async {
        let result = await Rig().modern("server/discover").json["result"]
        #expect(result?["supportedVersions"]?.array?.count == 3)
        #expect(result?["capabilities"]?["tools"]?["listChanged"] == true)
        #expect(result?["_meta"]?[MetaKey.serverInfo]?["version"] == "1")
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        var why: String
        var status: Int
        var code: Int
        var method = "tools/list"
        var params: JSON = [:]
        var meta: JSON? = Rig.meta
        var headers: [String: String] = [:]
        var testDescription: String { why }
    }

    static let refused = [
        Refused(why: "no _meta", status: 400, code: -32602, meta: nil),
        Refused(
            why: "no version in _meta", status: 400, code: -32602, meta: [MetaKey.clientCapabilities: [:]]),
        Refused(
            why: "no capabilities", status: 400, code: -32602, meta: [MetaKey.protocolVersion: "2026-07-28"]),
        Refused(
            why: "capabilities of another type", status: 400, code: -32602,
            meta: Rig.meta([MetaKey.clientCapabilities: []])),
        Refused(why: "a log level that is none", status: 400, code: -32602, meta: Rig.meta([MetaKey.logLevel: "loud"])),
        Refused(
            why: "a progress token that is none", status: 400, code: -32602, meta: Rig.meta(["progressToken": [1]])),
        Refused(
            why: "a progress token beyond the limit", status: 400, code: -32602,
            meta: Rig.meta(["progressToken": JSON(String(repeating: "t", count: 257))])),
        Refused(why: "no version header", status: 400, code: -32020, headers: ["MCP-Protocol-Version": ""]),
        Refused(
            why: "another version header", status: 400, code: -32020, headers: ["MCP-Protocol-Version": "2099-01-01"]),
        Refused(
            why: "a version not spoken", status: 400, code: -32022,
            meta: Rig.meta([MetaKey.protocolVersion: "2099-01-01"]),
            headers: ["MCP-Protocol-Version": "2099-01-01"]),
        Refused(
            why: "a session's version without a session", status: 400, code: -32022,
            meta: Rig.meta([MetaKey.protocolVersion: "2025-11-25"]), headers: ["MCP-Protocol-Version": "2025-11-25"]),
        Refused(why: "no method header", status: 400, code: -32020, headers: ["Mcp-Method": ""]),
        Refused(why: "another method header", status: 400, code: -32020, headers: ["Mcp-Method": "tools/call"]),
        Refused(why: "a method header in capitals", status: 400, code: -32020, headers: ["Mcp-Method": "TOOLS/LIST"]),
        Refused(
            why: "no name header", status: 400, code: -32020, method: "tools/call", params: ["name": "echo"],
            headers: ["Mcp-Name": ""]),
        Refused(
            why: "another name header", status: 400, code: -32020, method: "tools/call", params: ["name": "echo"],
            headers: ["Mcp-Name": "fail"]),
        Refused(
            why: "a name header of spoilt base64", status: 400, code: -32020, method: "tools/call",
            params: ["name": "echo"], headers: ["Mcp-Name": "=?base64?ZWNobw?="]),
        Refused(why: "an unknown method", status: 404, code: -32601, method: "tools/burn"),
        Refused(why: "initialize", status: 404, code: -32601, method: "initialize"),
        Refused(why: "ping", status: 404, code: -32601, method: "ping"),
        Refused(why: "resources/subscribe", status: 404, code: -32601, method: "resources/subscribe"),
        Refused(why: "no name", status: 400, code: -32602, method: "tools/call"),
        Refused(
            why: "arguments that are no object", status: 400, code: -32602, method: "tools/call",
            params: ["name": "echo", "arguments": [1]]),
        Refused(
            why: "answers that are none", status: 400, code: -32602, method: "tools/call",
            params: ["name": "echo", "inputResponses": ["a": 1]]),
        Refused(
            why: "a state beyond the limit", status: 400, code: -32602, method: "tools/call",
            params: ["name": "echo", "requestState": JSON(String(repeating: "a", count: 65_537))]),
        Refused(why: "a cursor that is none", status: 400, code: -32602, params: ["cursor": 1]),
        Refused(why: "nothing to listen to", status: 400, code: -32602, method: "subscriptions/listen"),
        Refused(
            why: "an argument that a header must say", status: 400, code: -32020, method: "tools/call",
            params: ["name": "mirrored", "arguments": ["region": "eu"]]),
        Refused(
            why: "an argument of which a header says another thing", status: 400, code: -32020, method: "tools/call",
            params: ["name": "mirrored", "arguments": ["region": "eu"]], headers: ["Mcp-Param-Region": "us"]),
        Refused(
            why: "a header of an argument that is not there", status: 400, code: -32020, method: "tools/call",
            params: ["name": "mirrored"], headers: ["Mcp-Param-Region": "us"]),
        Refused(why: "input asked for where none may be", status: 200, code: -32603, method: "prompts/list"),
        Refused(
            why: "input of no kind asked for", status: 200, code: -32603, method: "tools/call",
            params: ["name": "empty"]),
        Refused(
            why: "a tool that fails", status: 200, code: -32603, method: "tools/call", params: ["name": "fail"]),
    ]

    @Test(arguments: refused) func aRequestThatIsWrongIsTold(_ request: Refused) async {
        let reply = await Rig().modern(
            request.method, request.params, id: 77, meta: request.meta, headers: request.headers)
        #expect(reply.status == request.status)
        #expect(reply.error == request.code)
        #expect(reply.json["id"] == 77)
    }

    @Test func headersMayBeSpelledOtherwiseAndSayTheSame() async {
        let rig = Rig()
        let name: JSON = ["name": "mirrored", "arguments": ["region": "Zürich"]]
        let headers = ["Mcp-Param-Region": HeaderText.encode("Zürich"), "Mcp-Name": "=?base64?bWlycm9yZWQ=?="]
        #expect(await rig.modern("tools/call", name, headers: headers).text == #"{"region":"Zürich"}"#)
        #expect(await rig.modern("tools/list", headers: ["Mcp-Method": " \t tools/list  "]).status == 200)
    }

    @Test func theTraceIsTheServices() async {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"
        func seen(_ more: JSON) async -> String? { await Rig().call("trace", meta: Rig.meta(more)).text }
        #expect(await seen(["traceparent": JSON(parent), "tracestate": "a=1"]) == "\(parent) a=1 -")
        #expect(await seen(["traceparent": JSON(parent), "tracestate": 7, "baggage": "k=v"]) == "\(parent) - k=v")
        let long = JSON(String(repeating: "x", count: 9000))
        #expect(await seen(["traceparent": JSON(parent), "tracestate": long, "baggage": long]) == "\(parent) - -")
        for none: JSON in ["00-1", 1, "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\r\nx: y", .null] {
            #expect(await seen(["traceparent": none, "baggage": "k=v"]) == "none")
        }
    }

    @Test func aCapabilityThatIsMissingIsNamed() async {
        let reply = await Rig().call("ask", meta: Rig.meta([MetaKey.clientCapabilities: [:]]))
        #expect(reply.status == 400 && reply.error == -32021)
        #expect(reply.json["error"]?["data"]?["requiredCapabilities"]?["elicitation"] != nil)
    }

    @Test func inputIsAskedForAndTheStateServesOnce() async throws {
        let rig = Rig()
        let asked = await rig.call("ask").json["result"]
        #expect(asked?["resultType"] == "input_required")
        #expect(asked?["inputRequests"]?["name"]?["method"] == "elicitation/create")
        let retry: JSON = [
            "name": "ask", "arguments": [:], "requestState": try #require(asked?["requestState"]),
            "inputResponses": ["name": ["action": "accept"]],
        ]
        #expect(await rig.modern("tools/call", retry, as: "eve").error == -32602)
        var other = retry
        other["arguments"] = ["more": 1]
        #expect(await rig.modern("tools/call", other).error == -32602)
        #expect(await rig.modern("tools/call", retry).text == #"asked {"action":"accept"}"#)
        #expect(await rig.modern("tools/call", retry).error == -32602)
    }

    @Test func notificationsGoBeforeTheAnswer() async throws {
        let rig = Rig()
        var events = try EventReader(await rig.call("progress", meta: Rig.meta(["progressToken": "t"])))
        let messages = await events.rest()
        // What is no further than before is not told.
        #expect(messages.compactMap { $0["params"]?["progress"]?.double } == [1, 2, 3])
        #expect(messages.first?["params"]?["progressToken"] == "t")
        #expect(messages.last?["id"] == 1 && messages.count == 4)
        #expect(await rig.call("progress").text == "done")
        var logs = try EventReader(await rig.call("log", meta: Rig.meta([MetaKey.logLevel: "critical"])))
        #expect(await logs.rest().compactMap { $0["params"]?["level"]?.string } == ["critical", "alert", "emergency"])
        #expect(await rig.call("log").text == "done")
        #expect(await rig.call("echo", meta: Rig.meta(["progressToken": 1])).text == "{}")
    }

    @Test func aReaderThatIsSlowGetsTheNewestAndTheAnswer() async throws {
        let rig = Rig { $0.pendingNotifications = 10 }
        let reply = await rig.call("flood", meta: Rig.meta(["progressToken": 1]))
        try await Task.sleep(for: .milliseconds(50))
        var events = try EventReader(reply)
        let messages = await events.rest()
        #expect(messages.last?["result"] != nil)
        #expect(messages.count < 3000)
    }

    @Test func aClientThatGoesAwayCancelsItsCall() async throws {
        let rig = Rig()
        let waiting = Task { await rig.call("wait", meta: Rig.meta(["progressToken": 1])) }
        try await wait("the peer stands so") { rig.service.count("begun wait") == 1 }
        waiting.cancel()
        try await wait("the peer stands so") { rig.service.count("cancelled") == 1 }
        _ = await waiting.value
    }
}
