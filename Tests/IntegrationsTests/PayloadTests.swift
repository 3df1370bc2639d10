import Core
import JSON
import Testing

@testable import Integrations

/// What each kind of destination is sent, as its vendor's documents have it.
@Suite("Payloads") struct PayloadTests {
    private let sending = Sending(id: "snd_1")
    private let token = Secret("token-of-" + "this-test")

    private func only(_ integration: any Integration, _ notice: Notice, _ item: RemoteItem? = nil) throws
        -> OutboundRequest
    {
        let messages = try integration.messages(for: notice, Sending(id: "snd_1", item: item))
        try #require(messages.count == 1)
        guard case .request(let request) = messages[0] else { throw Unexpected() }
        return request
    }

    private func all(_ integration: any Integration, _ notice: Notice, _ item: RemoteItem?) throws -> [OutboundRequest]
    {
        try integration.messages(for: notice, Sending(id: "snd_1", item: item)).compactMap {
            if case .request(let request) = $0 { request } else { nil }
        }
    }

    private struct Unexpected: Error {}

    @Test("PagerDuty: trigger, acknowledge and resolve by the same key, the routing key in the body")
    func pagerDuty() throws {
        let pager = PagerDuty(routingKey: token)
        let request = try only(pager, try Notices.leak())
        #expect(request.method == .post && request.url == "https://events.pagerduty.com/v2/enqueue")
        let expected = """
            {"event_action":"trigger","dedup_key":"finding:fnd_1","payload":{"summary":"A key is in the code",\
            "source":"gatehouse","severity":"critical","class":"finding","custom_details":{"text":"# What\\nA key of AWS is in \
            `src/a.py`.\\n\\n- take it out\\n- rotate it","facts":{"path":"src/a.py","line":7}},\
            "timestamp":"2026-11-20T10:11:12.500000Z"},"client":"Gatehouse",\
            "client_url":"https://gate.example.org/findings/fnd_1","links":[{"href":\
            "https://gate.example.org/findings/fnd_1","text":"Details"}],"routing_key":"token-of-this-test"}
            """
        #expect(String(decoding: request.bodyBytes(), as: UTF8.self) == expected)
        #expect(!request.shown.contains("token-of") && request.shown.contains("\"routing_key\": \"[redacted]\""))
        for (state, action) in [(Notice.State.acknowledged, "acknowledge"), (.resolved, "resolve")] {
            let body = try JSON.parse(try only(pager, try Notices.leak(state)).bodyBytes())
            #expect(
                body == [
                    "event_action": .string(action), "dedup_key": "finding:fnd_1", "routing_key": "token-of-this-test",
                ])
        }
        let long = try only(pager, try Notices.plain(String(repeating: "é", count: 1100))).body?["payload"]?["summary"]
        #expect(long?.string?.unicodeScalars.count == 1024 && long?.string?.hasSuffix("é…") == true)
        let accepted = HTTPAnswer(
            status: 202,
            body: Array(#"{"status":"success","message":"Event processed","dedup_key":"finding:fnd_1"}"#.utf8))
        #expect(pager.verdict(on: accepted) == .delivered(RemoteItem(id: "finding:fnd_1")))
    }

    @Test("Slack: a message that later notices edit, escaped, with its send in its metadata")
    func slack() throws {
        let slack = Slack(token: token, channel: "C0123456789")
        let notice = try Notices.plain("<!channel> & more", key: "k")
        let request = try only(slack, notice)
        #expect(request.url == "https://slack.com/api/chat.postMessage")
        #expect(
            request.body?["channel"] == "C0123456789" && request.body?["text"] == "[info] &lt;!channel&gt; &amp; more")
        #expect(request.body?["metadata"]?["event_payload"] == ["send": "snd_1", "dedupe_key": "k"])
        #expect(!request.shown.contains("token-of") && request.shown.contains("authorization: [redacted]"))
        let edit = try only(slack, try Notices.plain("over", state: .resolved), RemoteItem(id: "C0123456789/17.5"))
        #expect(edit.url == "https://slack.com/api/chat.update")
        #expect(edit.body?["ts"] == "17.5" && edit.body?["text"] == "[info] over (resolved)")
        #expect(try all(slack, try Notices.plain("over", state: .resolved), nil).isEmpty)
        func verdict(_ status: Int, _ body: String) -> Verdict {
            slack.verdict(on: HTTPAnswer(status: status, body: Array(body.utf8)))
        }
        #expect(
            verdict(200, #"{"ok":true,"channel":"C1","ts":"17.5","message":{}}"#)
                == .delivered(RemoteItem(id: "C1/17.5")))
        #expect(verdict(200, #"{"ok":false,"error":"not_in_channel"}"#) == .refused(why: "Slack says not_in_channel"))
        #expect(verdict(200, #"{"ok":false,"error":"ratelimited"}"#) == .tryAgain(why: "Slack says ratelimited"))
        #expect(verdict(200, "<html>") == .tryAgain(why: "Slack's answer makes no sense or is too large"))
        #expect(verdict(503, "") == .tryAgain(why: "it answered 503"))
        #expect(verdict(403, "") == .refused(why: "it answered 403"))
    }

