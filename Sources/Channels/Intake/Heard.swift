import Core
import JSON

/// Something that somebody said, by whichever channel it came.
struct Heard: Sendable, Hashable {
    /// By which the sender knows it: the same text that comes again has it again.
    var id: String
    /// Of the one who said it, as the channel knows them.
    var user: String
    var text: String
    /// Where it was said: a room or a direct line. Empty where the channel has but one.
    var room: String
    /// Within the room; nil where it stands on its own.
    var thread: String?
    /// Of what was spoken: its recording, as the channel calls it. The text is empty until it is written down.
    var recording: String?

    /// What belongs to one conversation.
    var lane: String { "\(user) \(room) \(thread ?? "")" }
}

/// A button that somebody pressed.
struct Press: Sendable, Hashable {
    enum Verb: String, Sendable, Hashable, CaseIterable {
        case approve, deny, yes, no

        /// As it stands in a message.
        var action: String { "gatehouse.\(rawValue)" }

        init?(action: String) {
            guard let verb = Verb.allCases.first(where: { $0.action == action }) else { return nil }
            self = verb
        }
    }

    var id: String
    var user: String
    var verb: Verb
    /// What the house put into the button.
    var code: String
    var room: String
    var thread: String?
}

/// Bounds on what comes in.
enum IntakeLimits {
    /// Bytes of a request's body.
    static let body = 256 << 10
    /// Bytes of an id of the channel's.
    static let id = 256

    static let json = JSON.Limits(bytes: body, depth: 64, values: 20_000)
}

extension JSON {
    /// The body of a request.
    /// - Throws: `invalid` or `too_large`, with the place.
    static func heard(_ body: [UInt8]) throws(GatehouseError) -> JSON {
        do { return try JSON.parse(body, limits: IntakeLimits.json) } catch {
            throw GatehouseError(
                "channels", error.code == .tooLarge ? .tooLarge : .invalid, "the request cannot be read",
                cause: "\(error)", hint: "send one JSON value in UTF-8")
        }
    }

    /// A member that is an id: printable ASCII without spaces, and not too long.
    func id(_ key: String) -> String? {
        guard let text = self[key]?.string, (1...IntakeLimits.id).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { return nil }
        return text
    }
}

extension GatehouseError {
    /// Always in the same words: which part is wrong is nobody's business.
    static let unsigned = GatehouseError(
        "channels", .unauthenticated, "there is no such channel, or the request is not signed as it asks for",
        hint: "see docs/channels.md for how each kind of channel is set up")

    static func unread(_ what: String) -> GatehouseError {
        GatehouseError("channels", .invalid, "the request lacks \(what)", hint: "see docs/channels.md")
    }
}
