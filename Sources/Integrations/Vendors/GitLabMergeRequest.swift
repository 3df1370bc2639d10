import Core
import JSON
import Web

/// Merge requests on GitLab, of a branch that is there already (docs.gitlab.com, REST API: "Merge requests API").
///
/// The branch is the notice's fact `branch`. GitLab takes one open request for a pair of branches: a further notice is a
/// note on it.
struct GitLabMergeRequest: Integration {
    static let id = "integrations.gitlab_merge_request"

    let forge: GitLab
    var base = "main"
    var labels: [String] = []

    let dedupe = Deduplication.lookUp

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func lookUp(_ notice: Notice) -> OutboundRequest? {
        guard let branches = try? Branches(notice, standard: base) else { return nil }
        let (head, base) = (Percent.encode(branches.head), Percent.encode(branches.base))
        return forge.request(
            .get, "/merge_requests?source_branch=\(head)&target_branch=\(base)&state=opened&per_page=1")
    }

    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? {
        guard let requests = answer.json?.array else { throw .strangeLookUp }
        return requests.first.flatMap(GitLab.item)
    }

    func messages(for notice: Notice, _ sending: Sending) throws(GatehouseError) -> [Outbound] {
        let branches = try Branches(notice, standard: base)
        let body = ForgeText.body(of: notice, mark: ForgeText.mark(sending.id), limit: GitLab.bodyLimit)
        guard let item = sending.item, item.isOpen else {
            guard notice.state != .resolved else { return [] }
            return [
                .request(
                    forge.request(
                        .post, "/merge_requests",
                        [
                            "title": .string(PlainText.cut(ForgeText.unreferring(notice.title), to: GitLab.titleLimit)),
                            "description": .string(body), "source_branch": .string(branches.head),
                            "target_branch": .string(branches.base),
                            "labels": .string(labels.joined(separator: ",")),
                        ]))
            ]
        }
        guard item.origin != sending.id else { return [] }
        return forge.further(notice, body, on: item, "merge_requests", reopens: false)
    }

    func verdict(on answer: HTTPAnswer) -> Verdict { GitLab.verdict(on: answer) }
}
