import Core
import Gate
import JSON

/// `integrations.retry`: puts dead letters in line again.
struct RetryTool: Tool {
    /// In one go.
    private static let greatest = 500
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: "integrations.retry", title: "Send dead letters again",
            summary: "Puts what could not be delivered to a destination in line again: one of them, or all.",
            effect: .change,
            arguments: ToolDescriptor.object(
                [
                    "destination": ["type": "string", "minLength": 1, "maxLength": 64],
                    "id": [
                        "type": "string", "maxLength": 64,
                        "description": "One dead letter (snd_…); all of the destination's where none is given.",
                    ],
                ], required: ["destination"]), sendsOutside: true, hasBreaker: false)
    }

    func clearance(for arguments: JSON) -> Set<Label>? {
        outbox.settings.destinations[arguments["destination"]?.string ?? ""]?.clearance ?? []
    }

    /// Shows exactly what would be sent: of one letter in full, of several their titles.
    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (destination, letters) = try await parts(action.arguments)
        var shown = letters.map { "\($0.id)  \($0.notice.title)" }.joined(separator: "\n")
        if letters.count == 1, let letter = letters.first {
            let item = try await outbox.table.item(destination: destination.name, dedupeKey: letter.notice.dedupeKey)
            let messages = try destination.integration.messages(
                for: letter.notice, Sending(id: letter.id, item: item))
            shown = messages.dropFirst(letter.steps).map(\.shown).joined(separator: "\n\n")
        }
        let count = letters.count
        return Preview(
            summary: "send \(count) dead letter\(count == 1 ? "" : "s") to \(destination.name) again", diff: shown,
            facts: [
                "destination": .string(destination.name), "kind": .string(destination.kind.rawValue),
                "letters": .array(letters.map { .string($0.id) }),
            ], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (destination, letters) = try await parts(action.arguments)
        guard !letters.isEmpty else {
            throw GatehouseError("integrations", .notFound, "\(destination.name) has no dead letters")
        }
        let count = try await outbox.table.retry(
            destination: destination.name, id: action.arguments["id"]?.string, at: outbox.clock.now(),
            limit: Self.greatest)
        outbox.ring()
        return Answer(["destination": .string(destination.name), "retried": JSON(count)])
    }

    /// - Throws: `not_found` for a send that is no dead letter of the destination.
    private func parts(_ arguments: JSON) async throws -> (Destination, [KeptSend]) {
        let destination = try outbox.destination(arguments["destination"]?.string ?? "")
        guard let id = arguments["id"]?.string else {
            return (destination, try await outbox.table.dead(destination: destination.name, limit: Self.greatest))
        }
        let letter = try await outbox.table.find(id)
        guard letter.state == .dead, letter.destination == destination.name else {
            throw GatehouseError("integrations", .notFound, "\(letter.id) is no dead letter of \(destination.name)")
        }
        return (destination, [letter])
    }
}
