import Core
import Dialects
import Federation
import Gate
import JSON
import MCP
import Models

/// Answers MCP servers that ask for a model's answer: by a call of the house's models, as an action of whoever called them.
struct ModelSampler: Sendable {
    let gate: Gate
    let gateway: ModelGateway

    /// - Throws: `unsupported` for what is no text; what the gate and the provider say.
    func answer(_ params: CreateMessageParams, model: String, as caller: Caller) async throws -> CreateMessageResult {
        let sink = KeptAnswer()
        let cargo = try gateway.call(
            try Self.body(params, model: model).bytes(), on: .openAIChat, headers: [], answeringTo: sink)
        _ = try await gate.submit(cargo.action, as: caller, carrying: cargo)
        return CreateMessageResult(.assistant, .text(try sink.text()), model: model, stopReason: "endTurn")
    }

    /// The request in the words of OpenAI's chat completions.
    private static func body(_ params: CreateMessageParams, model: String) throws -> JSON {
        guard params.tools == nil else { throw unsupported("tools") }
        var messages: [JSON] = []
        if let system = params.systemPrompt { messages.append(["role": "system", "content": .string(system)]) }
        for message in params.messages {
            let texts = message.content.map { $0.json["type"]?.string == "text" ? $0.json["text"]?.string : nil }
            guard texts.allSatisfy({ $0 != nil }) else { throw unsupported("anything but texts") }
            messages.append([
                "role": .string(message.role.rawValue),
                "content": .string(texts.compactMap(\.self).joined(separator: "\n")),
            ])
        }
        var body: JSON = [
            "model": .string(model), "messages": .array(messages), "max_tokens": JSON(max(1, params.maxTokens)),
        ]
        for (key, name) in [("temperature", "temperature"), ("stopSequences", "stop")] {
            if let value = params.json[key] { body[name] = value }
        }
        return body
    }

    private static func unsupported(_ what: String) -> GatehouseError {
        GatehouseError(
            "mcp", .unsupported, "the MCP server asks a model of the house's for an answer to \(what)",
            hint: "leave mcp.sampling_model out to have clients' models asked")
    }
}
