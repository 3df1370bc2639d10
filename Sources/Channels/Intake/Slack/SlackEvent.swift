import Core
import JSON

/// A request of Slack's Events API (api.slack.com, "Using the Slack Events API", "message.im", "app_mention").
enum SlackEvent: Sendable, Hashable {
    /// `url_verification`: said back, so that Slack sees that the address is ours.
    case challenge(String)
    case said(Heard)
    /// Of no concern: what programs say, what was edited, what was said to others.
    case nothing

    /// - Throws: `invalid` for what is no event.
    static func read(_ body: [UInt8]) throws(GatehouseError) -> SlackEvent {
        let json = try JSON.heard(body)
        switch json["type"]?.string {
        case "url_verification":
            guard let challenge = json["challenge"]?.string, challenge.utf8.count <= 4096 else {
                throw .unread("the challenge")
            }
            return .challenge(challenge)
        case "event_callback": return try callback(json)
        default: return .nothing
        }
    }

    private static func callback(_ json: JSON) throws(GatehouseError) -> SlackEvent {
        guard let id = json.id("event_id"), let event = json["event"] else { throw .unread("event_id or event") }
        guard let isMention = kind(of: event) else { return .nothing }
        guard let user = event.id("user"), let room = event.id("channel"), let time = event.id("ts"),
            let raw = event["text"]?.string
        else { return .nothing }
        let own = Set((json["authorizations"]?.array ?? []).prefix(20).compactMap { $0.id("user_id") })
        guard !own.contains(user) else { return .nothing }
        let text = SlackText.typed(raw, to: own, dropsFirstMention: isMention)
        let thread = event.id("thread_ts") ?? (isMention ? time : nil)
        return .said(Heard(id: id, user: user, text: text, room: room, thread: thread))
    }

    /// Whether it is a mention; nil where it is nothing that a person said to the house.
    private static func kind(of event: JSON) -> Bool? {
        guard event["bot_id"] == nil, event["bot_profile"] == nil, event["subtype"] == nil, event["edited"] == nil,
            event["hidden"]?.bool != true
        else { return nil }
        switch event["type"]?.string {
        case "app_mention": return true
        case "message": return event["channel_type"]?.string == "im" ? false : nil
        default: return nil
        }
    }
}
