import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite("The steps of an action")
struct SubmitTests {
    @Test("A read is answered and recorded, and is not kept in the store")
    func read() async throws {
        let house = try await House.open()
        let submission = try await house.gate.submit(.get("a"), as: house.caller("vera", "viewer"))
        #expect(submission.answer == ["value": "1"])
        #expect(try house.story(of: submission.actionID) == ["intent performing", "outcome done"])
        #expect(await code { try await house.gate.action(submission.actionID) } == .notFound)
        guard case .answered(_, _, let leaf?) = submission else { throw Unexpected("no leaf") }
        let entry = try JSON.parse(try house.ledger.entry(leaf).payload ?? [])
        #expect(entry["v"] == 1)
        #expect(entry["effect"] == "read")
        #expect(entry["principal"] == "test#vera")
        #expect(entry["arguments_hash"]?.string == Hashing.hex([UInt8](#"{"key":"a"}"#.utf8)))
        #expect(entry["answer_hash"]?.string == Hashing.hex([UInt8](#"{"value":"1"}"#.utf8)))
        #expect(entry["arguments"] == nil)
    }

    @Test("Where a class leaves logging optional, a read may go unrecorded and nothing else")
    func optionalLogging() async throws {
        let routine = SessionClass(name: "routine-ops", retention: .seconds(60), logging: .optional, approval: .none)
        let settings = GateSettings(sessionClasses: ["routine-ops": routine])
        let house = try await House.open(settings: settings, decider: AllowAll())
        let olga = try house.caller("olga", "operator", class: "routine-ops")
        let before = house.ledger.size
        guard case .answered(_, _, nil) = try await house.gate.submit(.get("a"), as: olga) else {
            throw Unexpected("a leaf")
        }
        #expect(house.ledger.size == before)
        let change = try await house.gate.submit(.set("a", "2"), as: olga)
        #expect(try house.story(of: change.actionID) == ["intent performing", "outcome done"])
        let raised = try await House.open(
            settings: GateSettings(sessionClasses: ["routine-ops": routine], floor: SessionFloor(logging: .required)))
        let read = try await raised.gate.submit(.get("a"), as: raised.caller("olga", "operator", class: "routine-ops"))
        #expect(try raised.story(of: read.actionID) == ["intent performing", "outcome done"])
    }

