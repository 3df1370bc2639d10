import Core
import JSON
import Store

/// A message of the house's as it should stand in a channel, and as far as it stands there.
struct KeptPost: Sendable, Hashable {
    let sequence: Int64
    let channel: String
    /// What it is called by here: there is one of each name in a channel.
    let name: String
    let room: String
    /// What it answers.
    let thread: String?
    /// The name of the message in whose thread it stands, where that is one of the house's.
    let parent: String?
    /// The only one who sees it.
    let user: String?
    let content: JSON
    /// Counts changes of the content.
    let revision: Int
    /// The one that is in the channel; 0: none.
    let sent: Int
    /// Where it stands in the channel, and what it is called by there.
    let remoteRoom: String?
    let remote: String?
    let approval: String?
    let severity: Severity?
    let state: State
    let attempts: Int
    let problem: String?

    enum State: String, Sendable, Hashable { case waiting, sent, dead }

    init(_ row: Row) throws {
        sequence = try row.integer("sequence")
        channel = try row.text("channel")
        name = try row.text("name")
        room = try row.text("room")
        thread = try row.optionalText("thread")
        parent = try row.optionalText("parent")
        user = try row.optionalText("account")
        guard let content = try? JSON.parse(try row.text("content")), let state = State(rawValue: try row.text("state"))
        else { throw GatehouseError("channels", .corrupt, "a message that is kept cannot be read") }
        (self.content, self.state) = (content, state)
        revision = try row.int("revision")
        sent = try row.int("sent")
        remoteRoom = try row.optionalText("remote_room")
        remote = try row.optionalText("remote")
        approval = try row.optionalText("approval")
        severity = try row.optionalText("severity").flatMap(Severity.init(rawValue:))
        attempts = try row.int("attempts")
        problem = try row.optionalText("problem")
    }
}

/// A message that is to be kept.
struct NewPost: Sendable {
    var channel: String
    var name: String
    var room: String
    var thread: String?
    var parent: String?
    var user: String?
    var content: JSON
    var approval: String?
    var severity: Severity?
}
