import Core
import JSON
import Web

/// Issues on GitLab (docs.gitlab.com, REST API: "Issues API", "Notes API").
///
/// An issue has a label made of the dedupe key, which it is found by, and is marked with the send that made it. A further
/// notice is a note; a resolved one closes the issue, and one on a closed issue opens it again.
struct GitLabIssue: Integration {
    static let id = "integrations.gitlab_issue"

    let forge: GitLab
    var labels: [String] = []

    let dedupe = Deduplication.lookUp

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func lookUp(_ notice: Notice) -> OutboundRequest? {
        let label = DedupeMark.label(notice.dedupeKey)
        return forge.request(.get, "/issues?labels=\(label)&scope=all&order_by=created_at&sort=desc&per_page=1")
    }

    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? {
        guard let issues = answer.json?.array else { throw .strangeLookUp }
        return issues.first.flatMap(GitLab.item)
    }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        let body = ForgeText.body(of: notice, mark: ForgeText.mark(sending.id), limit: GitLab.bodyLimit)
        guard let item = sending.item else {
            guard notice.state != .resolved else { return [] }
            let labels = [DedupeMark.label(notice.dedupeKey)] + labels
            return [
                .request(
                    forge.request(
                        .post, "/issues",
                        [
                            "title": .string(PlainText.cut(notice.title, to: GitLab.titleLimit)),
                            "description": .string(body), "labels": .string(labels.joined(separator: ",")),
                        ]))
            ]
        }
        guard item.origin != sending.id else { return [] }
        return forge.further(notice, body, on: item, "issues", reopens: true)
    }

    func verdict(on answer: HTTPAnswer) -> Verdict { GitLab.verdict(on: answer) }
}

/// What the kinds of GitLab have in common.
struct GitLab: Sendable, Hashable {
    static let standardURL = "https://gitlab.com"
    static let titleLimit = 255
    /// Of 1,048,576: a notice is shorter.
    static let bodyLimit = 200_000

    let url: String
    let token: Secret
    /// `group/name`, or a number.
    let project: String

    func request(_ method: OutboundRequest.Method, _ path: String, _ body: JSON? = nil) -> OutboundRequest {
        var request = OutboundRequest(method, "\(url)/api/v4/projects/\(Percent.encode(project))\(path)", body: body)
        request.secretHeaders = [.init("private-token", token)]
        return request
    }

    /// A note, and what it changes.
    func further(
        _ notice: Notice, _ body: String, on item: RemoteItem, _ kind: String, reopens: Bool
    ) -> [Outbound] {
        let path = "/\(kind)/\(Percent.encode(item.id))"
        let title = "**\(ForgeText.harmless(PlainText.cut(notice.title, to: Self.titleLimit)))**\n\n"
        var all = [request(.post, "\(path)/notes", ["body": .string(title + body)])]
        if notice.state == .resolved, item.isOpen {
            all.append(request(.put, path, ["state_event": "close"]))
        } else if reopens, notice.state == .open, !item.isOpen {
            all.append(request(.put, path, ["state_event": "reopen"]))
        }
        return all.map { .request($0) }
    }

    static func item(_ json: JSON) -> RemoteItem? {
        guard let number = json["iid"]?.int else { return nil }
        return RemoteItem(
            id: "\(number)", link: json["web_url"]?.string, isOpen: json["state"]?.string == "opened",
            origin: json["description"]?.string.flatMap(ForgeText.origin))
    }

    static func verdict(on answer: HTTPAnswer) -> Verdict { Verdict(answer, item: answer.json.flatMap(item)) }
}
