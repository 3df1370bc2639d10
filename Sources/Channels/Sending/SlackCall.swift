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
}
