import Core
import Integrations
import JSON

/// Calls of Slack's Web API (api.slack.com, "chat.postMessage", "chat.update", "chat.postEphemeral", "Rate limits").
enum SlackCall {
    /// - Parameter thread: the message that it answers, where there is one.
    static func request(_ post: KeptPost, thread: String?, api: String, token: Secret) -> OutboundRequest {
        var body = post.content
        body["channel"] = .string(post.remoteRoom ?? post.room)
        var method = "chat.postMessage"
        if let account = post.user {
            method = "chat.postEphemeral"
            body["user"] = .string(account)
        } else if let remote = post.remote {
            method = "chat.update"
            body["ts"] = .string(remote)
        } else {
            body["unfurl_links"] = false
            body["unfurl_media"] = false
        }
        if post.remote == nil { body["thread_ts"] = thread.map { .string($0) } }
        var request = OutboundRequest(.post, "\(api)/\(method)", body: body)
        request.secretHeaders = [.init("authorization", Secret("Bearer \(token.expose())"))]
        return request
    }

    /// Errors after which the same call may work.
    private static let passing: Set<String> = [
        "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
        "accesslimited", "message_limit_exceeded",
    ]

    /// Slack answers with 200 whatever it thinks of a call; `ok` says what that is.
    static func delivery(of answer: HTTPAnswer) -> Delivery {
        guard answer.status == 200 else { return Delivery(answer) }
        guard let json = answer.json, let isTaken = json["ok"]?.bool else {
            return .later(why: "Slack's answer makes no sense or is too large", after: nil)
        }
        if isTaken { return .delivered(room: json["channel"]?.string, remote: json["ts"]?.string) }
        let word = PlainText.cut(PlainText.line(json["error"]?.string ?? "no reason"), to: 100)
        if passing.contains(word) { return .later(why: "Slack says \(word)", after: answer.retryAfter) }
        return .refused(why: "Slack says \(word)")
    }
}
