import Flow
import Foundation
import Gate
import JSON
import NIOHTTP1
import Scan
import Testing

@testable import Server

/// The conversation over HTTP and in the console of a whole house.
@Suite("Conversations of a house", .timeLimit(.minutes(10)))
struct ConversationHouseTests {
    @Test("what reads is done, what changes waits for a yes, and nobody reads another's")
    func talking() async throws {
        try await RunningHouse.with { running in
            let begun = try await running.send(.POST, "/api/v1/conversations", key: running.agentKey, json: [:])
            let id = try begun.json.text("id")
            #expect(begun.status == 201)
            func say(_ text: String, _ key: String) async throws -> RunningHouse.Answer {
                try await running.send(
                    .POST, "/api/v1/conversations/\(id)/messages", key: key, json: ["text": .string(text)])
            }
            let list = try await say("list the workflows", running.agentKey)
            #expect(list.status == 200 && list.text.contains("continuous-assessment"), "\(list.text)")
            let folder = running.house.dataDirectory + "/none"
            let plan = try await say("assess and fix \(folder)", running.agentKey)
            #expect(plan.json["plan"]?["tool"] == "workflow.run", "\(plan.text)")
            #expect(try await running.house.workflows.engine.runs().isEmpty)
            let done = try await say("yes", running.agentKey)
            #expect(done.json["run"]?.string?.hasPrefix("run_") == true, "\(done.text)")
            #expect(try await say("list the runs", running.adminKey).status == 404)
            let read = try await running.send(
                .GET, "/api/v1/conversations/\(id)/messages", key: running.adminKey)
            #expect(read.status == 404)
            let own = try await running.send(.GET, "/api/v1/conversations/\(id)/messages", key: running.agentKey)
            #expect(own.json["messages"]?.array?.count == 6)
            #expect(try await say("", running.agentKey).status == 400)
            #expect(try await say(String(repeating: "x", count: 9000), running.agentKey).status >= 400)
        }
    }

    @Test("the console's chat is a form: a plan has a yes and a no, texts stay texts")
    func chatting() async throws {
        try await RunningHouse.with { running in
            let sign = try await running.signIn(running.admin)
            let headers = [("cookie", sign.cookie), ("accept", "text/html")]
            let forged = try await running.send(.POST, "/chat", form: "csrf=x&text=help", headers: headers)
            #expect(forged.status == 403)
            let begun = try await running.send(
                .POST, "/chat", form: "csrf=\(sign.csrf)&text=%3Cimg%20src%3Dx%3E%20%7B%7Bcsrf%7D%7D", headers: headers)
            let place = try #require(begun.headers["location"].first)
            let path = String(place.prefix { $0 != "#" })
            let page = try await running.send(.GET, path, headers: headers)
            #expect(page.status == 200 && page.text.contains("&lt;img src=x&gt; {{csrf}}"))
            let asked = try await running.send(
                .POST, path, form: "csrf=\(sign.csrf)&text=run+the+workflow+weekly-digest", headers: headers)
            #expect(asked.status == 303)
            let plan = try await running.send(
                .POST, path, form: "csrf=\(sign.csrf)&text=assess+and+fix+/srv/shop", headers: headers)
            #expect(plan.status == 303)
            let shown = try await running.send(.GET, path, headers: headers)
            #expect(shown.text.contains("Yes, do it"))
            let stranger = try await running.signIn(running.agent)
            let other = try await running.send(
                .GET, path, headers: [("cookie", stranger.cookie), ("accept", "text/html")])
            #expect(other.status == 404)
        }
    }

    @Test("the house has its agents: they are listed, work without a model, and put together by workflows")
    func agents() async throws {
        try await RunningHouse.with { running in
            let folder = running.house.dataDirectory + "/kitchen"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "FROM debian:12\nCMD [\"sleep\", \"9\"]\n".write(
                toFile: folder + "/Dockerfile", atomically: true, encoding: .utf8)
            running.house.assessRoots.folders = [folder]
            func ask(_ tool: String, _ arguments: JSON) async throws -> JSON {
                let answer = try await running.send(
                    .POST, "/api/v1/actions", key: running.agentKey,
                    json: ["tool": .string(tool), "target": "agents", "arguments": arguments])
                #expect(answer.status == 200, "\(answer.text)")
                return answer.json["answer"] ?? .null
            }
            let names = try await ask("agents.list", [:])["agents"]?.array?.compactMap { $0["name"]?.string }
            #expect(
                names == ["council", "designer", "explorer", "fixer", "librarian", "oracle", "orchestrator"],
                "\(String(describing: names))")
            let map = try await ask("agents.run", ["agent": "explorer", "input": ["path": .string(folder)]])
            #expect(map["by"] == "procedure" && map["output"]?["findings"]?.array?.isEmpty == false)
            let begun = try await ask(
                "workflow.run", ["workflow": "compliance", "inputs": ["path": .string(folder)]])
            let run = try begun.text("run")
            while true {
                let record = try await running.house.workflows.engine.run(run)
                if record.status == .waiting || record.status.isOver {
                    #expect(record.status == .waiting, "\(record.json.text())")
                    break
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
