import Core
import Integrations

/// What became of a message.
enum Delivery: Sendable, Hashable {
    /// Where it stands now, and what it is called by there, as far as the channel says so.
    case delivered(room: String?, remote: String?)
    /// It may be taken later.
    case later(why: String, after: Duration?)
    /// It will never be taken.
    case refused(why: String)

    /// What a status means wherever nothing else is said.
    init(_ answer: HTTPAnswer) {
        switch answer.status {
        case 200...299: self = .delivered(room: nil, remote: nil)
        case 408, 425, 429, 500...599: self = .later(why: answer.reason, after: answer.retryAfter)
        default: self = .refused(why: answer.reason)
        }
    }

    /// Slack's word on a call.
    init(_ answer: SlackAnswer) {
        switch answer {
        case .taken(let room, let time): self = .delivered(room: room, remote: time)
        case .later(let why, let after): self = .later(why: why, after: after)
        case .refused(let why): self = .refused(why: why)
        }
    }
}
