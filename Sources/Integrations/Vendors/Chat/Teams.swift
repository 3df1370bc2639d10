import Core
import JSON

/// A workflow of Teams that posts to a channel what it is sent (learn.microsoft.com, "Create incoming webhooks with
/// Workflows"). It cannot edit: each notice is a message.
struct Teams: Integration {
    static let id = "integrations.teams"

    /// Scheme and host.
    let url: String
    /// What follows them: whoever knows it may post.
    let tail: Secret

    let dedupe = Deduplication.id

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        var request = OutboundRequest(.post, url, body: TeamsCard.notice(notice))
        request.secretTail = tail
        return [.request(request)]
    }
}
