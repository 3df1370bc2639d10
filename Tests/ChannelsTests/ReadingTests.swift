import Core
import Integrations
import JSON
import Testing

@testable import Channels

/// What is made of requests that are signed as they should be.
@Suite struct ReadingTests {
    private func heard(_ body: [UInt8]) throws -> Heard? {
        guard case .said(let heard) = try SlackEvent.read(body) else { return nil }
        return heard
    }

    @Test func aDirectMessageIsHeard() throws {
        let heard = try #require(try heard(Payload.event("show findings", id: "Ev1")))
        #expect(heard == Heard(id: "Ev1", user: "U0ALICE000", text: "show findings", room: "D0ALICE000", thread: nil))
    }

    @Test func aMentionIsHeardWithoutItsPrefixAndAnsweredInItsThread() throws {
        let body = Payload.event(
            "<@\(Payload.bot)> show findings", id: "Ev1", room: "C0OPS00000", type: "app_mention", ts: "17.5")
        let heard = try #require(try heard(body))
        #expect(heard.text == "show findings" && heard.thread == "17.5")
        let threaded = Payload.event(
            "hey <@\(Payload.bot)> and <@U0OTHER000>, status", id: "Ev2", room: "C0OPS00000", type: "app_mention",
            thread: "16.1")
        #expect(try self.heard(threaded)?.text == "hey  and @U0OTHER000, status")
        #expect(try self.heard(threaded)?.thread == "16.1")
    }

    @Test func whatProgramsSayAndWhatWasEditedIsNotHeard() throws {
        let extras: [JSON] = [
            ["bot_id": "B1"], ["subtype": "message_changed"], ["subtype": "message_deleted"],
            ["subtype": "bot_message"], ["subtype": "file_share"], ["edited": ["ts": "1.1"]], ["hidden": true],
        ]
        for extra in extras { #expect(try heard(Payload.event("yes", id: "Ev1", extra: extra)) == nil) }
        #expect(try heard(Payload.event("yes", user: Payload.bot, id: "Ev1")) == nil)
        #expect(try heard(Payload.event("yes", id: "Ev1", room: "C0OPS00000")) == nil, "it was said to others")
    }

    @Test func aChallengeIsSaidBack() throws {
        let body = Array("{\"type\":\"url_verification\",\"token\":\"t\",\"challenge\":\"3eZbrw1a\"}".utf8)
        #expect(try SlackEvent.read(body) == .challenge("3eZbrw1a"))
    }

    @Test(arguments: [
        "", "{", "[]", "{\"type\":\"event_callback\"}", "{\"type\":\"event_callback\",\"event_id\":7,\"event\":{}}",
        "{\"type\":\"url_verification\"}", String(repeating: "[", count: 100),
    ]) func whatIsNoEventIsAnErrorOrNothing(_ text: String) {
        do { #expect(try SlackEvent.read(Array(text.utf8)) == .nothing) } catch {
            #expect(error.domain == "channels")
        }
    }

    @Test(arguments: [
        ("a &amp; b &lt;c&gt;", "a & b <c>"), ("&amp;lt;", "&lt;"),
        ("<https://example.org/x?a=1&amp;b=2>", "https://example.org/x?a=1&b=2"),
        ("<http://example.org|example.org>", "example.org"),
        ("<https://evil.example|https://good.example>", "https://evil.example"),
        ("<#C123|general>", "#general"), ("<#C123>", "#C123"), ("<!channel>", "@channel"),
        ("<!subteam^S1|@sre>", "@sre"), ("<@U9|bob>", "@bob"), ("a < b", "a < b"), ("<", "<"), ("<>", ""),
        ("&amp", "&amp"), ("<mailto:a@b.org|a@b.org>", "a@b.org"),
    ]) func slacksTextIsReadAsItWasTyped(_ raw: String, _ typed: String) {
        #expect(SlackText.typed(raw, to: [], dropsFirstMention: false) == typed)
    }

    @Test(arguments: ["<!channel> & <@U1>", "plain", "a & b < c > d", "&lt;"]) func whatGoesOutCallsNobody(
        _ text: String
    ) {
        let escaped = SlackMarkup.escape(text)
        #expect(!escaped.contains("<") && !escaped.contains(">"))
        #expect(SlackText.typed(escaped, to: [], dropsFirstMention: false) == text)
    }

    @Test func whatIsTooLongForSlackIsCutWithAWord() {
        let cut = SlackMarkup.escape(String(repeating: "<é", count: 3000), limit: 3000)
        #expect(cut.unicodeScalars.count <= 3000 && cut.hasSuffix("… (cut)"))
        #expect(!cut.dropLast(8).hasSuffix("&"), "no escape is cut in two")
        #expect(SlackMarkup.escape("short", limit: 3000) == "short")
    }

    @Test func aPressIsReadFromItsForm() throws {
        let press = try #require(
            try SlackPress.read(Payload.press("gatehouse.approve", "k0k0k0k0k0", user: "U0BOB00000", thread: "16.1")))
        #expect(press.verb == .approve && press.code == "k0k0k0k0k0" && press.user == "U0BOB00000")
        #expect(press.room == "C0OPS00000" && press.thread == "16.1")
        #expect(try SlackPress.read(Payload.press("other.button", "k0", user: "U0BOB00000")) == nil)
    }

