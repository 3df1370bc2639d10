import Core
import JSON
import Web

/// What Teams posts to an outgoing webhook: an activity of the Bot Framework (learn.microsoft.com, "Create an Outgoing
/// Webhook", "Activity object").
enum TeamsActivity {
    /// - Returns: nil for activities that are no messages of people's.
    /// - Throws: `unauthenticated` for one whose time is too far from ours, `invalid` for one that lacks something.
    static func read(_ body: [UInt8], at now: Timestamp) throws(GatehouseError) -> Heard? {
        let json = try JSON.heard(body)
        if let time = json["timestamp"] {
            guard let time = time.string.flatMap({ Timestamp($0) }),
                SignedTime.isNear("\(max(0, time.seconds))", to: now)
            else { throw .unsigned }
        }
        guard json["type"]?.string == "message" else { return nil }
        guard let id = json.id("id"), let room = json["conversation"]?.id("id") else {
            throw .unread("id or conversation.id")
        }
        guard let user = json["from"]?.id("aadObjectId") else { throw .unread("from.aadObjectId") }
        guard let text = json["text"]?.string else { throw .unread("the text") }
        return Heard(
            id: "\(room) \(id)", user: user.lowercased(), text: MarkupText.plain(text), room: room, thread: nil)
    }
}
