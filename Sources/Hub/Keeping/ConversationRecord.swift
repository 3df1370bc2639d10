public import Core
public import JSON

/// A conversation at a glance.
public struct ConversationRecord: Sendable, Hashable {
    /// `cnv_…`
    public let id: String
    public let principalID: String
    public let started: Timestamp
    public let updated: Timestamp
    /// How many there are, both sides'.
    public let messages: Int

    public var json: JSON {
        [
            "id": .string(id), "principal": .string(principalID), "started": .string(started.description),
            "updated": .string(updated.description), "messages": JSON(messages),
        ]
    }
}

/// One of the things that were said.
public struct Message: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable {
        case person, house
    }

    /// From 1, in the order in which they were said.
    public let number: Int
    public let role: Role
    public let text: String
    /// A ``Reply`` as it was given; nil for what a person said.
    public let data: JSON?
    public let time: Timestamp

    public var json: JSON {
        var object: JSONObject = [
            "number": JSON(number), "role": .string(role.rawValue), "text": .string(text),
            "time": .string(time.description),
        ]
        object["data"] = data
        return .object(object)
    }
}
