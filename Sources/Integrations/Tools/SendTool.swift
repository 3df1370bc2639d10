import Core
import Gate
import JSON

/// `integrations.send`: tells a destination something. What is acknowledged is kept until it is delivered, or a dead letter.
struct SendTool: Tool {
    static let id = "integrations.send"
    private static let longestWait = 60
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: Self.id, title: "Tell another system",
            summary: "Sends a notice to a destination of the configuration: an incident, an issue, a log, a mail or a "
                + "webhook. Notices with the same dedupe_key are about one thing.",
            effect: .change,
            arguments: ToolDescriptor.object(Self.properties, required: ["destination", "title", "dedupe_key"]),
            timeout: .seconds(120), sendsOutside: true, hasBreaker: false)
    }

    private static let properties: JSONObject = [
        "destination": ["type": "string", "minLength": 1, "maxLength": 64],
        "kind": ["enum": .array(Notice.Kind.allCases.map { .string($0.rawValue) })],
        "title": ["type": "string", "minLength": 1, "maxLength": JSON(Notice.Limits.title)],
        "text": ["type": "string", "maxLength": JSON(Notice.Limits.text)],
        "severity": ["enum": .array(Severity.allCases.map { .string($0.rawValue) })],
        "link": ["type": "string", "maxLength": JSON(Notice.Limits.link)],
        "dedupe_key": ["type": "string", "minLength": 1, "maxLength": JSON(Notice.Limits.dedupeKey)],
        "facts": [
            "type": "object", "description": "For machines; pull and merge requests take branch and base from it.",
        ],
        "state": ["enum": .array(Notice.State.allCases.map { .string($0.rawValue) })],
        "time": ["type": "string", "maxLength": 40, "description": "When it happened (RFC 3339)."],
        "wait": [
            "type": "integer", "minimum": 0, "maximum": JSON(longestWait),
            "description": "Seconds to wait for the delivery; it goes on either way.",
        ],
    ]

    /// Of a destination that does not exist nothing is cleared.
    func clearance(for arguments: JSON) -> Set<Label>? {
        outbox.settings.destinations[arguments["destination"]?.string ?? ""]?.clearance ?? []
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (destination, notice) = try parts(action.arguments)
        let item = try await outbox.table.item(destination: destination.name, dedupeKey: notice.dedupeKey)
        let messages = try destination.integration.messages(
            for: notice, Sending(id: "snd_(given when it is sent)", item: item))
        let shown =
            messages.isEmpty ? "nothing: there is nothing to close" : messages.map(\.shown).joined(separator: "\n\n")
        return Preview(
            summary:
                "tell \(destination.name) (\(destination.kind.rawValue), \(destination.shownAddress)): \(notice.title)",
            diff: shown,
            facts: [
                "destination": .string(destination.name), "kind": .string(destination.kind.rawValue),
                "address": .string(destination.shownAddress), "state": .string(notice.state.rawValue),
                "severity": .string(notice.severity.rawValue), "messages": JSON(messages.count),
                "dedupe": .string(destination.integration.dedupe.rawValue),
            ], undo: undo(destination, notice, action))
    }

    private func undo(_ destination: Destination, _ notice: Notice, _ action: Action) -> UndoPlan? {
        guard let back = destination.integration.undoing(notice) else { return nil }
        var arguments = back.json
        arguments["destination"] = .string(destination.name)
        return UndoPlan(
            tool: Self.id, target: action.target, arguments: arguments,
            summary: "say at \(destination.name) that it is resolved")
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (destination, notice) = try parts(action.arguments)
        let settings = outbox.settings
        var send = try await outbox.table.put(
            notice, to: destination.name, action: action.id, at: outbox.clock.now(), greatest: settings.waiting)
        outbox.ring()
        let wait = min(max(0, action.arguments["wait"]?.int ?? 0), Self.longestWait)
        let end = ContinuousClock.now + .seconds(wait)
        while send.state == .waiting, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(50))
            send = try await outbox.table.find(send.id)
        }
        return Self.answer(send)
    }

    /// An action's send is in the table, or it is not.
    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        guard let send = try await outbox.table.find(action: action.id) else { return .didNotHappen }
        return .happened(Self.answer(send))
    }

    private static func answer(_ send: KeptSend) -> Answer {
        Answer(
            [
                "send": .string(send.id), "destination": .string(send.destination),
                "state": .string(send.state.rawValue), "remote_id": send.remoteID.map { .string($0) } ?? .null,
                "link": send.remoteLink.map { .string($0) } ?? .null,
                "problem": send.problem.map { .string($0) } ?? .null,
            ],
            facts: [
                "send": .string(send.id), "destination": .string(send.destination),
                "state": .string(send.state.rawValue),
            ])
    }

    private func parts(_ arguments: JSON) throws(GatehouseError) -> (Destination, Notice) {
        (try outbox.destination(arguments["destination"]?.string ?? ""), try Notice(arguments))
    }
}
