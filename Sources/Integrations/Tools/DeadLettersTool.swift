import Core
import Gate
import JSON

/// `integrations.dead_letters`: what was refused or tried too often, and why.
struct DeadLettersTool: Tool {
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    let descriptor = ToolDescriptor(
        id: "integrations.dead_letters", title: "List dead letters",
        summary: "What could not be delivered, newest first, each with the reason.", effect: .read,
        arguments: ToolDescriptor.object([
            "destination": ["type": "string", "maxLength": 64],
            "limit": ["type": "integer", "minimum": 1, "maximum": 200],
        ]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let letters = try await outbox.table.dead(
            destination: action.arguments["destination"]?.string, limit: action.arguments["limit"]?.int ?? 50)
        return Answer(["dead_letters": .array(letters.map(\.json))])
    }
}
