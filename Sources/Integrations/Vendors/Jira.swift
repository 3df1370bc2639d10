import Core
import JSON
import Web

/// Issues of Jira Cloud (developer.atlassian.com, REST API v3: "Create issue", "Search for issues using JQL enhanced
/// search", "Add comment", "Transition issue"; authentication by a user's e-mail and API token).
///
/// An issue has a label made of the dedupe key, and the send that made it in a property of its own. A further notice on the
/// same key is a comment; a resolved one also takes the transition that is configured.
struct Jira: Integration {
    static let id = "integrations.jira"
    /// Of the issue's property.
    static let property = "gatehouse"
    /// "Create issue": the summary takes 255 characters, on one line.
    private static let summary = 255

    let url: String
    let user: String
    let token: Secret
    let project: String
    var issueType = "Task"
    var labels: [String] = []
    /// Ids of transitions; without one the issue's status stays as it is.
    var resolveTransition: String?
    var reopenTransition: String?

    let dedupe = Deduplication.lookUp
    /// Its search index follows the issues after a while.
    let lookUpLags = true

    func undoing(_ notice: Notice) -> Notice? { resolveTransition == nil ? nil : notice.resolved }

    func lookUp(_ notice: Notice) -> OutboundRequest? {
        let label = DedupeMark.label(notice.dedupeKey)
        let jql = "project = \"\(project)\" AND labels = \"\(label)\" ORDER BY created DESC"
        let query = "jql=\(Percent.encode(jql))&maxResults=1&fields=status&properties=\(Self.property)"
        return request(.get, "/rest/api/3/search/jql?\(query)")
    }

    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? {
        guard let issues = answer.json?["issues"]?.array else { throw .strangeLookUp }
        guard let issue = issues.first, let key = issue["key"]?.string else { return nil }
        let category = issue["fields"]?["status"]?["statusCategory"]?["key"]?.string
        return RemoteItem(
            id: key, link: "\(url)/browse/\(Percent.encode(key))", isOpen: category != "done",
            origin: issue["properties"]?[Self.property]?["send"]?.string)
    }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        guard let item = sending.item else {
            return notice.state == .resolved ? [] : [.request(creation(notice, sending))]
        }
        guard item.origin != sending.id else { return [] }
        let path = "/rest/api/3/issue/\(Percent.encode(item.id))"
        var all = [request(.post, "\(path)/comment", ["body": ADF.document(of: notice.titled)])]
        if let transition = notice.state == .resolved ? resolveTransition : item.isOpen ? nil : reopenTransition,
            notice.state == .resolved ? item.isOpen : notice.state == .open
        {
            all.append(request(.post, "\(path)/transitions", ["transition": ["id": .string(transition)]]))
        }
        return all.map { .request($0) }
    }

    private func creation(_ notice: Notice, _ sending: Sending) -> OutboundRequest {
        let labels = [DedupeMark.label(notice.dedupeKey)] + labels
        return request(
            .post, "/rest/api/3/issue",
            [
                "fields": [
                    "project": ["key": .string(project)], "issuetype": ["name": .string(issueType)],
                    "summary": .string(PlainText.cut(notice.title, to: Self.summary)),
                    "description": ADF.document(of: notice), "labels": .array(labels.map { .string($0) }),
                ],
                "properties": [
                    [
                        "key": .string(Self.property),
                        "value": ["send": .string(sending.id), "dedupe_key": .string(notice.dedupeKey)],
                    ]
                ],
            ])
    }

    func verdict(on answer: HTTPAnswer) -> Verdict {
        Verdict(
            answer,
            item: answer.json?["key"]?.string.map { RemoteItem(id: $0, link: "\(url)/browse/\(Percent.encode($0))") })
    }

    private func request(_ method: OutboundRequest.Method, _ path: String, _ body: JSON? = nil) -> OutboundRequest {
        var request = OutboundRequest(method, url + path, body: body)
        request.headers = [.init("accept", "application/json")]
        request.secretHeaders = [.init("authorization", Secret("Basic \(credentials.expose())"))]
        return request
    }

    /// RFC 7617.
    var credentials: Secret { Secret(Base64.encode(Array("\(user):\(token.expose())".utf8))) }
}

extension GatehouseError {
    static let strangeLookUp = GatehouseError(
        "integrations", .unavailable, "the answer to the look-up makes no sense or is too large")
}

extension Notice {
    /// For places that have no title of their own: it is the text's first line.
    var titled: Notice {
        let joined = text.isEmpty ? title : "\(title)\n\n\(text)"
        let cut = PlainText.cut(joined, to: Limits.text)
        return
            (try? Notice(
                kind: kind, title: title, text: cut, severity: severity, link: link, dedupeKey: dedupeKey, facts: facts,
                state: state, time: time)) ?? self
    }
}
