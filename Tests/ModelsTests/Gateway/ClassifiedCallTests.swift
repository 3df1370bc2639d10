import Core
import Dialects
import Gate
import JSON
import Privacy
import Synchronization
import Testing

@testable import Models

/// Calls in whose texts a program of somebody else's looks as well, seen from the provider's side.
@Suite(.timeLimit(.minutes(10))) struct ClassifiedCallTests {
    static let names = ["Zoë Müller": "PERSON", "Acme 🚀 Corp": "ORGANIZATION"]
    static let said = "🙂 e\u{301} Ask Zoë Müller of Acme 🚀 Corp, mail \(PrivateCallTests.email)"

    private func body(_ text: String = said, stream: Bool = false) -> String {
        #"{"model":"p/m","messages":[{"role":"user","content":\#(JSON.string(text).text())}],"stream":\#(stream)}"#
    }

    private func chat(
        _ script: [ScriptedServer.Step], _ settings: [ClassifierSettings], _ body: String
    ) async throws -> (answer: String, server: ScriptedServer, failure: GatehouseError?) {
        let server = try await ScriptedServer(script)
        let sink = Collected()
        var failure: GatehouseError?
        do {
            try await GatewayWorld.with([PrivateCallTests.provider(server)], classifiers: settings) { world in
                _ = try await world.ask(.openAIChat, body, to: sink)
            }
        } catch let error as GatehouseError { failure = error }
        try await server.stop()
        return (sink.text, server, failure)
    }

    @Test("What it finds gets tokens beside what we find, and comes back")
    func requests() async throws {
        let classifier = try await ScriptedClassifier(Self.names)
        let (answer, server, failure) = try await chat(
            Wire.json(Wire.chat("Hello <PERSON_1> at <ORGANIZATION_1>, <EMAIL_1>")), [classifier.settings()], body())
        #expect(failure == nil)
        #expect(server.received.contains("🙂 e\u{301} Ask <PERSON_1> of <ORGANIZATION_1>, mail <EMAIL_1>"))
        #expect(answer.contains("Hello Zoë Müller at Acme 🚀 Corp, \(PrivateCallTests.email)"))
        #expect(classifier.texts == [Self.said])
        #expect(classifier.requests.bodies.withLock { $0.first?["language"]?.string } == "en")
        try await classifier.stop()
    }

    @Test("A request's texts are asked about once each, in every position")
    func positions() async throws {
        let classifier = try await ScriptedClassifier(Self.names)
        let arguments = JSON.string(#"{"to":"Zoë Müller"}"#).text()
        let request =
            #"{"model":"p/m","messages":[{"role":"system","content":"Zoë Müller asks"},{"role":"assistant","content":null,"#
            + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"mail","arguments":\#(arguments)}}]},"#
            + #"{"role":"tool","tool_call_id":"t1","content":"Zoë Müller asks"}]}"#
        let (_, server, failure) = try await chat(Wire.json(Wire.chat("ok")), [classifier.settings()], request)
        #expect(failure == nil)
        #expect(!server.received.contains("Zoë") && server.received.contains("<PERSON_1> asks"))
        #expect(classifier.texts.filter { $0 == "Zoë Müller asks" }.count == 1)
        #expect(classifier.texts.contains("Zoë Müller"))
        try await classifier.stop()
    }

    @Test(
        "Answers are asked about where that is configured, streamed ones when they are complete",
        arguments: [false, true])
    func answers(isStreamed: Bool) async throws {
        let classifier = try await ScriptedClassifier(Self.names)
        let reply = "🙂 Acme 🚀 Corp met <PERSON_1> and token \(PrivateCallTests.echoed) end"
        let script = isStreamed ? Wire.stream(Wire.chatStream(reply)) : Wire.json(Wire.chat(reply))
        let request = body("Ask Zoë Müller", stream: isStreamed)
        for isAsked in [true, false] {
            let (answer, _, failure) = try await chat(script, [classifier.settings(answers: isAsked)], request)
            #expect(failure == nil)
            let text = isStreamed ? PrivateCallTests.texts(of: answer) : answer
            let name = isAsked ? "<ORGANIZATION_1>" : "Acme 🚀 Corp"
            #expect(text.contains("🙂 \(name) met Zoë Müller and token ["), "\(text)")
            #expect(!answer.contains(PrivateCallTests.echoed))
        }
        #expect(classifier.texts.filter { $0 == reply }.count == 1)
        try await classifier.stop()
    }

    @Test("A streamed message with a tool's input, held and sent with every event that it had")
    func heldMessage() async throws {
        let classifier = try await ScriptedClassifier(Self.names)
        let server = try await ScriptedServer(Wire.stream(Wire.messageStream("Acme 🚀 Corp says hi to <PERSON_1>")))
        let provider = PrivateCallTests.provider(server, "p", .anthropic)
        let request =
            #"{"model":"p/m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"I am Zoë Müller"}]}"#
        let answer = try await GatewayWorld.with([provider], classifiers: [classifier.settings(answers: true)]) {
            try await $0.answer(.anthropicMessages, request)
        }
        #expect(PrivateCallTests.texts(of: answer) == "<ORGANIZATION_1> says hi to Zoë Müller")
        for event in ["message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"] {
            #expect(answer.contains("event: \(event)"), "\(event)")
        }
        try await classifier.stop()
        try await server.stop()
    }

    // MARK: What goes wrong

    struct Nasty: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: [ScriptedServer.Step]
        var code = GatehouseError.Code.unavailable
    }

    static func entity(_ start: String, _ end: String) -> [ScriptedServer.Step] {
        Wire.json(#"[{"entity_type":"PERSON","start":\#(start),"end":\#(end),"score":0.9}]"#)
    }

    static let nasty = [
        Nasty(testDescription: "stalls before the head", script: [.stall], code: .timeout),
        Nasty(
            testDescription: "stalls in the body",
            script: [.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{"), .stall], code: .timeout),
        Nasty(testDescription: "resets", script: [.reset]),
        Nasty(
            testDescription: "resets in the body",
            script: [.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{"), .reset]),
        Nasty(testDescription: "closes", script: [.close]),
        Nasty(testDescription: "no HTTP", script: [.send("what?\r\n\r\n"), .close]),
        Nasty(testDescription: "no JSON", script: Wire.json("<html>")),
        Nasty(testDescription: "no list", script: Wire.json(#"{"findings":[]}"#)),
        Nasty(testDescription: "half a list", script: Wire.json("[{")),
        Nasty(testDescription: "an error in JSON", script: Wire.json(#"{"error":"no"}"#, status: "500 No")),
        Nasty(testDescription: "busy", script: Wire.json("[]", status: "429 Wait")),
        Nasty(
            testDescription: "elsewhere",
            script: [.send("HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/x\r\ncontent-length: 0\r\n\r\n"), .close]),
        Nasty(testDescription: "negative", script: entity("-1", "2")),
        Nasty(testDescription: "beyond the end", script: entity("0", "10000")),
        Nasty(testDescription: "bytes instead of code points", script: entity("0", "\(said.utf8.count)")),
        Nasty(testDescription: "backwards", script: entity("5", "2")),
        Nasty(
            testDescription: "100 MB",
            script: [.send("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n"), .flood(100_000_000)]),
        Nasty(
            testDescription: "100 MB without a length",
            script: [.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"), .flood(100_000_000), .close]),
    ]

    @Test("Where it fails, nothing leaves", arguments: nasty)
    func failsClosed(_ one: Nasty) async throws {
        let classifier = try await ScriptedServer(one.script)
        var settings = ClassifierSettings(PresidioExchange(id: "external.nasty"), url: "\(classifier.baseURL)/analyze")
        if one.code == .timeout { settings.timeout = .milliseconds(200) } else { settings.timeout = .seconds(50) }
        let (answer, server, failure) = try await chat(Wire.json(Wire.chat("ok")), [settings], body())
        #expect(failure?.code == one.code && failure?.message.contains("external.nasty") == true, "\(failure as Any)")
        #expect(server.received.isEmpty && answer.isEmpty)
        #expect(!classifier.received.isEmpty)
        try await classifier.stop()
    }

    @Test("Where it fails on an answer, the client gets nothing of it", arguments: [false, true])
    func answerFailsClosed(isStreamed: Bool) async throws {
        let classifier = try await ScriptedServer(Wire.json("no"))
        var settings = ClassifierSettings(PresidioExchange(id: "external.nasty"), url: "\(classifier.baseURL)/analyze")
        settings.answers = true
        let setup = PrivacySetup(
            filter: PrivacyFilter(scanner: try PrivacyScanner(), hasExternal: true),
            answerClassifiers: Classifiers([ClassifierClient(settings)]))
        let script = isStreamed ? Wire.stream(Wire.chatStream("Zoë Müller")) : Wire.json(Wire.chat("Zoë Müller"))
        let server = try await ScriptedServer(script)
        let sink = Collected()
        let code = await code {
            try await GatewayWorld.with([PrivateCallTests.provider(server)]) { world in
                world.gateway.privacy.shared.adopt(setup)
                return try await world.ask(.openAIChat, body(stream: isStreamed), to: sink)
            }
        }
        #expect(code == .unavailable && sink.text.isEmpty && sink.status == nil)
        #expect(!server.received.isEmpty)
        try await server.stop()
        try await classifier.stop()
    }

    @Test("One that is not there, and a text that is too long for it")
    func notAsked() async throws {
        let gone = try await ScriptedServer([])
        try await gone.stop()
        let away = ClassifierSettings(PresidioExchange(id: "external.gone"), url: "\(gone.baseURL)/analyze")
        let (_, server, failure) = try await chat(Wire.json(Wire.chat("ok")), [away], body())
        #expect(failure?.code == .unavailable && server.received.isEmpty)
        let classifier = try await ScriptedClassifier(Self.names)
        var small = classifier.settings()
        small.maxBytes = 10
        let (_, spared, refused) = try await chat(Wire.json(Wire.chat("ok")), [small], body())
        #expect(refused?.code == .tooLarge && spared.received.isEmpty && classifier.texts.isEmpty)
        try await classifier.stop()
    }

    @Test("A connection that breaks once is no failure: to ask again changes nothing")
    func asksAgain() async throws {
        let classifier = try await ScriptedClassifier(Self.names)
        let client = ClassifierClient(classifier.settings())
        #expect(try await client.findings(in: Array("Zoë Müller".utf8)).count == 1)
        #expect(try await client.findings(in: Array("nobody".utf8)).isEmpty)
        try await classifier.stop()
    }
}