    @Test("Teams: a card whose texts are no Markdown, at an address that is not shown")
    func teams() throws {
        let teams = Teams(url: "https://teams.example.org", tail: Secret("/workflows/1?sig=" + token.expose()))
        let request = try only(teams, try Notices.leak())
        let card = try #require(request.body?["attachments"]?[0]?["content"])
        #expect(card["version"] == "1.4" && card["actions"]?[0]?["type"] == "Action.OpenUrl")
        #expect(card["body"]?.text().contains("[critical] A key is in the code") ?? false)
        #expect(!(card["body"]?.text().contains("\"TextBlock\"") ?? true))
        #expect(!request.shown.contains("sig=") && request.shown.hasPrefix("POST https://teams.example.org[redacted]"))
    }

    @Test("Opsgenie: an alert under its alias, closed by it; the message cut at 130")
    func opsgenie() throws {
        let ops = Opsgenie(key: token, teams: ["platform"], tags: ["gate"])
        let request = try only(ops, try Notices.leak())
        #expect(request.url == "https://api.opsgenie.com/v2/alerts")
        #expect(request.secretHeaders == [.init("authorization", Secret("GenieKey token-of-this-test"))])
        let expected: JSON = [
            "message": "A key is in the code", "alias": "finding:fnd_1",
            "description":
                "# What\nA key of AWS is in `src/a.py`.\n\n- take it out\n- rotate it\n\nhttps://gate.example.org/findings/fnd_1",
            "details": ["path": "src/a.py", "line": "7"], "source": "Gatehouse", "priority": "P1",
            "tags": ["finding", "gate"], "responders": [["type": "team", "name": "platform"]],
        ]
        #expect(request.body == expected)
        let close = try only(ops, try Notices.leak(.resolved))
        #expect(
            close.url == "https://api.opsgenie.com/v2/alerts/finding%3Afnd_1/close?identifierType=alias"
                && close.body?["source"] == "Gatehouse")
        #expect(try only(ops, try Notices.leak(.acknowledged)).url.contains("/acknowledge?identifierType=alias"))
        let long = try only(ops, try Notices.plain(String(repeating: "x", count: 500)))
        let message = try #require(long.body?["message"]?.string)
        #expect(message.count == 130 && message.hasSuffix("x…"))
    }

    @Test("Jira: looks up its label, creates with a document and a property, then comments and takes the transition")
    func jira() throws {
        var jira = Jira(url: "https://acme.atlassian.net", user: "bot@acme.org", token: token, project: "SEC")
        jira.resolveTransition = "31"
        let label = DedupeMark.label("finding:fnd_1")
        let lookUp = try #require(jira.lookUp(try Notices.leak()))
        #expect(
            lookUp.url == "https://acme.atlassian.net/rest/api/3/search/jql?jql=project%20%3D%20%22SEC%22%20AND%20"
                + "labels%20%3D%20%22\(label)%22%20ORDER%20BY%20created%20DESC&maxResults=1&fields=status&properties=gatehouse"
        )
        #expect(lookUp.secretHeaders.first?.value.expose() == "Basic Ym90QGFjbWUub3JnOnRva2VuLW9mLXRoaXMtdGVzdA==")
        let creation = try only(jira, try Notices.leak())
        #expect(creation.url == "https://acme.atlassian.net/rest/api/3/issue")
        let fields = creation.body?["fields"]
        #expect(fields?["project"] == ["key": "SEC"] && fields?["issuetype"] == ["name": "Task"])
        #expect(fields?["summary"] == "A key is in the code" && fields?["labels"] == [.string(label)])
        let document: JSON = [
            "type": "doc", "version": 1,
            "content": [
                ["type": "heading", "attrs": ["level": 1], "content": [["type": "text", "text": "What"]]],
                ["type": "paragraph", "content": [["type": "text", "text": "A key of AWS is in `src/a.py`."]]],
                [
                    "type": "bulletList",
                    "content": [
                        [
                            "type": "listItem",
                            "content": [["type": "paragraph", "content": [["type": "text", "text": "take it out"]]]],
                        ],
                        [
                            "type": "listItem",
                            "content": [["type": "paragraph", "content": [["type": "text", "text": "rotate it"]]]],
                        ],
                    ],
                ],
                ["type": "paragraph", "content": [["type": "text", "text": "Severity: critical · finding"]]],
                [
                    "type": "paragraph",
                    "content": [
                        [
                            "type": "text", "text": "https://gate.example.org/findings/fnd_1",
                            "marks": [
                                ["type": "link", "attrs": ["href": "https://gate.example.org/findings/fnd_1"]]
                            ],
                        ]
                    ],
                ],
                [
                    "type": "codeBlock",
                    "content": [["type": "text", "text": "{\n  \"path\": \"src/a.py\",\n  \"line\": 7\n}"]],
                    "attrs": ["language": "json"],
                ],
            ],
        ]
        #expect(fields?["description"] == document)
        #expect(
            creation.body?["properties"] == [
                ["key": "gatehouse", "value": ["send": "snd_1", "dedupe_key": "finding:fnd_1"]]
            ])
        try jiraFurther(jira)
    }

    private func jiraFurther(_ jira: Jira) throws {
        let answer = HTTPAnswer(
            status: 200,
            body: Array(
                #"{"issues":[{"key":"SEC-7","fields":{"status":{"statusCategory":{"key":"new"}}},"properties":{"gatehouse":{"send":"snd_0"}}}],"isLast":true}"#
                    .utf8))
        let item = try #require(try jira.found(in: answer))
        #expect(item == RemoteItem(id: "SEC-7", link: "https://acme.atlassian.net/browse/SEC-7", origin: "snd_0"))
        let close = try all(jira, try Notices.leak(.resolved), item)
        #expect(
            close.map(\.url.description) == [
                "https://acme.atlassian.net/rest/api/3/issue/SEC-7/comment",
                "https://acme.atlassian.net/rest/api/3/issue/SEC-7/transitions",
            ])
        #expect(close.last?.body == ["transition": ["id": "31"]])
        #expect(
            try all(jira, try Notices.leak(), RemoteItem(id: "SEC-7", origin: "snd_1")).isEmpty,
            "it is this very send's")
        #expect(try all(jira, try Notices.leak(.resolved), nil).isEmpty, "what is not there need not be closed")
        #expect(throws: GatehouseError.self) { try jira.found(in: HTTPAnswer(status: 200, body: Array("<html>".utf8))) }
    }

    @Test("GitHub: an issue by its label, then a comment, closed and opened again")
    func gitHubIssue() throws {
        let issues = GitHubIssue(
            forge: GitHub(url: GitHub.standardURL, token: token, repository: "acme/shop"), labels: ["security"])
        let label = DedupeMark.label("finding:fnd_1")
        #expect(
            issues.lookUp(try Notices.leak())?.url
                == "https://api.github.com/repos/acme/shop/issues?labels=\(label)&state=all&sort=created&direction=desc&per_page=1"
        )
        let creation = try only(issues, try Notices.leak())
        #expect(creation.headers.map(\.name) == ["accept", "x-github-api-version"])
        #expect(creation.secretHeaders == [.init("authorization", Secret("Bearer token-of-this-test"))])
        let body = """
            # What
            A key of AWS is in `src/a.py`.

            - take it out
            - rotate it

            **Severity:** critical · **Kind:** finding

            <https://gate.example.org/findings/fnd_1>

            ```json
            {
              "path": "src/a.py",
              "line": 7
            }
            ```

            <!-- gatehouse-send: snd_1 -->
            """
        #expect(
            creation.body == [
                "title": "A key is in the code", "body": .string(body), "labels": [.string(label), "security"],
            ])
        let item = RemoteItem(id: "12", link: nil, isOpen: true, origin: "snd_0")
        let close = try all(issues, try Notices.leak(.resolved), item)
        #expect(close.map(\.method) == [.post, .patch])
        #expect(close[0].url == "https://api.github.com/repos/acme/shop/issues/12/comments")
        #expect(close[1].body == ["state": "closed", "state_reason": "completed"])
        var closed = item
        closed.isOpen = false
        #expect(
            try all(issues, try Notices.leak(), closed).last?.body == ["state": "open", "state_reason": "reopened"])
        #expect(try all(issues, try Notices.leak(.resolved), closed).count == 1)
        let list = HTTPAnswer(
            status: 200,
            body: Array(
                #"[{"number":12,"html_url":"https://x/12","state":"open","body":"a <!-- gatehouse-send: snd_9 --> b\n\n<!-- gatehouse-send: snd_0 -->"}]"#
                    .utf8))
        #expect(try issues.found(in: list) == RemoteItem(id: "12", link: "https://x/12", origin: "snd_0"))
    }

    @Test("GitHub limits come as 403, with a header that says when they end")
    func gitHubLimits() {
        var answer = HTTPAnswer(status: 403, time: Timestamp(seconds: 1000))
        #expect(GitHub.verdict(on: answer) == .refused(why: "it answered 403"))
        answer.headers = ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1060"]
        #expect(GitHub.verdict(on: answer) == .tryAgain(why: "it answered 403", after: .seconds(60)))
        answer.headers["x-ratelimit-reset"] = "\(Int64.min)"
        #expect(GitHub.verdict(on: answer) == .tryAgain(why: "it answered 403", after: .seconds(3600)))
        answer.headers = ["retry-after": "7"]
        #expect(GitHub.verdict(on: answer) == .tryAgain(why: "it answered 403", after: .seconds(7)))
    }

    @Test("pull and merge requests are made of the branch that the facts name")
    func requests() throws {
        let notice = try Notice(
            kind: .run, title: "Upgrade, fixes #12", text: "See @ada", dedupeKey: "fix:1",
            facts: ["branch": "fix/upgrade", "base": "release"])
        let pulls = GitHubPullRequest(
            forge: GitHub(url: GitHub.standardURL, token: token, repository: "acme/shop"), isDraft: true)
        let lookUp =
            "https://api.github.com/repos/acme/shop/pulls?head=acme%3Afix%2Fupgrade&base=release&state=open&per_page=1"
        #expect(pulls.lookUp(notice)?.url == lookUp)
        let pull = try only(pulls, notice)
        #expect(pull.url == "https://api.github.com/repos/acme/shop/pulls" && pull.body?["draft"] == true)
        #expect(pull.body?["head"] == "fix/upgrade" && pull.body?["base"] == "release")
        #expect(pull.body?["title"] == "Upgrade, fixes #\u{200B}12", "merging it closes nothing else")
        let merges = GitLabMergeRequest(forge: GitLab(url: GitLab.standardURL, token: token, project: "acme/shop"))
        let merge = try only(merges, notice)
        #expect(merge.url == "https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests")
        #expect(merge.secretHeaders == [.init("private-token", token)])
        #expect(merge.body?["source_branch"] == "fix/upgrade" && merge.body?["target_branch"] == "release")
        let close = try all(merges, notice.resolved ?? notice, RemoteItem(id: "3"))
        #expect(close.last?.method == .put && close.last?.body == ["state_event": "close"])
        for branch in ["", "-x", "a..b", "a b", "x\ny", "a@{1}", "/a"] {
            let bad = try Notice(title: "t", dedupeKey: "k", facts: ["branch": .string(branch)])
            #expect(throws: GatehouseError.self) { try pulls.messages(for: bad, sending) }
        }
    }

    @Test("GitLab: an issue by its label, a note, and state events")
    func gitLabIssue() throws {
        let issues = GitLabIssue(
            forge: GitLab(url: "https://git.acme.org", token: token, project: "42"), labels: ["sec"])
        let label = DedupeMark.label("finding:fnd_1")
        let creation = try only(issues, try Notices.leak())
        #expect(creation.url == "https://git.acme.org/api/v4/projects/42/issues")
        #expect(creation.body?["labels"] == .string("\(label),sec"))
        #expect(issues.lookUp(try Notices.leak())?.url.contains("labels=\(label)&scope=all") == true)
        let item = RemoteItem(id: "5", isOpen: false)
        let again = try all(issues, try Notices.leak(), item)
        #expect(
            again.map(\.url) == [
                "https://git.acme.org/api/v4/projects/42/issues/5/notes",
                "https://git.acme.org/api/v4/projects/42/issues/5",
            ])
        #expect(again.last?.body == ["state_event": "reopen"])
    }

    @Test("Splunk and Datadog get the whole notice, with the send's id")
    func logs() throws {
        let splunk = Splunk(url: "https://splunk.acme.org:8088", token: token, index: "sec")
        let event = try only(splunk, try Notices.leak())
        #expect(event.url == "https://splunk.acme.org:8088/services/collector/event")
        #expect(event.secretHeaders == [.init("authorization", Secret("Splunk token-of-this-test"))])
        var whole = try Notices.leak().json
        whole["send"] = "snd_1"
        #expect(
            event.body == [
                "source": "gatehouse", "sourcetype": "gatehouse:notice", "event": whole,
                "fields": ["severity": "critical", "kind": "finding", "dedupe_key": "finding:fnd_1"], "index": "sec",
                "time": "1795169472.500",
            ])
        let busy = HTTPAnswer(status: 400, body: Array(#"{"text":"Server is busy","code":9}"#.utf8))
        #expect(splunk.verdict(on: busy) == .tryAgain(why: "it answered 400: Server is busy"))
        let log = try only(Datadog(key: token, tags: ["env:prod"]), try Notices.leak())
        #expect(log.url == "https://http-intake.logs.datadoghq.com/api/v2/logs")
        #expect(log.secretHeaders == [.init("dd-api-key", token)])
        #expect(
            log.body == [
                [
                    "ddsource": "gatehouse", "ddtags": "kind:finding,severity:critical,env:prod",
                    "service": "gatehouse",
                    "status": "critical", "message": "A key is in the code", "notice": try Notices.leak().json,
                    "send": "snd_1", "timestamp": "2026-11-20T10:11:12.500000Z",
                ]
            ])
    }

    @Test("a webhook is the notice itself, with an id that stays the same")
    func webhook() throws {
        let hook = Webhook(url: "https://in.acme.org/hook?x=1", signingKey: token, headers: ["x-api-key": token])
        let request = try only(hook, try Notices.plain("Hello"))
        let expected = """
            {"version":1,"id":"snd_1","kind":"custom","title":"Hello","text":"text","severity":"info","dedupe_key":"k",\
            "facts":{},"state":"open"}
            """
        #expect(String(decoding: request.bodyBytes(), as: UTF8.self) == expected)
        #expect(request.headers == [.init("x-gatehouse-delivery", "snd_1")])
        #expect(!request.shown.contains("token-of"))
    }

    @Test("statuses: what is delivered, what may come later, what never will")
    func statuses() {
        func verdict(_ status: Int, _ headers: [String: String] = [:]) -> Verdict {
            Verdict(HTTPAnswer(status: status, headers: headers, time: Timestamp(seconds: 784_111_767)))
        }
        #expect(verdict(202) == .delivered(nil))
        #expect(verdict(429, ["retry-after": "12"]) == .tryAgain(why: "it answered 429", after: .seconds(12)))
        // RFC 9110's own example of a date, ten seconds after the answer.
        #expect(
            verdict(503, ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"])
                == .tryAgain(why: "it answered 503", after: .seconds(10)))
        #expect(
            verdict(503, ["retry-after": "99999999999999999999"])
                == .tryAgain(why: "it answered 503", after: .seconds(3600)))
        #expect(verdict(503, ["retry-after": "soon"]) == .tryAgain(why: "it answered 503"))
        for status in [400, 401, 403, 404, 413, 422] {
            #expect(verdict(status) == .refused(why: "it answered \(status)"))
        }
        if case .refused(let why) = verdict(302) { #expect(why.contains("not followed")) } else { Issue.record("302") }
    }
}
