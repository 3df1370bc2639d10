public import Core
import Dialects
public import Gate
public import JSON

/// `models.call`: asks a model. What is asked and where the answer goes is in the action's ``ModelCall``.
public struct ModelsTool: Tool {
    public static let id = "models.call"
    /// Taken for the greatest output of a request that names none.
    static let usualOutput = 32_768

    let gateway: ModelGateway

    public var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Ask a model", summary: "Sends a request to a model's provider and gives its answer back.",
        effect: .read,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["model", "surface", "input_bytes"],
            "properties": [
                "model": ["type": "string", "minLength": 1, "maxLength": 256],
                "surface": ["enum": .array(Surface.allCases.map { .string($0.rawValue) })],
                "stream": ["type": "boolean"], "input_bytes": ["type": "integer", "minimum": 0],
                "max_output": ["type": ["integer", "null"], "minimum": 0],
                "answers": ["type": "integer", "minimum": 1],
                "not_inspected": ["type": "object", "additionalProperties": ["type": "integer"]],
            ],
        ],
        timeout: .seconds(3600), sendsOutside: true, hasBreaker: false)

    /// - Throws: `not_found` for a model that nobody serves.
    public func effect(of arguments: JSON) throws -> Effect {
        _ = try candidates(arguments)
        return .read
    }

    /// Of all providers that could take it, each of which is asked for its own when the call is routed; and what the
    /// gateway takes out of every request, which no provider is sent.
    public func clearance(for arguments: JSON) -> Set<Label>? {
        guard let candidates = try? candidates(arguments) else { return [] }
        return candidates.reduce(into: gateway.privacy.concealed) { $0.formUnion($1.provider.clearance.labels) }
    }

    /// The dearest of the candidates; twice that, where two may be asked at once. A model without a price may cost
    /// anything, so that a budget of money refuses it.
    public func estimate(of arguments: JSON) -> Usage {
        let setup = gateway.setup
        guard let candidates = try? candidates(arguments, in: setup), let surface = Self.surface(arguments),
            surface != .anthropicCountTokens
        else { return Usage() }
        let output = surface == .openAIEmbeddings ? 0 : arguments["max_output"]?.int ?? Self.usualOutput
        let dearest = candidates.reduce(Usage()) { greatest, candidate in
            let price = setup.settings.prices.price(of: candidate.model)
            let cost = Cost.estimate(
                bytes: arguments["input_bytes"]?.int ?? 0, greatestOutput: output,
                answers: arguments["answers"]?.int ?? 1, price: price ?? .free)
            return Usage(
                money: max(greatest.money, price == nil ? .max : cost.money), tokens: max(greatest.tokens, cost.tokens))
        }
        let isHedged = candidates.count > 1 && setup.settings.hedge.delay(for: arguments["model"]?.string ?? "") != nil
        return (isHedged ? dearest + dearest : dearest) + Self.comparison(setup)
    }

    /// Of a question's comparison with others.
    private static func comparison(_ setup: ModelSetup) -> Usage {
        guard let comparer = setup.comparer else { return Usage() }
        let price = setup.settings.prices.price(of: comparer.model)
        let cost = Cost.estimate(bytes: Question.greatest, greatestOutput: 0, price: price ?? .free)
        return Usage(money: price == nil ? .max : cost.money, tokens: cost.tokens)
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard let call = context.cargo as? ModelCall else {
            throw GatehouseError(
                "models", .invalid, "\(Self.id) carries a request to a model, which there is none of here",
                hint: "send it to /v1/chat/completions, /v1/responses or /v1/messages")
        }
        let allowed = context.constraints["providers"]?.array?.compactMap(\.string)
        let setup = gateway.setup
        let candidates = try candidates(action.arguments, in: setup).filter {
            allowed?.contains($0.provider.id) ?? true
        }
        let comparer = setup.comparer.flatMap { allowed?.contains($0.provider.id) ?? true ? $0 : nil }
        return try await ModelPassage(gateway, setup, call, candidates, comparer: comparer).run(in: context)
    }

    private func candidates(_ arguments: JSON) throws -> [Candidate] { try candidates(arguments, in: gateway.setup) }

    private func candidates(_ arguments: JSON, in setup: ModelSetup) throws -> [Candidate] {
        guard let word = arguments["model"]?.string, let surface = Self.surface(arguments) else {
            throw GatehouseError("models", .invalid, "model and surface are needed")
        }
        return try setup.candidates(word, for: surface)
    }

    private static func surface(_ arguments: JSON) -> Surface? {
        arguments["surface"]?.string.flatMap(Surface.init(rawValue:))
    }
}
