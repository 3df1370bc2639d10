import Core
import Dialects
import Gate
import JSON
import Privacy
import Synchronization
import Testing

@testable import Models

/// What leaves and what comes back, seen from the provider's side.
@Suite(.timeLimit(.minutes(10))) struct PrivateCallTests {
    /// Put together at run time, so that no scanner takes this file for a leak.
    static let email = "grace.hopper" + "@" + "navy-yard.org"
    static let card = "4539 1488" + " 0343 6467"
    static let key = "AKIA" + "Q3EGUMZ7" + "T5WX2LNK"
    static let planted = [email, card, key, "grace.hopper", "0343 6467"]
    static let echoed = "AKIA" + "Y2LNKQ3E" + "GUMZ7T5W"

    static let said = "Write to \(email), card \(card), key aws_access_key_id=\(key)"

    static func provider(
        _ server: ScriptedServer, _ id: String = "p", _ dialect: Dialect = .openAI, clearance: Clearance = .standard
    ) -> Provider {
        Provider(
            id: id, baseURL: server.baseURL, dialect: dialect, auth: .bearer(Secret("upstream-key")),
            clearance: clearance,
            timeouts: ProviderTimeouts(connect: .seconds(50), firstByte: .seconds(50), idle: .seconds(50)))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let surface: Surface
        let dialect: Dialect
        let isStreamed: Bool
        let script: [ScriptedServer.Step]

        var testDescription: String { "\(surface.rawValue) by \(dialect), streamed: \(isStreamed)" }

        /// The planted texts in every position that the surface has.
        var body: String {
            let said = JSON.string(PrivateCallTests.said).text()
            let arguments = JSON.string(#"{"to":"\#(PrivateCallTests.email)","n":4539148803436467}"#).text()
            let stream = isStreamed ? #","stream":true"# : ""
            return switch surface {
            case .openAIChat:
                #"{"model":"p/m","user":"\#(PrivateCallTests.email)","messages":[{"role":"system","content":\#(said)},"#
                    + #"{"role":"user","content":[{"type":"text","text":\#(said)}]},{"role":"assistant","content":null,"#
                    + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"mail","arguments":\#(arguments)}}]},"#
                    + #"{"role":"tool","tool_call_id":"t1","content":\#(said)}],"tools":[{"type":"function","function":"#
                    + #"{"name":"mail","description":\#(said),"parameters":{"type":"object"}}}]\#(stream)}"#
            case .openAIResponses:
                #"{"model":"p/m","instructions":\#(said),"input":[{"role":"user","content":[{"type":"input_text","text":"#
                    + #"\#(said)}]},{"type":"function_call_output","call_id":"t1","output":\#(said)}]\#(stream)}"#
            case .openAIEmbeddings: #"{"model":"p/m","input":[\#(said)]}"#
            // A form, which the vendors' own clients make.
            case .openAITranscriptions: ""
            case .anthropicMessages, .anthropicCountTokens:
                #"{"model":"p/m","max_tokens":100,"system":\#(said),"messages":[{"role":"user","content":\#(said)},"#
                    + #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"mail","input":{"to":\#(said)}}]},"#
                    + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":\#(said)}]}]\#(stream)}"#
            }
        }
    }

    private static let reply = "Sent to <EMAIL_1>. By the way: token \(echoed) end"

    static let cases: [Case] = [
        Case(surface: .openAIChat, dialect: .openAI, isStreamed: false, script: Wire.json(Wire.chat(reply))),
        Case(surface: .openAIChat, dialect: .openAI, isStreamed: true, script: Wire.stream(Wire.chatStream(reply))),
        Case(surface: .openAIResponses, dialect: .openAI, isStreamed: false, script: Wire.json(Wire.response(reply))),
        Case(
            surface: .anthropicMessages, dialect: .anthropic, isStreamed: false, script: Wire.json(Wire.message(reply))),
        Case(
            surface: .anthropicMessages, dialect: .anthropic, isStreamed: true,
            script: Wire.stream(Wire.messageStream(reply))),
        Case(surface: .anthropicMessages, dialect: .openAI, isStreamed: false, script: Wire.json(Wire.chat(reply))),
        Case(
            surface: .anthropicMessages, dialect: .openAI, isStreamed: true,
            script: Wire.stream(Wire.chatStream(reply))),
    ]

    @Test("Nothing planted arrives at the provider; values come back, and what it echoes does not", arguments: cases)
    func nothingLeaves(_ one: Case) async throws {
        let server = try await ScriptedServer(one.script)
        let answer = try await GatewayWorld.with([Self.provider(server, "p", one.dialect)]) { world in
            let answer = try await world.answer(one.surface, one.body)
            let outcome = try #require(try world.records().last)
            #expect(outcome["usage"] == ["money_micros": 70, "tokens": 50])
            #expect(outcome["facts"]?["provider"] == "p")
            #expect((outcome["facts"]?["found"]?["SECRET"]?.int ?? 0) >= 1)
            return answer
        }
        #expect(server.log.requests.withLock { $0.count } == 1)
        for value in Self.planted { #expect(!server.received.contains(value), "\(value) left") }
        #expect(server.received.contains("<EMAIL_1>"))
        #expect(server.received.contains("Bearer upstream-key"))
        let text = one.isStreamed ? Self.texts(of: answer) : answer
        #expect(text.contains("Sent to \(Self.email). By the way"))
        #expect(!text.contains(Self.echoed) && !answer.contains(Self.echoed))
        try await server.stop()
    }

    /// All pieces of text of a stream, put together.
    static func texts(of stream: String) -> String {
        stream.split(separator: "\n").filter { $0.hasPrefix("data: {") }.compactMap { line in
            let event = try? JSON.parse(String(line.dropFirst(6)))
            return event?["choices"]?[0]?["delta"]?["content"]?.string ?? event?["delta"]?["text"]?.string
        }.joined()
    }

    @Test("Embeddings and counts of tokens", arguments: [Surface.openAIEmbeddings, .anthropicCountTokens])
    func small(_ surface: Surface) async throws {
        let isCount = surface == .anthropicCountTokens
        let body =
            isCount
            ? #"{"input_tokens":12}"#
            : #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0123456789,-0.9]}],"model":"m","usage":{"prompt_tokens":5,"total_tokens":5}}"#
        let server = try await ScriptedServer(Wire.json(body))
        let one = Case(surface: surface, dialect: isCount ? .anthropic : .openAI, isStreamed: false, script: [])
        try await GatewayWorld.with([Self.provider(server, "p", one.dialect)]) { world in
            let answer = try await world.answer(surface, one.body)
            #expect(answer == body)
            #expect(try world.records().last?["usage"]?["tokens"] == (isCount ? nil : 5))
        }
        for value in Self.planted { #expect(!server.received.contains(value)) }
        try await server.stop()
    }

    private static let thought = "<EMAIL_1> is an address."
    private static let signature = "RXJVQkNrZ0lBUmdDSWtDc2lnbmF0dXJl"

    @Test("Signed thinking keeps its tokens and its signature, and is taken back as it was", arguments: [false, true])
    func signedThinking(_ isStreamed: Bool) async throws {
        let block = #"{"type":"thinking","thinking":"\#(Self.thought)","signature":"\#(Self.signature)"}"#
        let whole = Wire.message("Mail <EMAIL_1>").replacing(#""content":["#, with: #""content":[\#(block),"#)
        let server = try await ScriptedServer(
            isStreamed ? Wire.stream(Self.thinkingStream) : Wire.json(whole))
        try await GatewayWorld.with([Self.provider(server, "p", .anthropic)]) { world in
            let user = #"{"role":"user","content":"Write to \#(Self.email)"}"#
            let stream = isStreamed ? #","stream":true"# : ""
            let ask = { (messages: String) in
                #"{"model":"p/m","max_tokens":100,"messages":[\#(messages)]\#(stream)}"#
            }
            let answer = try await world.answer(.anthropicMessages, ask(user))
            #expect(answer.contains(Self.signature))
            let thinking = isStreamed ? Self.member("thinking", of: answer) : answer
            #expect(thinking.contains(Self.thought))
            #expect((isStreamed ? Self.texts(of: answer) : answer).contains("Mail \(Self.email)"))
            let history = #"\#(user),{"role":"assistant","content":[\#(block)]},{"role":"user","content":"Go on"}"#
            _ = try await world.answer(.anthropicMessages, ask(history))
        }
        let sent = server.log.requests.withLock { $0 }
        #expect(sent.count == 2 && sent[1].contains(block))
        #expect(!server.received.contains(Self.email))
        try await server.stop()
    }

    private static let thinkingStream: [String] = {
        let delta = { (json: String) in
            Wire.event("content_block_delta", #"{"type":"content_block_delta","index":0,"delta":\#(json)}"#)
        }
        let block = [
            Wire.event(
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
            ),
            delta(#"{"type":"thinking_delta","thinking":"<EMAIL_1> is"}"#),
            delta(#"{"type":"thinking_delta","thinking":" an address."}"#),
            delta(#"{"type":"signature_delta","signature":"\#(signature)"}"#),
            Wire.event("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
        ]
        let text = Wire.messageStream("Mail <EMAIL_1> today")
        let later = text.dropFirst().map { $0.replacing(#""index":0"#, with: #""index":1"#) }
        return [text[0]] + block + later
    }()

    private static func member(_ name: String, of stream: String) -> String {
        stream.split(separator: "\n").filter { $0.hasPrefix("data: {") }.compactMap { line in
            (try? JSON.parse(String(line.dropFirst(6))))?["delta"]?[name]?.string
        }.joined()
    }

    @Test("What an inspector cannot look through is not sent")
    func failsClosed() async throws {
        let server = try await ScriptedServer(Wire.json(Wire.chat("hi")))
        try await GatewayWorld.with([Self.provider(server)], textLimit: 40) { world async throws in
            let sink = Collected()
            #expect(await code { try await world.ask(.openAIChat, Self.cases[0].body, to: sink) } == .tooLarge)
            #expect(sink.status == nil)
            #expect(try world.records().last?["state"] == "denied")
        }
        #expect(server.received.isEmpty)
        try await server.stop()
    }

    @Test("A call that policy would ask people about is refused")
    func asked() async throws {
        let server = try await ScriptedServer(Wire.json(Wire.chat("hi")))
        try await GatewayWorld.with([Self.provider(server)], decider: AskAll()) { world async throws in
            #expect(await code { try await world.answer(.openAIChat, Self.cases[0].body) } == .denied)
        }
        #expect(server.received.isEmpty)
        try await server.stop()
    }

    @Test("What is let through keeps its label, and goes to a cleared provider only")
    func clearance() async throws {
        let (near, far) = (
            try await ScriptedServer(Wire.json(Wire.chat("near"))),
            try await ScriptedServer(Wire.json(Wire.chat("far")))
        )
        var rules = PrivacyRules.default
        rules.byLabel[.pii] = .allow
        let cleared = Provider(
            id: "near", baseURL: near.baseURL, dialect: .openAI, auth: .none, clearance: Clearance([.pii]))
        let body = { (model: String) in
            #"{"model":"\#(model)","messages":[{"role":"user","content":"Write to \#(Self.email) please"}]}"#
        }
        let group = [ModelName(provider: "far", model: "m"), ModelName(provider: "near", model: "m")]
        try await GatewayWorld.with(
            [Self.provider(far, "far"), cleared], aliases: ["any": group], rules: rules, decider: nil
        ) { world in
            let answer = try await world.answer(.openAIChat, body("any"))
            #expect(answer.contains("near"))
            #expect(await code { try await world.answer(.openAIChat, body("far/m")) } == .denied)
            #expect(try world.records().first?["labels"] == ["pii"])
        }
        #expect(near.received.contains(Self.email))
        #expect(far.received.isEmpty)
        try await near.stop()
        try await far.stop()
    }

    @Test("What a session has seen keeps no provider away that is not sent any of it")
    func taint() async throws {
        let body = #"{"model":"p/m","messages":[{"role":"user","content":"hello"}]}"#
        func outcome(_ label: Label, _ rules: PrivacyRules = .default) async throws -> GatehouseError.Code? {
            let server = try await ScriptedServer(Wire.json(Wire.chat("hi")))
            let refusal = try await GatewayWorld.with([Self.provider(server)], rules: rules, decider: nil) { world in
                world.gate.sessions.taint(world.caller.session.id, with: [label])
                return await code { try await world.answer(.openAIChat, body) }
            }
            #expect(server.received.isEmpty == (refusal != nil))
            try await server.stop()
            return refusal
        }
        for label in [Label.pii, .phi, .pci, .untrusted] { #expect(try await outcome(label) == nil, "\(label)") }
        #expect(try await outcome(.secret) == .denied)
        #expect(try await outcome(.pii, PrivacyRules(byLabel: [.pii: .allow])) == .denied)
    }
}
