import Core
import JSON

/// Slack's Web API with a bot's token (api.slack.com, "chat.postMessage", "chat.update", "Message metadata").
///
/// The first notice on a dedupe key is a message, which later ones edit: where it stands is remembered here. A message has its
/// send in its metadata.
struct Slack: Integration {
    static let id = "integrations.slack"
    static let standardURL = "https://slack.com/api"

    var url = standardURL
    let token: Secret
    /// Its id, such as C0123456789.
    let channel: String

    let dedupe = Deduplication.id
    /// Slack is not asked: what was posted is known from here alone.
    let lookUpLags = true

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        var body = SlackBlocks.notice(notice)
        var method = "chat.postMessage"
        if let place = sending.item?.id.split(separator: "/"), place.count == 2 {
            method = "chat.update"
            body["channel"] = .string(String(place[0]))
            body["ts"] = .string(String(place[1]))
        } else {
            guard notice.state != .resolved else { return [] }
            body["channel"] = .string(channel)
            body["unfurl_links"] = false
            body["metadata"] = [
                "event_type": "gatehouse_notice",
                "event_payload": ["send": .string(sending.id), "dedupe_key": .string(notice.dedupeKey)],
            ]
        }
        var request = OutboundRequest(.post, "\(url)/\(method)", body: body)
        request.secretHeaders = [.init("authorization", Secret("Bearer \(token.expose())"))]
        return [.request(request)]
    }

    func verdict(on answer: HTTPAnswer) -> Verdict {
        switch SlackAnswer(answer) {
        case .taken(let room?, let time?): .delivered(RemoteItem(id: "\(room)/\(time)"))
        case .taken: .delivered(nil)
        case .later(let why, let after): .tryAgain(why: why, after: after)
        case .refused(let why): .refused(why: why)
        }
    }
}

package enum SlackChannel {
    /// Whether it has the form of an id; a name, such as `#general`, is none.
    package static func isID(_ text: String) -> Bool {
        (2...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
    }
}
