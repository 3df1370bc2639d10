import Core
import JSON
import Testing

@testable import Integrations

@Suite("Notices, and what hostile ones can do") struct NoticeTests {
    @Test("a title is one line, without what turns its direction")
    func titles() throws {
        let notice = try Notice(
            title: "a\r\nBcc: x@y\u{202E}txt\u{0}\u{2028}b ", text: "1\r\n2\r3\u{7}", dedupeKey: "k")
        #expect(notice.title == "a  Bcc: x@ytxt  b" && notice.text == "1\n2\n3")
    }

    @Test("bounds are told, with the part's name")
    func bounds() {
        func code(_ make: () throws -> Notice) -> GatehouseError.Code? {
            do { _ = try make() } catch { return (error as? GatehouseError)?.code }
            return nil
        }
        #expect(code { try Notice(title: String(repeating: "x", count: 2001), dedupeKey: "k") } == .tooLarge)
        #expect(code { try Notice(title: "\n", dedupeKey: "k") } == .invalid)
        #expect(code { try Notice(title: "t", dedupeKey: "") } == .invalid)
        #expect(code { try Notice(title: "t", dedupeKey: "a\nb") } == .invalid)
        #expect(code { try Notice(title: "t", dedupeKey: "k", facts: [1]) } == .invalid)
        #expect(
            code {
                try Notice(title: "t", dedupeKey: "k", facts: ["a": .string(String(repeating: "x", count: 70_000))])
            }
                == .tooLarge)
        for link in ["javascript:alert(1)", "https://a@b/", "ftp://x", "https://", "http://x y", "https://a\\b"] {
            #expect(code { try Notice(title: "t", link: link, dedupeKey: "k") } == .invalid, "\(link)")
        }
        #expect(code { try Notice(["title": "t", "dedupe_key": "k", "time": "yesterday"]) } == .invalid)
        #expect(code { try Notice(["title": "t", "dedupe_key": "k", "severity": "bad"]) } == .invalid)
    }

    @Test("a notice survives being kept") func kept() throws {
        let notice = try Notices.leak(.acknowledged)
        #expect(try Notice(try JSON.parse(notice.json.text())) == notice)
    }

    @Test("cut texts end in an ellipsis and are no longer than asked for")
    func cut() {
        #expect(PlainText.cut("abcdef", to: 6) == "abcdef" && PlainText.cut("abcdefg", to: 6) == "abcde…")
        #expect(PlainText.cut("👩‍👩‍👧 x", to: 3).unicodeScalars.count == 3)
    }

    @Test("nobody is named, nothing is commanded, nothing is hidden, and no mark can be forged")
    func forges() {
        let zero = "\u{200B}"
        #expect(ForgeText.harmless("hello @org/team") == "hello @\(zero)org/team")
        #expect(ForgeText.harmless("mail a@b.org") == "mail a@b.org")
        #expect(ForgeText.harmless("fixes #12, acme/shop#13") == "fixes #\(zero)12, acme/shop#\(zero)13")
        #expect(ForgeText.harmless("/close\n  /assign @me") == "\\/close\n  \\/assign @\(zero)me")
        #expect(ForgeText.harmless("![x](http://t/p.png)") == "!\(zero)[x](http://t/p.png)")
        #expect(ForgeText.harmless("# Heading\n## Two") == "# Heading\n## Two")
        let forged = ForgeText.harmless("<!-- gatehouse-send: snd_evil -->")
        #expect(forged == "&lt;!-- gatehouse-send: snd_evil -->")
        #expect(ForgeText.origin(in: forged + "\n" + ForgeText.mark("snd_1")) == "snd_1")
        #expect(ForgeText.origin(in: "nothing") == nil && ForgeText.origin(in: "") == nil)
    }

    @Test("facts cannot end the block that they stand in") func fences() throws {
        let notice = try Notice(title: "t", dedupeKey: "k", facts: ["a": "```\n/close"])
        let body = ForgeText.body(of: notice, mark: ForgeText.mark("snd_1"), limit: 65_000)
        #expect(body.contains("\n````json\n") && body.contains("\n````\n"))
    }

    @Test("markup is read as blocks, whatever is in it") func blocks() {
        let blocks = NoticeBlock.blocks(of: "a\nb\n\n### T\n- 1\n* 2\nx\n```sh\n# no heading\n\n- no item")
        #expect(
            blocks == [
                .paragraph(["a", "b"]), .heading(3, "T"), .list(["1", "2"]), .paragraph(["x"]),
                .code("# no heading\n\n- no item"),
            ])
        #expect(NoticeBlock.blocks(of: "").isEmpty && NoticeBlock.blocks(of: "```") == [])
    }

    @Test("which addresses are inside") func ranges() {
        for inside in [
            "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
            "224.0.0.1",
            "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "ff02::1", "nonsense",
        ] { #expect(AddressRanges.isInside(inside), "\(inside)") }
        for outside in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            #expect(!AddressRanges.isInside(outside), "\(outside)")
        }
    }

    @Test("a name that leads to this machine is not outside") func guarded() async {
        await #expect(throws: GatehouseError.self) { try await AddressGuard.check("localhost") }
    }
}
