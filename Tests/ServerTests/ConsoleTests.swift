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
            for path in ["/", "/approvals", "/ledger", "/sessions", "/findings", "/models", "/nowhere"] {
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
        let templates = try Templates()
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
