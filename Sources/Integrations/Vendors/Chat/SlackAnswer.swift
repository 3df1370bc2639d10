import JSON

/// What Slack's Web API says to a call (api.slack.com, "Web API: evaluating responses", "Rate limits"): it answers with 200
/// whatever it thinks of a call; `ok` says what that is.
package enum SlackAnswer: Sendable, Hashable {
    /// Where the message stands now, and what it is called by there.
    case taken(room: String?, time: String?)
    /// It may be taken later.
    case later(why: String, after: Duration?)
    case refused(why: String)

    /// Of a message that was to be edited.
    static let gone = "Slack says message_not_found"

    /// Errors after which the same call may work.
    private static let passing: Set<String> = [
        "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
        "accesslimited", "message_limit_exceeded",
    ]

    package init(_ answer: HTTPAnswer) {
        guard answer.status == 200 else {
            switch Verdict(answer) {
            case .delivered: self = .later(why: "\(answer.reason), which is no answer of Slack's", after: nil)
            case .tryAgain(let why, let after): self = .later(why: why, after: after)
            case .refused(let why): self = .refused(why: why)
            }
            return
        }
        guard let json = answer.json, let isTaken = json["ok"]?.bool else {
            self = .later(why: "Slack's answer makes no sense or is too large", after: nil)
            return
        }
        let word = PlainText.cut(PlainText.line(json["error"]?.string ?? "no reason"), to: 100)
        if isTaken {
            self = .taken(room: json["channel"]?.string, time: json["ts"]?.string)
        } else if Self.passing.contains(word) {
            self = .later(why: "Slack says \(word)", after: answer.retryAfter)
        } else {
            self = .refused(why: "Slack says \(word)")
        }
    }
}
