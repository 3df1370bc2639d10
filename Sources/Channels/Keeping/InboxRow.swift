import Core
import Hub
import JSON
import Store

/// Something that was taken from a channel and acknowledged, as it is kept until it is worked through.
struct InboxRow: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case heard(Heard)
        case press(Press)
    }

    enum State: String, Sendable, Hashable {
        case waiting
        /// It may have reached the conversation already.
        case saying
        case done
        /// A dead letter.
        case dead
    }

    /// `chi_…`
    let id: String
    let channel: String
    /// Of the request's body: what comes again under the same mark has it again.
    let digest: String
    let content: Content
    let state: State
    let attempts: Int
    let problem: String?
    /// Where it was said, and how many messages there were before.
    let conversation: String?
    let heard: Int?
    /// What was answered, where the conversation does not keep it.
    let answer: JSON?

    init(_ row: Row) throws {
        id = try row.text("id")
        channel = try row.text("channel")
        digest = try row.text("digest")
        guard let content = (try? JSON.parse(try row.text("body"))).flatMap(Content.init(json:)),
            let state = State(rawValue: try row.text("state"))
        else { throw GatehouseError("channels", .corrupt, "what was taken as \(try row.text("id")) cannot be read") }
        (self.content, self.state) = (content, state)
        attempts = try row.int("attempts")
        problem = try row.optionalText("problem")
        conversation = try row.optionalText("conversation")
        heard = try row.optionalInteger("heard").map { Int($0) }
        answer = try row.optionalText("answer").flatMap { try? JSON.parse($0) }
    }
}

extension InboxRow.Content {
    var user: String {
        switch self {
        case .heard(let heard): heard.user
        case .press(let press): press.user
        }
    }

    /// How it was said.
    var mouth: Mouth {
        if case .heard(let heard) = self, heard.recording != nil { .spoken } else { .written }
    }

    /// By which it is taken once.
    var mark: String {
        switch self {
        case .heard(let heard): "heard \(heard.id)"
        case .press(let press): "press \(press.id)"
        }
    }

    /// What is worked through one after another.
    var lane: String {
        switch self {
        case .heard(let heard): heard.lane
        case .press(let press): "press \(press.user)"
        }
    }

    var room: String {
        switch self {
        case .heard(let heard): heard.room
        case .press(let press): press.room
        }
    }

    var thread: String? {
        switch self {
        case .heard(let heard): heard.thread
        case .press(let press): press.thread
        }
    }

    var json: JSON {
        var json: JSON
        switch self {
        case .heard(let heard):
            json = ["id": .string(heard.id), "text": .string(heard.text)]
            json["recording"] = heard.recording.map { .string($0) }
        case .press(let press):
            json = ["id": .string(press.id), "verb": .string(press.verb.rawValue), "code": .string(press.code)]
        }
        json["user"] = .string(user)
        json["room"] = .string(room)
        json["thread"] = thread.map { .string($0) }
        return json
    }

    init?(json: JSON) {
        guard let id = json["id"]?.string, let user = json["user"]?.string, let room = json["room"]?.string else {
            return nil
        }
        let thread = json["thread"]?.string
        if let text = json["text"]?.string {
            let recording = json["recording"]?.string
            self = .heard(Heard(id: id, user: user, text: text, room: room, thread: thread, recording: recording))
        } else if let verb = json["verb"]?.string.flatMap(Press.Verb.init(rawValue:)), let code = json["code"]?.string {
            self = .press(Press(id: id, user: user, verb: verb, code: code, room: room, thread: thread))
        } else {
            return nil
        }
    }
}
