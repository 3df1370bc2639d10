import Core
import JSON
import Web

/// Pull requests on GitHub, of a branch that is there already (docs.github.com, REST API: "Create a pull request",
/// "List pull requests", "Update a pull request").
///
/// The branch is the notice's fact `branch`. GitHub takes one open request for a branch and base: a further notice is a
/// comment on it.
struct GitHubPullRequest: Integration {
    static let id = "integrations.github_pull_request"

    let forge: GitHub
    var base = "main"
    var isDraft = false

    let dedupe = Deduplication.lookUp

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func lookUp(_ notice: Notice) -> OutboundRequest? {
        guard let branches = try? Branches(notice, standard: base) else { return nil }
        let owner = forge.repository.prefix { $0 != "/" }
        let head = Percent.encode("\(owner):\(branches.head)")
        return forge.request(.get, "/pulls?head=\(head)&base=\(Percent.encode(branches.base))&state=open&per_page=1")
    }

    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? {
        guard let requests = answer.json?.array else { throw .strangeLookUp }
        return requests.first.flatMap(GitHub.item)
    }

    func messages(for notice: Notice, _ sending: Sending) throws(GatehouseError) -> [Outbound] {
        let branches = try Branches(notice, standard: base)
        let body = ForgeText.body(of: notice, mark: ForgeText.mark(sending.id), limit: GitHub.bodyLimit)
        guard let item = sending.item, item.isOpen else {
            guard notice.state != .resolved else { return [] }
            return [
                .request(
                    forge.request(
                        .post, "/pulls",
                        [
                            "title": .string(PlainText.cut(ForgeText.unreferring(notice.title), to: GitHub.titleLimit)),
                            "body": .string(body),
                            "head": .string(branches.head), "base": .string(branches.base), "draft": .bool(isDraft),
                        ]))
            ]
        }
        guard item.origin != sending.id else { return [] }
        let number = Percent.encode(item.id)
        var all = [forge.request(.post, "/issues/\(number)/comments", ["body": .string(body)])]
        if notice.state == .resolved { all.append(forge.request(.patch, "/pulls/\(number)", ["state": "closed"])) }
        return all.map { .request($0) }
    }

    func verdict(on answer: HTTPAnswer) -> Verdict { GitHub.verdict(on: answer) }
}

/// What is to be merged into what, as a notice's facts say.
struct Branches: Sendable, Hashable {
    let head: String
    let base: String

    /// - Throws: `invalid` where the facts name no branch, or one that git would not take (git-check-ref-format).
    init(_ notice: Notice, standard: String) throws(GatehouseError) {
        guard let head = notice.facts["branch"]?.string, Self.isName(head) else {
            throw GatehouseError(
                "integrations", .invalid, "the notice's facts name no branch",
                hint: #"give facts {"branch": "…"}, and "base" where it is another than the usual"#)
        }
        let base = notice.facts["base"]?.string ?? standard
        guard Self.isName(base) else {
            throw GatehouseError("integrations", .invalid, "the notice's base is no name of a branch")
        }
        (self.head, self.base) = (head, base)
    }

    private static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !" ~^:?*[\\".utf8.contains($0) }
        return (1...200).contains(name.utf8.count) && isPlain && !name.hasPrefix("-") && !name.hasPrefix("/")
            && !name.hasSuffix("/") && !name.hasSuffix(".") && !name.contains("..") && !name.contains("@{")
    }
}