    @Test(arguments: [
        "", "payload", "payload=%7", "payload=%7B%7D&payload=%7B%7D", "other=%7B%7D", "payload=%FF", "payload=nothing",
    ]) func whatIsNoFormIsRefused(_ body: String) {
        #expect(throws: GatehouseError.self) { try SlackPress.read(Array(body.utf8)) }
    }

    @Test(arguments: [
        ("<at>Gatehouse</at> show findings", "show findings"),
        ("<at>Gatehouse</at>&nbsp;a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<p><at>Gatehouse</at> approve k0k0k0k0k0</p>\n", "approve k0k0k0k0k0"), ("&amp;lt;", "&lt;"),
        ("a<br>b", "a\nb"), ("1 < 2", "1 < 2"), ("&#39;x&#x27;", "'x'"),
        ("&#xD800;&#99999999999;", "&#xD800;&#99999999999;"),
        ("<at>never closed", "never closed"), ("<a href=\"https://evil.example\">here</a>", "here"),
    ]) func teamsTextIsReadAsItWasTyped(_ raw: String, _ typed: String) {
        #expect(MarkupText.plain(raw) == typed)
    }

    @Test func anActivityIsHeardUnlessItsTimeIsFarFromOurs() throws {
        let now = SignatureTests.now
        let body = Payload.activity("<at>G</at> hello", id: "1", user: "A11CE000-AA", time: now)
        let heard = try #require(try TeamsActivity.read(body, at: now))
        #expect(heard.text == "hello" && heard.user == "a11ce000-aa" && heard.id.hasSuffix(" 1"))
        #expect(throws: GatehouseError.unsigned) { try TeamsActivity.read(body, at: now + .seconds(301)) }
        #expect(throws: GatehouseError.unsigned) { try TeamsActivity.read(body, at: now - .seconds(301)) }
        #expect(try TeamsActivity.read(Payload.activity("x", id: "1"), at: now) != nil, "without a time")
    }

    @Test func aProgramsMessageNamesWhatItLacks() throws {
        #expect(try GenericMessage.read(Payload.said("hello", id: "1")).text == "hello")
        for (body, word) in [("{}", "id"), ("{\"id\":\"1\"}", "user"), ("{\"id\":\"1\",\"user\":\"u\"}", "text")] {
            let error = #expect(throws: GatehouseError.self) { try GenericMessage.read(Array(body.utf8)) }
            #expect(error?.message.contains("\"\(word)\"") ?? false)
        }
    }

    @Test(arguments: [
        ("approve k0k0k0k0k0", true), ("Deny K0K0K0K0K0", false),
    ]) func aVerdictIsTyped(_ text: String, _ approves: Bool) {
        #expect(TypedVerdict(text)?.approves == approves && TypedVerdict(text)?.code == "k0k0k0k0k0")
    }

    @Test(arguments: [
        "approve it", "approve k0k0k0k0k0 now", "please approve k0k0k0k0k0", "approve", "deny u0u0u0u0u0",
    ])
    func anythingElseIsNoVerdict(_ text: String) { #expect(TypedVerdict(text) == nil) }

    @Test func codesDifferAndAreCodes() {
        let codes = Set((0..<1000).map { _ in ChatCode.make() })
        #expect(codes.count == 1000 && codes.allSatisfy { ChatCode.isCode($0) })
    }
}
