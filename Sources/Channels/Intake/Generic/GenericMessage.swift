import Core
import JSON

/// What a program of one's own says: `{"id", "user", "text", "conversation"?}`.
enum GenericMessage {
    /// - Throws: `invalid`, naming what is missing.
    static func read(_ body: [UInt8]) throws(GatehouseError) -> Heard {
        let json = try JSON.heard(body)
        guard let id = json.id("id") else { throw .unread("\"id\", a text of its own for each message") }
        guard let user = json.id("user") else { throw .unread("\"user\", who says it") }
        guard let text = json["text"]?.string else { throw .unread("\"text\", what is said") }
        guard json["conversation"] == nil || json.id("conversation") != nil else {
            throw .unread("a \"conversation\" that is a plain name")
        }
        return Heard(id: id, user: user, text: text, room: json.id("conversation") ?? "", thread: nil)
    }
}
