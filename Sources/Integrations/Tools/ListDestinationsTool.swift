import Core
import Gate
import JSON

/// `integrations.list`: the destinations, how they are doing, and what waits for them.
struct ListDestinationsTool: Tool {
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    let descriptor = ToolDescriptor(
        id: "integrations.list", title: "List destinations",
        summary: "The systems that can be told something, how they are doing, and how many sends wait, arrived or were "
            + "given up.",
        effect: .read, arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let figures = try await outbox.table.figures()
        let known = outbox.settings.destinations
        let names = Set(known.keys).union(figures.keys).sorted()
        return Answer(["destinations": .array(names.map { entry($0, known[$0], figures[$0] ?? .init()) })])
    }

    private func entry(_ name: String, _ destination: Destination?, _ figures: OutboxTable.Figures) -> JSON {
        [
            "name": .string(name), "kind": destination.map { .string($0.kind.rawValue) } ?? .null,
            "address": destination.map { .string($0.shownAddress) } ?? .null,
            "dedupe": destination.map { .string($0.integration.dedupe.rawValue) } ?? .null,
            "clearance": .array((destination?.clearance ?? []).sorted().map { .string($0.rawValue) }),
            "health": .string(health(name, destination, figures)), "waiting": JSON(figures.waiting),
            "delivered": JSON(figures.delivered), "dead": JSON(figures.dead),
            "last_delivered": figures.lastDelivered.map { .string($0.description) } ?? .null,
            "last_problem": figures.lastProblem.map { .string($0) } ?? .null,
        ]
    }

    private func health(_ name: String, _ destination: Destination?, _ figures: OutboxTable.Figures) -> String {
        guard destination != nil else { return "not configured" }
        if outbox.circuit(of: name) != "closed" { return "failing" }
        return figures.dead > 0 ? "has dead letters" : "ok"
    }
}
