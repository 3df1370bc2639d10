import Core
import JSON
import Web

/// Issues on GitHub (docs.github.com, REST API: "Create an issue", "List repository issues", "Create an issue comment",
/// "Update an issue").
///
/// An issue has a label made of the dedupe key, which it is found by, and is marked with the send that made it. A further
/// notice is a comment; a resolved one closes the issue, and one on a closed issue opens it again.
struct GitHubIssue: Integration {
    static let id = "integrations.github_issue"

    let forge: GitHub
    var labels: [String] = []

    let dedupe = Deduplication.lookUp

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func lookUp(_ notice: Notice) -> OutboundRequest? {
        let label = DedupeMark.label(notice.dedupeKey)
        return forge.request(.get, "/issues?labels=\(label)&state=all&sort=created&direction=desc&per_page=1")
    }

    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? {
        guard let issues = answer.json?.array else { throw .strangeLookUp }
        return issues.first.flatMap(GitHub.item)
    }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        let body = ForgeText.body(of: notice, mark: ForgeText.mark(sending.id), limit: GitHub.bodyLimit)
        guard let item = sending.item else {
            guard notice.state != .resolved else { return [] }
            let labels = [DedupeMark.label(notice.dedupeKey)] + labels
            return [
                .request(
                    forge.request(
                        .post, "/issues",
                        [
                            "title": .string(PlainText.cut(notice.title, to: GitHub.titleLimit)), "body": .string(body),
                            "labels": .array(labels.map { .string($0) }),
                        ]))
            ]
        }
        guard item.origin != sending.id else { return [] }
        let path = "/issues/\(Percent.encode(item.id))"
        let title = "**\(ForgeText.harmless(PlainText.cut(notice.title, to: GitHub.titleLimit)))**\n\n"
        var all = [forge.request(.post, "\(path)/comments", ["body": .string(title + body)])]
        if notice.state == .resolved, item.isOpen {
            all.append(forge.request(.patch, path, ["state": "closed", "state_reason": "completed"]))
        } else if notice.state == .open, !item.isOpen {
            all.append(forge.request(.patch, path, ["state": "open", "state_reason": "reopened"]))
        }
        return all.map { .request($0) }
    }

    func verdict(on answer: HTTPAnswer) -> Verdict { GitHub.verdict(on: answer) }
}

/// What the kinds of GitHub have in common ("Getting started with the REST API", "Rate limits for the REST API").
struct GitHub: Sendable, Hashable {
    static let standardURL = "https://api.github.com"
    static let titleLimit = 256
    /// Of 65,536, with room for a comment's title.
    static let bodyLimit = 65_000

    let url: String
    let token: Secret
    /// `owner/name`
    let repository: String

    func request(_ method: OutboundRequest.Method, _ path: String, _ body: JSON? = nil) -> OutboundRequest {
        var request = OutboundRequest(method, "\(url)/repos/\(repository)\(path)", body: body)
        request.headers = [
            .init("accept", "application/vnd.github+json"), .init("x-github-api-version", "2022-11-28"),
        ]
        request.secretHeaders = [.init("authorization", Secret("Bearer \(token.expose())"))]
        return request
    }

    static func item(_ json: JSON) -> RemoteItem? {
        guard let number = json["number"]?.int else { return nil }
        return RemoteItem(
            id: "\(number)", link: json["html_url"]?.string, isOpen: json["state"]?.string != "closed",
            origin: json["body"]?.string.flatMap(ForgeText.origin))
    }

    /// A comment has no number: what it stands on keeps its own.
    static func verdict(on answer: HTTPAnswer) -> Verdict {
        let isLimited =
            answer.status == 403 && (answer.retryAfter != nil || answer.headers["x-ratelimit-remaining"] == "0")
        guard isLimited else { return Verdict(answer, item: answer.json.flatMap(item)) }
        let reset = answer.headers["x-ratelimit-reset"].flatMap { Int64($0) }.map { seconds in
            Duration.seconds(max(0, min(seconds.subtractingReportingOverflow(answer.time.seconds).partialValue, 3600)))
        }
        return .tryAgain(why: answer.reason, after: answer.retryAfter ?? reset)
    }
}