    @Test("A tool that is not there is named, with the nearest that is")
    func unknownTool() async throws {
        let house = try await House.open()
        let vera = try house.caller("vera", "viewer")
        await #expect(
            throws: GatehouseError(
                "gate", .notFound, "there is no tool \"world.gett\"", hint: "did you mean \"world.get\"?")
        ) { try await house.gate.submit(ActionRequest(tool: "world.gett", target: "a"), as: vera) }
    }

    @Test(
        "A wrong argument is named",
        arguments: [
            (["ky": "a"], "argument \"key\" of world.get is missing"),
            (["key": 1], "argument \"key\" of world.get is to be string, not number"),
            (["key": ""], "argument \"key\" of world.get needs at least 1 characters"),
            (["key": "a", "ke": 1], "argument \"ke\" of world.get is unknown"),
            ([1], "the arguments of world.get are not a JSON object"),
        ] as [(JSON, String)])
    func arguments(_ arguments: JSON, _ message: String) async throws {
        let house = try await House.open()
        let vera = try house.caller("vera", "viewer")
        let error = await #expect(throws: GatehouseError.self) {
            try await house.gate.submit(ActionRequest(tool: "world.get", target: "a", arguments: arguments), as: vera)
        }
        #expect(error?.message == message)
        #expect(house.world.log.isEmpty)
    }

    @Test("Long or impossible texts are refused before anything else")
    func limits() async throws {
        let house = try await House.open()
        let vera = try house.caller("vera", "viewer")
        var request = ActionRequest.get("a")
        request.target = String(repeating: "x", count: 5000)
        #expect(await code { try await house.gate.submit(request, as: vera) } == .tooLarge)
        request = .get("a")
        request.reason = "nul \0"
        #expect(await code { try await house.gate.submit(request, as: vera) } == .invalid)
        request = .get("a")
        request.idempotencyKey = ""
        #expect(await code { try await house.gate.submit(request, as: vera) } == .invalid)
    }

    @Test("What no rule allows is denied, recorded, and not done")
    func denied() async throws {
        let house = try await House.open()
        #expect(await code { try await house.gate.submit(.get("a"), as: house.caller("nobody")) } == .denied)
        #expect(
            await code { try await house.gate.submit(.set("a", "2"), as: house.caller("vera", "viewer")) } == .denied)
        #expect(house.world.log.isEmpty)
        let records = try house.records().filter { $0["state"] == "denied" }
        #expect(records.count == 2)
        #expect(records.last?["decision"]?["verdict"] == "deny")
        #expect(try await house.gate.actions(state: .denied).map(\.action.tool) == ["world.set"])
    }

    @Test("A decider that fails has denied")
    func brokenDecider() async throws {
        let house = try await House.open(decider: BrokenDecider())
        #expect(await code { try await house.gate.submit(.get("a"), as: house.caller("ada", "admin")) } == .denied)
        #expect(house.world.log.isEmpty)
        #expect(try house.records().last?["state"] == "denied")
    }

    @Test(
        "An inspector that fails or blocks stops the action, and what it looked at is not recorded",
        arguments: ["explode", "forbidden"])
    func inspectorRefuses(_ word: String) async throws {
        let house = try await House.open(decider: AllowAll(), inspectors: [WordInspector()])
        #expect(
            await code { try await house.gate.submit(.set("a", word), as: house.caller("ada", "admin")) } == .denied)
        #expect(await code { try await house.gate.submit(.get(word), as: house.caller("ada", "admin")) } == .denied)
        #expect(house.world.log.isEmpty)
        #expect(try house.records().map { $0["state"] } == ["denied", "denied"])
        #expect(try !house.records().contains { $0.text().contains("\"\(word)\"") })
    }

    @Test("What an inspector rewrites is what is performed, and its labels stay on the session")
    func rewriting() async throws {
        let house = try await House.open(decider: AllowAll(), inspectors: [WordInspector()])
        let ada = try house.caller("ada", "admin")
        let submission = try await house.gate.submit(.set("a", "open sesame"), as: ada)
        #expect(house.world.values["a"] == "open [redacted]")
        #expect(try house.gate.sessions.current(ada.session.id).labels == [.secret])
        #expect(try await house.gate.action(submission.actionID).action.arguments["value"] == "open [redacted]")
    }

    @Test("Answers are inspected like questions; one that may not pass is withheld")
    func answers() async throws {
        let shout = ScriptedTool("test.shout") { action, _ in Answer(action.arguments["say"]?["word"] ?? .null) }
        let split = ScriptedTool("test.forbid") { _, _ in Answer("forbidden") }
        let house = try await House.open(decider: AllowAll(), inspectors: [WordInspector()], tools: [shout, split])
        let ada = try house.caller("ada", "admin")
        let revealed = try await house.gate.submit(.reveal("a"), as: ada)
        #expect(revealed.answer == ["secret": "open [redacted]"])
        #expect(try house.gate.sessions.current(ada.session.id).labels == [.secret])
        #expect(
            await code { try await house.gate.submit(ActionRequest(tool: "test.forbid", target: "x"), as: ada) }
                == .denied)
        let last = try house.records().last
        #expect(last?["state"] == "done")
        #expect(last?["answer_hash"] == nil)
    }

    @Test("A secret that the session has seen is not sent outside")
    func taint() async throws {
        let send = ScriptedTool("test.send", sendsOutside: true) { _, _ in Answer("sent") }
        let house = try await House.open(inspectors: [WordInspector()], tools: [send])
        let ada = try house.caller("ada", "admin")
        let request = ActionRequest(tool: "test.send", target: "x")
        #expect(try await house.gate.submit(request, as: ada).answer == "sent")
        _ = try await house.gate.submit(.reveal("a"), as: ada)
        #expect(await code { try await house.gate.submit(request, as: ada) } == .denied)
    }

    @Test(
        "When the ledger takes nothing, nothing is done",
        arguments: [ActionRequest.get("a"), .set("a", "2"), .reveal("a")])
    func ledgerGone(_ request: ActionRequest) async throws {
        let house = try await House.open(decider: AllowAll())
        await house.ledger.close()
        #expect(await code { try await house.gate.submit(request, as: house.caller("ada", "admin")) } == .unavailable)
        #expect(house.world.log.allSatisfy { $0 == "preview" })
    }

    @Test("The kill switch ends what is under way at its next step")
    func killed() async throws {
        let house = try await House.open()
        let vera = try house.caller("vera", "viewer")
        try await house.gate.identity.kill(vera.principal.id, reason: "stolen laptop")
        #expect(await code { try await house.gate.submit(.get("a"), as: vera) } == .denied)
        #expect(house.world.log.isEmpty)
        #expect(try house.records().last?["tool"] == "world.get")
        #expect(try house.records().last?["state"] == "denied")
    }

    @Test(
        "The preview is made after a first decision and before the last, and its undo plan is recorded before it is performed"
    )
    func preview() async throws {
        let house = try await House.open(decider: AllowAll())
        let submission = try await house.gate.submit(.set("a", "2"), as: house.caller("olga", "operator"))
        #expect(house.world.log == ["preview", "set"])
        let intent = try house.records().first { $0["action"]?.string == submission.actionID }
        #expect(intent?["type"] == "intent")
        #expect(intent?["undo"]?["tool"] == "world.set")
        #expect(intent?["reason"] == "because")
        let kept = try await house.gate.action(submission.actionID)
        #expect(kept.state == .done)
        #expect(kept.preview?.undo?.arguments == ["key": "a", "value": "1"])
        #expect(kept.answer == ["set": "a"])
    }

    @Test("A tool that would do more than it was registered for is not performed")
    func greaterEffect() async throws {
        struct Liar: Tool {
            let descriptor = ToolDescriptor(id: "test.liar", title: "", summary: "", effect: .read)
            func effect(of arguments: JSON) throws -> Effect { .destroy }
            func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
                throw Unexpected("performed")
            }
        }
        let house = try await House.open(decider: AllowAll(), tools: [Liar()])
        #expect(
            await code {
                try await house.gate.submit(ActionRequest(tool: "test.liar", target: "x"), as: house.caller("a"))
            } == .internal)
    }
}
