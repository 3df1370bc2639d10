import Core
import Gate
import JSON
import Ledger
import Logging
import Models
import Policy
import Privacy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Agents

/// A gate with the agents' tools and a few others, on a real store and a real ledger, for as long as a test takes.
struct AgentHouse: Sendable {
    let gate: Gate
    let agents: Agents
    let ledger: Ledger
    let caller: Caller
    /// What was performed beside the gate's own tools, in order: the id and the arguments.
    let performed: Performed

    final class Performed: Sendable {
        private let all = Mutex<[(tool: String, arguments: JSON)]>([])
        var tools: [String] { all.withLock { $0.map(\.tool) } }
        var arguments: [JSON] { all.withLock { $0.map(\.arguments) } }
        func note(_ action: Action) { all.withLock { $0.append((action.tool, action.arguments)) } }
    }

    static func with<Value>(
        _ definitions: [String], procedures: [any Procedure] = [Told()], tools: [TestTool] = TestTool.all,
        models: [Provider] = [], preferred: [String: [String]] = [:], prices: PriceTable = Self.prices,
        decider: (any Decider)? = nil, inspectors: [any Inspector] = [], roles: Set<String> = ["operator"],
        labels: Set<Label> = [], _ work: (AgentHouse) async throws -> Value
    ) async throws -> Value {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let performed = Performed()
        let library = try AgentLibrary(
            folder: nil, builtIn: definitions.enumerated().map { ("agent-\($0).yaml", Array($1.utf8)) },
            procedures: procedures)
        let reference = GateReference()
        let gateway = try gateway(models, prices)
        let agents = Agents(
            library: library, models: AgentModels(gateway, isThere: !models.isEmpty, preferred: preferred),
            gate: reference)
        let store = try Store.open(path: folder.file("house.db"), migrations: Gate.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open(folder.file("ledger"), key: key)
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                decider: decider, inspectors: inspectors,
                tools: agents.tools + gateway.tools + tools.map { $0.noting(performed) },
                secretKey: [UInt8](repeating: 9, count: 32)))
        reference.set(gate)
        let bot = Principal(id: "test#bot", kind: .agent, name: "Bot", roles: roles)
        let caller = try gate.enter(bot)
        if !labels.isEmpty { gate.sessions.taint(caller.session.id, with: labels) }
        let house = AgentHouse(gate: gate, agents: agents, ledger: ledger, caller: caller, performed: performed)
        let result: Result<Value, any Error>
        do { result = .success(try await work(house)) } catch { result = .failure(error) }
        await gateway.shutdown()
        await ledger.close()
        try store.close()
        return try result.get()
    }

    private static func gateway(_ providers: [Provider], _ prices: PriceTable) throws -> ModelGateway {
        var settings = ModelsSettings()
        settings.providers = providers
        settings.prices = prices
        let setup = PrivacySetup(filter: PrivacyFilter(scanner: try PrivacyScanner(), rules: .default))
        return ModelGateway(settings, privacy: ModelPrivacy(try SharedPrivacy(setup)))
    }

    /// One dollar for a million tokens of input, two for output: a token is a millionth of a dollar.
    static let prices = PriceTable(version: "test", prices: [:], fallback: Price(input: 1_000_000, output: 2_000_000))

    func submit(_ arguments: JSON, tool: String = "agents.run") async throws -> Submission {
        try await gate.submit(ActionRequest(tool: tool, target: "agent:test", arguments: arguments), as: caller)
    }

    /// - Throws: what the gate throws.
    func run(_ agent: String = "teller", _ input: JSON = [:], request: String = "") async throws -> JSON {
        let arguments: JSON = ["agent": .string(agent), "input": input, "request": .string(request)]
        guard case .answered(_, let answer, _) = try await submit(arguments) else {
            throw GatehouseError("test", .internal, "it waits for people")
        }
        return answer.value
    }

    func records() throws -> [JSON] {
        try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
    }

    static func failure(_ work: () async throws -> some Sendable) async -> GatehouseError? {
        do {
            _ = try await work()
            return nil
        } catch { return error as? GatehouseError ?? GatehouseError("test", .internal, "\(error)") }
    }
}

/// Yields what a test says, with the answers of the tools that it is to call before.
struct Told: Procedure {
    var name = "tell"
    var calls: [(tool: String, arguments: JSON)] = []
    var output: JSON = ["summary": "two findings", "findings": [["id": "f1", "severity": "high"], ["id": "f2"]]]
    /// Whether a call that fails fails the procedure.
    var isStrict = true

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        for call in calls {
            do {
                _ = try await tools.call(call.tool, target: "test:it", call.arguments)
            } catch {
                if isStrict { throw error }
            }
        }
        return output
    }
}

/// A tool that answers what it is told to.
struct TestTool: Tool {
    var id: String
    var greatest = Effect.read
    var answer: JSON = ["said": "nothing new"]
    var failure: GatehouseError?
    var sendsOutside = false
    var hasParts = false
    var performed: AgentHouse.Performed?

    var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: id, title: id, summary: "For tests.", effect: greatest,
            arguments: ["type": "object", "properties": ["path": ["type": "string"]]],
            sendsOutside: sendsOutside, hasParts: hasParts)
    }

    func noting(_ performed: AgentHouse.Performed) -> TestTool {
        var tool = self
        tool.performed = performed
        return tool
    }

    func effect(of arguments: JSON) throws -> Effect { arguments["harmless"] == true ? .read : greatest }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        performed?.note(action)
        if let failure { throw failure }
        return Answer(answer)
    }

    static let all = [
        TestTool(id: "shop.look"), TestTool(id: "shop.list", answer: ["items": ["a", "b"]]),
        TestTool(id: "shop.change", greatest: .change), TestTool(id: "shop.destroy", greatest: .destroy),
        TestTool(id: "shop.key", greatest: .reveal, answer: ["key": "none"]),
        TestTool(id: "bank.pay", greatest: .change), TestTool(id: "bank.look"),
    ]
}

/// An agent's file for tests.
enum Sample {
    static func file(
        name: String = "teller", procedure: String = "tell", tools: [String] = ["shop.look", "shop.list"],
        models: [String] = [], labels: [String] = ["untrusted"], budget: String = "{}",
        output: String = "{type: object, required: [summary, findings]}"
    ) -> String {
        """
        name: \(name)
        title: Teller
        duty: >-
          Tells what there is
          in the shop.
        procedure: \(procedure)
        models: \(JSON.array(models.map { .string($0) }).text())
        tools: \(JSON.array(tools.map { .string($0) }).text())
        labels: \(JSON.array(labels.map { .string($0) }).text())
        budget: \(budget)
        input: {type: object, properties: {path: {type: string}}}
        output: \(output)

        """
    }
}
