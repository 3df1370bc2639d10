import Core
import JSON

/// What a conversation has the gate do, with the key under which it is done once.
struct Deed: Sendable, Hashable {
    enum Work: Sendable, Hashable {
        case submit(tool: String, target: String, arguments: JSON)
        /// Takes an action back by the plan that was made before it.
        case undo(action: String)
        /// Looks where an action of the caller's own stands.
        case look(action: String)
    }

    /// The slot that holds the key, for tools that want one.
    static let keySlot = "deed"

    var intent: String
    /// Of the intent.
    var title: String
    var work: Work
    /// Of the slots that it was made of.
    var slots: [String: String]
    var key: String
    var began: Timestamp

    /// The run that it is about, or the action that it takes back.
    var subject: String? {
        switch work {
        case .submit: slots["run"]
        case .undo(let action), .look(let action): action
        }
    }
}

/// A change as it was echoed, which waits for a clear yes.
struct PlannedDeed: Sendable, Hashable {
    static let lifetime = Duration.seconds(600)

    var deed: Deed
    /// By the word of its tool.
    var effect: Effect
    var expires: Timestamp

    init(_ deed: Deed, _ effect: Effect, expires: Timestamp) {
        (self.deed, self.effect, self.expires) = (deed, effect, expires)
    }
}

/// Something that was done or asked for in a conversation, for "undo that" and its like.
struct Remembered: Sendable, Hashable {
    var intent: String
    var action: String?
    var run: String?
    /// Whether it altered something, so that it may be taken back.
    var isChange: Bool
}
