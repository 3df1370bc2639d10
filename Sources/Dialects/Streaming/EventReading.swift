public import JSON

/// What one event of a stream says, as far as it matters to what may pass.
public struct EventReading: Sendable {
    /// A piece of a channel's text, and where it stands in the event.
    public struct Delta: Sendable {
        public let channel: Channel
        public let view: JSONView
        /// From the event's root to the string, for a later event of the same shape.
        let path: [Step]
    }

    enum Step: Sendable, Hashable {
        case member(String)
        /// An element that names its place by a member `index`.
        case element(index: Int)
    }

    /// Channels that end with the event, its own deltas of them included.
    enum End: Sendable {
        case group(Int)
        case part(group: Int, part: Int)
        case all
    }

    /// Nil for an event without JSON: comments, `[DONE]`.
    var document: JSONDocument?
    public internal(set) var deltas: [Delta] = []
    /// Texts that stand in the event whole.
    public internal(set) var wholes: [TextPosition] = []
    var ends: [End] = []
    /// Whether nothing is lost with the event when its deltas are empty.
    var isOnlyText = false
    /// A chunk that the client did not ask for.
    var isHidden = false
    /// Whether it told usage, why the answer ended, or a failure.
    var saysMore = false
    /// The block whose signature this is.
    var signatureOf: Int?

    func ends(_ channel: Channel) -> Bool {
        ends.contains { end in
            switch end {
            case .all: true
            case .group(let group): channel.group == group
            case .part(let group, let part): channel.group == group && channel.part == part
            }
        }
    }
}
