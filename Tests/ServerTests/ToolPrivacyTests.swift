import Core
import Gate
import JSON
import Ledger
import Logging
import Models
import Privacy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Tools behind the gate whose texts go by the privacy rules: what a tool gets, what its caller gets, what is kept.
@Suite(.timeLimit(.minutes(10))) struct ToolPrivacyTests {
    /// Says what it was asked, and remembers it.
    final class Echo: Tool {
        let descriptor: ToolDescriptor
        private let state = Mutex<[JSON]>([])
        var asked: [JSON] { state.withLock { $0 } }

        init(_ id: String, effect: Effect) {
            descriptor = ToolDescriptor(id: id, title: "Echo", summary: "Says it again.", effect: effect)
        }

        func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
            Preview(summary: "say \(action.arguments["text"]?.string ?? "")", undo: nil)
        }

        func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
            state.withLock { $0.append(action.arguments) }
            if action.arguments["fail"] == true {
                throw GatehouseError("test", .invalid, "no \(action.arguments["text"]?.string ?? "")")
            }
            return Answer(["said": action.arguments["text"] ?? .null])
        }
    }

    struct Allow: Decider {
        let revision = "test:allow"
        let inputs: Inputs
        final class Inputs: Sendable { let all = Mutex<[DecisionInput]>([]) }

        func decide(_ input: DecisionInput) async throws -> Decision {
            inputs.all.withLock { $0.append(input) }
            return Decision(.allow, reason: "test", rule: "all", policyRevision: revision)
        }
    }

    struct World: Sendable {
        let gate: Gate
        let shared: SharedPrivacy
        let caller: Caller
        let read: Echo
        let write: Echo
        let inputs: Allow.Inputs

        func ask(_ tool: String, _ arguments: JSON, as other: Caller? = nil) async throws -> JSON {
            let request = ActionRequest(tool: tool, target: "x", arguments: arguments)
            guard case .answered(_, let answer, _) = try await gate.submit(request, as: other ?? caller) else {
                return .null
            }
            return answer.value
        }
    }

    private func with(
        _ change: (inout PrivacySettings) -> Void, _ work: (World) async throws -> Void
    ) async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        var settings = PrivacySettings()
        change(&settings)
        let shared = try SharedPrivacy(settings.makeSetup())
        let store = try Store.open(path: "\(folder.path)/house.db", migrations: Gate.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open("\(folder.path)/ledger", key: key)
        let (read, write) = (Echo("echo.read", effect: .read), Echo("echo.write", effect: .change))
        let inputs = Allow.Inputs()
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                decider: Allow(inputs: inputs), inspectors: [PrivacyInspector(shared)], tools: [read, write],
                secretKey: [UInt8](repeating: 9, count: 32)))
        let ada = Principal(id: "test#ada", kind: .agent, name: "Ada", roles: ["operator"])
        let world = World(
            gate: gate, shared: shared, caller: try gate.enter(ada), read: read, write: write, inputs: inputs)
        try await work(world)
        await ledger.close()
        try store.close()
    }

    private static let rules = ToolPrivacy.Rules(
        PrivacyRules(byLabel: [.secret: .redact, .pii: .token]), restores: true)

    @Test("A token from one tool's answer is its value for another tool, and policy; its caller sees tokens only")
    func acrossTools() async throws {
        try await with {
            $0.tools = Self.rules
        } _: { world in
            // As a call to a model makes it, with the same vault.
            let vault = world.shared.vault(of: world.caller.session.id)
            _ = try world.shared.setup.filter.conceal(Array("I am ada@example.org".utf8), vault: vault)
            #expect(try await world.ask("echo.read", ["text": "to <EMAIL_1>"]) == ["said": "to <EMAIL_1>"])
            #expect(world.read.asked.last == ["text": "to ada@example.org"])
            // The value itself, said by who knows it, goes through and comes back as a token.
            #expect(try await world.ask("echo.read", ["text": "bob@example.org"]) == ["said": "<EMAIL_2>"])
            #expect(try await world.ask("echo.write", ["text": "at <EMAIL_2>"]) == ["said": "at <EMAIL_2>"])
            #expect(world.write.asked == [["text": "at bob@example.org"]])
            let seen = world.inputs.all.withLock { $0 }
            #expect(seen.last?.action.arguments == ["text": "at bob@example.org"] && seen.last?.labels == [.pii])
            #expect(seen.last?.preview?.summary == "say at <EMAIL_2>")
            let error = await #expect(throws: GatehouseError.self) {
                try await world.ask("echo.read", ["text": "<EMAIL_1>", "fail": true])
            }
            #expect(error?.message == "no <EMAIL_1>")
            #expect(try world.gate.sessions.current(world.caller.session.id).labels == [.pii])
        }
    }

    @Test("A session that did not see a value gets nothing for its token")
    func otherSessions() async throws {
        try await with {
            $0.tools = Self.rules
        } _: { world in
            #expect(try await world.ask("echo.read", ["text": "ada@example.org"]) == ["said": "<EMAIL_1>"])
            let eve = try world.gate.enter(Principal(id: "test#eve", kind: .agent, name: "Eve", roles: ["operator"]))
            _ = try await world.ask("echo.read", ["text": "<EMAIL_1>"], as: eve)
            #expect(world.read.asked.last == ["text": "<EMAIL_1>"])
        }
    }

    @Test("As it comes: secrets are taken out, personal data is labelled, tools get what they are given")
    func standard() async throws {
        try await with { _ in
        } _: { world in
            let key = "AKIA" + "Q3EGUMZ7" + "T5WX2LNK"
            let said = "ada@example.org <EMAIL_1> aws_access_key_id=\(key)"
            let answer = try await world.ask("echo.read", ["text": .string(said)])
            #expect(answer["said"]?.string?.hasPrefix("ada@example.org <EMAIL_1> aws_access_key_id=[") == true)
            #expect(!answer.text().contains(key) && !world.read.asked[0].text().contains(key))
            #expect(try world.gate.sessions.current(world.caller.session.id).labels == [.pii, .secret])
        }
    }

    @Test("Rules that change hold from the next action on")
    func reload() async throws {
        try await with { _ in
        } _: { world in
            #expect(try await world.ask("echo.read", ["text": "ada@example.org"]) == ["said": "ada@example.org"])
            var settings = PrivacySettings()
            settings.byTool["echo.*"] = ToolPrivacy.Rules(PrivacyRules(byLabel: [.pii: .block]))
            world.shared.adopt(try settings.makeSetup())
            await #expect(throws: GatehouseError.self) { try await world.ask("echo.read", ["text": "ada@example.org"]) }
            #expect(world.read.asked.count == 1)
        }
    }
}
