import Core
import Foundation
import Gate
import JSON
import Ledger
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

@Suite("Console", .serialized)
struct ConsoleTests {
    @Test("a link signs in once; looking at it spends nothing; the cookie is strict; signing out ends it")
    func signIn() async throws {
        try await RunningHouse.with { running in
            let link = try await running.link(running.admin)
            let path = String(link.dropFirst(running.address.count))
            for _ in 0..<3 {
                let preview = try await running.send(.GET, path, headers: [("accept", "text/html")])
                #expect(preview.status == 200 && preview.headers["set-cookie"].isEmpty)
            }
            let token = String(path.split(separator: "=").last ?? "")
            let first = try await running.send(.POST, "/sign-in", form: "token=\(token)")
            let cookie = try #require(first.headers["set-cookie"].first)
            #expect(
                first.status == 303 && cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict")
                    && cookie.contains("; Path=/"))
            let second = try await running.send(.POST, "/sign-in", form: "token=\(token)")
            #expect(second.status >= 400 && second.headers["set-cookie"].isEmpty)
            let sign = try await running.signIn(running.admin)
            let forged = try await running.send(
                .POST, "/sign-out", form: "csrf=wrong", headers: [("cookie", sign.cookie)])
            #expect(forged.status == 403)
            let out = try await running.send(
                .POST, "/sign-out", form: "csrf=\(sign.csrf)", headers: [("cookie", sign.cookie)])
            #expect(out.status == 303)
            let after = try await running.send(.GET, "/", headers: [("cookie", sign.cookie), ("accept", "text/html")])
            #expect(after.status == 401)
            let access = try running.house.ledger.entries(last: 100).compactMap(\.payload).map { try JSON.parse($0) }
                .filter { $0["type"] == "access" }
            #expect(
                access.map { $0["state"]?.string } == [
                    "link_made", "signed_in", "refused", "link_made", "signed_in", "signed_out",
                ])
            #expect(access.filter { $0["state"] != "link_made" }.allSatisfy { $0["peer"] == "127.0.0.1" })
        }
    }

    @Test("pages carry the strict policy, and nothing of theirs runs or is styled inline")
    func policy() async throws {
        try await RunningHouse.with { running in
            let sign = try await running.signIn(running.admin)
            for path in [
                "/", "/approvals", "/ledger", "/sessions", "/findings", "/dependencies", "/sbom", "/trends", "/models",
                "/workflows", "/workflows/assess-and-fix", "/chat",
                "/nowhere",
            ] {
                let page = try await running.send(
                    .GET, path, headers: [("cookie", sign.cookie), ("accept", "text/html")])
                #expect(page.headers["content-security-policy"] == [SecurityHeaders.pagePolicy], "\(path)")
                #expect(
                    page.headers["x-content-type-options"] == ["nosniff"]
                        && page.headers["referrer-policy"] == ["no-referrer"])
                #expect(page.headers["cache-control"] == ["no-store"])
                #expect(
                    !page.text.contains(" style=") && !page.text.contains("<script>")
                        && !page.text.contains(" onclick="))
            }
        }
    }

    @Test("texts from outside stay texts, also where a mark combines with a quote")
    func escaping() async throws {
        #expect(ScalarHTML.escape("\"\u{301} <b\u{338}>&'") == "&quot;\u{301} &lt;b\u{338}&gt;&amp;&#39;")
        let templates = Templates()
        let hostile = "\"\u{301} onfocus=alert(1) <img src=x>"
        let page = try templates.render("plain", ["title": hostile, "assets": "1", "text": hostile, "token": hostile])
        #expect(!page.contains("<img") && !page.contains("value=\"\"\u{301}"))
        #expect(page.unicodeScalars.count { $0 == "<" } == page.unicodeScalars.count { $0 == ">" })
    }

    @Test("a form without the sign-in's token does nothing; with it, approving works once")
    func approving() async throws {
        try await RunningHouse.with { running in
            let wanted: JSON = ["tool": "demo.thermostat.set", "target": "room:hall", "arguments": ["degrees": 21]]
            let asked = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            let approval = asked.json["approval"] ?? .null
            let path = "/approvals/\(try approval.text("id"))/approve"
            let sign = try await running.signIn(running.admin)
            let stranger = try await running.signIn(running.agent)
            let fields = "reason=fine&binding=\(try approval.text("binding"))"
            for csrf in ["", "&csrf=x", "&csrf=\(stranger.csrf)"] {
                let refused = try await running.send(
                    .POST, path, form: fields + csrf, headers: [("cookie", sign.cookie)])
                #expect(refused.status == 403)
            }
            let done = try await running.send(
                .POST, path, form: fields + "&csrf=\(sign.csrf)", headers: [("cookie", sign.cookie)])
            #expect(
                done.status == 303 && done.headers["location"].first?.hasSuffix("notice=approved") == true,
                "\(done.text)")
            let page = try await running.send(
                .GET, try #require(done.headers["location"].first),
                headers: [("cookie", sign.cookie), ("accept", "text/html")])
            #expect(page.text.contains("Approved, and performed."))
        }
    }

    @Test("a finding is decided about by a form, through the gate; to accept a risk takes somebody else")
    func deciding() async throws {
        try await RunningHouse.with { running in
            let id = try await ConsoleFixture.assess(running)
            let sign = try await running.signIn(running.admin)
            func decide(_ fields: String, csrf: String? = nil) async throws -> RunningHouse.Answer {
                try await running.send(
                    .POST, "/findings/\(id)/triage", form: fields + "&csrf=\(csrf ?? sign.csrf)",
                    headers: [("cookie", sign.cookie), ("accept", "text/html")])
            }
            #expect(try await decide("state=known&reason=seen", csrf: "x").status == 403)
            #expect(try await decide("state=accepted&reason=seen&expires=never").status == 400)
            #expect(try await decide("state=accepted&reason=seen").status == 400)
            let known = try await decide("state=known&reason=%3Cb%3Eseen&owner=Ada")
            #expect(known.headers["location"] == ["/findings/\(id)?notice=triaged"], "\(known.text)")
            let page = try await running.send(
                .GET, "/findings/\(id)", headers: [("cookie", sign.cookie), ("accept", "text/html")])
            #expect(page.text.contains("&lt;b&gt;seen") && !page.text.contains("<b>seen"))
            #expect(page.text.contains("triaged") && page.text.contains("Open again"))
            let back = try await decide("state=open&reason=not+so")
            #expect(back.headers["location"].first?.hasSuffix("notice=triaged") == true, "\(back.text)")

            let day = try #require(
                Timestamp(microseconds: running.house.clock.now().microseconds + 30 * 86_400_000_000).description
                    .split(separator: "T").first)
            let asked = try await decide("state=accepted&reason=a+demo&risk=it+leaks&expires=\(day)")
            let approval = try #require(asked.headers["location"].first?.split(separator: "/").last.map(String.init))
            #expect(approval.hasPrefix("apr_"))
            let meanwhile = try await running.send(
                .GET, "/findings/\(id)", headers: [("cookie", sign.cookie), ("accept", "text/html")])
            #expect(meanwhile.text.contains("href=\"/approvals/\(approval)\">waits for somebody"))
            let ben = try await running.house.gate.identity.addPrincipal(
                kind: .person, name: "Ben Lead", roles: ["security_lead"])
            let (_, key) = try await running.house.gate.identity.createKey(for: ben.id, name: "test", expires: nil)
            let own = try await running.send(
                .POST, "/api/v1/approvals/\(approval)/approve", key: running.adminKey, json: ["reason": "I say so"])
            #expect(own.status == 403)
            let agreed = try await running.send(
                .POST, "/api/v1/approvals/\(approval)/approve", key: key.expose(), json: ["reason": "for a month"])
            #expect(agreed.status == 200, "\(agreed.text)")
            let finding = try await running.send(.GET, "/api/v1/findings/\(id)", key: running.adminKey).json
            #expect(finding["state"] == "accepted" && finding["triage"]?["approvers"] == ["Ben Lead"])
            #expect(finding["triage"]?["expires"]?.string?.hasPrefix("\(day)T23:59:59") == true)
            let history = try await running.send(.GET, "/api/v1/findings/\(id)/history", key: running.adminKey).json
            #expect(
                history["events"]?.array?.map { $0["kind"] ?? .null } == ["found", "triaged", "reopened", "triaged"])
        }
    }

    @Test("bills of materials are files, for who may see findings")
    func bills() async throws {
        try await RunningHouse.with { running in
            _ = try await ConsoleFixture.assess(running)
            let sign = try await running.signIn(running.admin)
            let list = try await running.send(
                .GET, "/sbom", headers: [("cookie", sign.cookie), ("accept", "text/html")])
            let start = try #require(list.text.range(of: "href=\"/sbom/"))
            let path = "/sbom/" + list.text[start.upperBound...].prefix { $0 != "\"" }
            #expect(path.hasSuffix("/cyclonedx"))
            let bill = try await running.send(.GET, path, headers: [("cookie", sign.cookie)])
            #expect(bill.status == 200 && bill.json["bomFormat"] == "CycloneDX")
            #expect(bill.json["components"]?.array?.isEmpty == false)
            #expect(bill.headers["content-disposition"] == ["attachment; filename=\"assessment.cdx.json\""])
            #expect(try await running.send(.GET, path).status == 401)
            let none = try await running.send(.GET, "/sbom/asm_none/spdx", headers: [("cookie", sign.cookie)])
            #expect(none.status == 404)
        }
    }

    @Test("the drawn way up ends at the root, whatever the size and the place", arguments: [1, 2, 3, 7, 8, 13, 33])
    func proofTree(size: Int) async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let ledger = try Ledger.open(folder + "/ledger", key: try SigningKey(generating: "test"))
        for number in 0..<size { _ = try await ledger.append(Array("\(number)".utf8), durability: .written) }
        for index in 0..<UInt64(size) {
            let proof = try ledger.inclusionProof(index, size: UInt64(size))
            let tree = ProofTree(proof)
            #expect((tree.steps.last?.parent ?? tree.leaf) == proof.root)
        }
        await ledger.close()
    }
}
