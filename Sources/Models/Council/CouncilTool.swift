import Core
import Dialects
public import Gate
import JSON

/// `models.council`: puts one prompt to several models, blind to one another. Each is asked by a call of its own, which
/// is an action in its own right (see ``ModelsTool``); this one ties them together on the record and costs nothing.
public struct CouncilTool: Tool {
    public static let id = "models.council"

    let gateway: ModelGateway

    public var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Ask a council", summary: "Asks several models the same and says who agrees with whom.",
        effect: .read,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["models", "input_bytes"],
            "properties": [
                "models": [
                    "type": "array", "minItems": JSON(CouncilRule.size.lowerBound),
                    "maxItems": JSON(CouncilRule.size.upperBound),
                    "items": ["type": "string", "minLength": 1, "maxLength": JSON(ModelName.greatestLength)],
                ],
                "council": ["type": "string", "maxLength": 64], "on": ["type": "string", "maxLength": 1024],
                "quorum": ["type": "integer", "minimum": 1], "input_bytes": ["type": "integer", "minimum": 0],
            ],
        ],
        timeout: .seconds(3600), hasBreaker: false, hasParts: true)

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard let call = context.cargo as? CouncilCall else {
            throw GatehouseError(
                "models", .invalid, "\(Self.id) carries a request to models, which there is none of here",
                hint: "send it to /v1/councils")
        }
        let members = await withTaskGroup(of: (Int, Council.Member).self) { group in
            for (place, seat) in call.seats.enumerated() {
                group.addTask { (place, await ask(seat, in: context)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let council = Council(
            id: action.id, name: call.name, members.map { Self.judged($0, by: call.rule) }, quorum: call.rule.quorum)
        guard !Task.isCancelled else {
            throw ActionFailure(
                GatehouseError("models", .cancelled, "the client went away before the council was complete"),
                facts: council.facts)
        }
        call.end(with: council)
        return Answer(["result": .string(council.result.rawValue)], facts: council.facts)
    }

    private func ask(_ seat: CouncilCall.Seat, in context: ActionContext) async -> Council.Member {
        let outcome = await context.submit(seat.call.action, carrying: seat.call)
        var member = Council.Member(model: seat.call.request.model, actionID: outcome.actionID)
        member.report = seat.answer.report
        if let model = member.report?.model { member.isPriced = gateway.setup.settings.prices.price(of: model) != nil }
        do {
            _ = try outcome.result.get()
            member.text = try seat.answer.text()
        } catch { member.error = seat.answer.overrun ?? error }
        return member
    }

    private static func judged(_ member: Council.Member, by rule: CouncilRule) -> Council.Member {
        guard let text = member.text else { return member }
        var member = member
        do { member.vote = try Vote(text, on: rule.on) } catch { member.error = error }
        return member
    }
}
