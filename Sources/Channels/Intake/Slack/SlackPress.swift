import Core
import JSON
import Web

/// A press of a button (api.slack.com, "Handling user interaction", "block_actions payload"): a form with the payload as
/// JSON in it.
enum SlackPress {
    /// - Returns: nil for what is no button of the house's.
    /// - Throws: `invalid` for what is no form with one payload.
    static func read(_ body: [UInt8]) throws(GatehouseError) -> Press? {
        guard let payload = FormBody.value("payload", in: body) else { throw .unread("the payload") }
        let json = try JSON.heard(payload)
        guard json["type"]?.string == "block_actions", let user = json["user"]?.id("id"),
            let action = json["actions"]?[0], let verb = action.id("action_id").flatMap(Press.Verb.init(action:)),
            let code = action.id("value"), let time = action.id("action_ts")
        else { return nil }
        guard let room = json["channel"]?.id("id") ?? json["container"]?.id("channel_id") else { return nil }
        let thread = json["message"]?.id("thread_ts") ?? json["container"]?.id("thread_ts")
        return Press(
            id: "\(user):\(time):\(code)", user: user, verb: verb, code: code, room: room, thread: thread)
    }
}

/// A body of `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
enum FormBody {
    private static let most = 16

    /// - Returns: nil where the value is not there, there twice, or not encoded as it should be.
    static func value(_ name: String, in body: [UInt8]) -> [UInt8]? {
        guard body.count <= IntakeLimits.body else { return nil }
        let pairs = body.split(separator: UInt8(ascii: "&"), maxSplits: most)
        guard pairs.count <= most else { return nil }
        var found: [UInt8]?
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Percent.bytes(of: parts[0], plusIsSpace: true) else { return nil }
            guard key.elementsEqual(name.utf8) else { continue }
            guard found == nil, parts.count == 2 else { return nil }
            found = Percent.bytes(of: parts[1], plusIsSpace: true)
            guard found != nil else { return nil }
        }
        return found
    }
}
