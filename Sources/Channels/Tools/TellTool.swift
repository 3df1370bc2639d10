import Core
public import Gate
import Integrations
import JSON

/// The channels, for tools that the gate has before there are any.
public typealias ChannelsReference = LateReference<Channels>

extension LateReference where Target == Channels {
    public convenience init() {
        self.init(absence: GatehouseError("channels", .unavailable, "the channels are not open"))
    }
}

/// `channels.tell`: tells people something in each channel that is told of such, one message for a key, edited afterwards.
struct TellTool: Tool {
    let channels: ChannelsReference

    let descriptor = ToolDescriptor(
        id: "channels.tell", title: "Tell people in chat",
        summary:
            "Tells an incident in the chat channels that are told of its severity, and calls whom it calls. One message "
            + "for a dedupe_key, which later ones edit.",
        effect: .change,
        arguments: ToolDescriptor.object(
            [
                "title": ["type": "string", "minLength": 1, "maxLength": JSON(Notice.Limits.title)],
                "text": ["type": "string", "maxLength": JSON(Notice.Limits.text)],
                "severity": ["enum": .array(Severity.allCases.map { .string($0.rawValue) })],
                "link": ["type": "string", "maxLength": JSON(Notice.Limits.link)],
                "dedupe_key": ["type": "string", "minLength": 1, "maxLength": JSON(Notice.Limits.dedupeKey)],
                "state": ["enum": .array(Notice.State.allCases.map { .string($0.rawValue) })],
            ], required: ["title", "dedupe_key"]), sendsOutside: true)

    /// As other destinations have it that say nothing.
    func clearance(for arguments: JSON) -> Set<Label>? { [.untrusted] }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let notice = try Notice(action.arguments)
        let names = try channels.value().told(of: notice)
        return Preview(
            summary: names.isEmpty
                ? "tell nobody: no channel is told of \(notice.severity.rawValue)"
                : "tell \(names.joined(separator: ", ")): \(notice.title)",
            diff: notice.text,
            facts: [
                "channels": .array(names.map { .string($0) }), "severity": .string(notice.severity.rawValue),
                "state": .string(notice.state.rawValue),
            ], undo: undo(notice, action))
    }

    /// What people have read stays read: it is said that it is over.
    private func undo(_ notice: Notice, _ action: Action) -> UndoPlan? {
        guard notice.state != .resolved else { return nil }
        var arguments = action.arguments
        arguments["state"] = .string(Notice.State.resolved.rawValue)
        return UndoPlan(
            tool: descriptor.id, target: action.target, arguments: arguments,
            summary: "say in the same channels that it is resolved")
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (notice, channels) = (try Notice(action.arguments), try channels.value())
        try await channels.tell(notice)
        return Answer(["channels": .array(channels.told(of: notice).map { .string($0) })])
    }
}

extension Channels {
    /// The names of the channels in which a notice begins a message.
    func told(of notice: Notice) -> [String] {
        settings.channels.values.filter { $0.canTell && notice.severity >= $0.tellsFrom }.map(\.name).sorted()
    }
}
