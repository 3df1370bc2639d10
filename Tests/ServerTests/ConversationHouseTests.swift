import Flow
import Foundation
import Gate
import JSON
import NIOHTTP1
import Scan
import TestSupport
import Testing

@testable import Hub
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

    @Test("what is spoken is written down and heard; a yes that is spoken agrees to nothing")
    func speaking() async throws {
        let upstream = try await SpeechUpstream.open()
        try await RunningHouse.with(configure: { configuration in
            configuration.models = ModelSDKTests.settings(port: upstream.port)
            configuration.conversation.transcribes = "openai/whisper-1"
        }) { running in
            let begun = try await running.send(.POST, "/api/v1/conversations", key: running.agentKey, json: [:])
            let path = "/api/v1/conversations/\(try begun.json.text("id"))"
            func speak(
                _ words: String, _ type: String = "audio/wav", key: String? = nil
            ) async throws -> RunningHouse.Answer {
                // Two megabytes: more than other requests may have.
                let noise = [UInt8](repeating: 0xFF, count: 2 << 20)
                return try await running.send(
                    .POST, "\(path)/speech", key: key ?? running.agentKey,
                    bytes: Array("RIFF\u{0}\u{1}WAVE\(words)\r\n".utf8) + noise, headers: [("content-type", type)])
            }
            let list = try await speak("SAY list the workflows")
            #expect(list.json["heard"] == "list the workflows", "\(list.text)")
            #expect(list.text.contains("weekly-digest"))
            let plan = try await speak("SAY assess and fix \(running.house.dataDirectory)/none")
            #expect(plan.json["plan"]?["tool"] == "workflow.run", "\(plan.text)")
            #expect(try await speak("SAY yes").json["plan"]?["tool"] == "workflow.run")
            #expect(try await running.house.workflows.engine.runs().isEmpty)
            #expect(try await speak("SAY yes", key: running.adminKey).status == 404)
            #expect(try await speak("SAY yes", "text/plain").code == "unsupported")
            let mumbled = try await speak("mumble")
            #expect(mumbled.status >= 400 && mumbled.text.contains("nothing can be heard"), "\(mumbled.text)")
            let done = try await running.send(
                .POST, "\(path)/messages", key: running.agentKey, json: ["text": "yes"])
            #expect(done.json["run"]?.string?.hasPrefix("run_") == true, "\(done.text)")
        }
        try await upstream.stop()
    }

    @Test("where no model writes down what is spoken, the answer says how to name one")
    func deaf() async throws {
        try await RunningHouse.with { running in
            let begun = try await running.send(.POST, "/api/v1/conversations", key: running.agentKey, json: [:])
            let answer = try await running.send(
                .POST, "/api/v1/conversations/\(try begun.json.text("id"))/speech", key: running.agentKey,
                bytes: Array("RIFF".utf8), headers: [("content-type", "audio/wav")])
            #expect(answer.status == 503 && answer.text.contains("conversation: {transcribes"), "\(answer.text)")
        }
    }

    @Test("models that a new configuration brings are asked by agents from then on")
    func reloadedModels() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let file = scratch.file("gatehouse.yaml")
        try "assess: {roots: [\(scratch.path)]}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try HouseConfiguration.load(file)
        try await RunningHouse.with(configure: { $0 = configuration }) { running in
            @Sendable func why() async throws -> String {
                let answer = try await running.send(
                    .POST, "/api/v1/actions", key: running.agentKey,
                    json: [
                        "tool": "agents.run", "target": "agents",
                        "arguments": ["agent": "explorer", "input": ["path": .string(scratch.path)]],
                    ])
                #expect(answer.json["answer"]?["by"] == "procedure", "\(answer.text)")
                return answer.json["answer"]?["why"]?.string ?? ""
            }
            #expect(try await why() == "no model is configured")
            try """
            assess: {roots: [\(scratch.path)]}
            models: {providers: {openai: {url: "http://127.0.0.1:9", key: nothing}}}
            agents: {explorer: {model: openai/gpt-5.4}}

            """.write(toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(try await !["", "no model is configured"].contains(why()))
        }
    }

    @Test("all that can be said leads to tools that the house has, with arguments that they take, and to its pages")
    func catalogue() async throws {
        try await RunningHouse.with { running in
            let sign = try await running.signIn(running.admin)
            let tools = Dictionary(running.house.gate.tools.descriptors.map { ($0.id, $0) }) { first, _ in first }
            for intent in try Catalogue.builtIn().intents {
                if let call = intent.call {
                    let tool = try #require(tools[call.tool], "\(intent.name) uses \(call.tool)")
                    let taken = Set((tool.arguments["properties"]?.object ?? [:]).map(\.key))
                    let given = Set((call.arguments.json.object ?? [:]).map(\.key))
                    let needed = Set((tool.arguments["required"]?.array ?? []).compactMap(\.string))
                    #expect(given.isSubset(of: taken), "\(intent.name): \(given.subtracting(taken))")
                    #expect(needed.isSubset(of: given), "\(intent.name): \(needed.subtracting(given))")
                }
                if let link = intent.link, !link.contains("{") {
                    let page = try await running.send(
                        .GET, link, headers: [("cookie", sign.cookie), ("accept", "text/html")])
                    #expect(page.status == 200, "\(intent.name): \(link)")
                }
            }
        }
    }
}
