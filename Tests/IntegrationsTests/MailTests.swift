import Core
import JSON
import Testing

@testable import Integrations

@Suite("Mails") struct MailTests {
    private static func mail(_ notice: Notice, to: [String] = ["ada@example.org"]) throws -> MailMessage {
        let email = Email(
            server: MailServer(host: "mail.example.org", port: 587), from: try Mailbox("Gatehouse <gate@example.org>"),
            to: try to.map { try Mailbox($0) })
        guard case .mail(let mail)? = try email.messages(for: notice, Sending(id: "snd_1")).first else {
            throw GatehouseError("test", .internal, "no mail")
        }
        return mail
    }

    @Test("a mail, byte by byte") func bytes() throws {
        let notice = try Notice(title: "Disk is full", text: "On a\n.hidden", dedupeKey: "k", state: .resolved)
        let mail = try Self.mail(notice)
        let bytes = mail.bytes(at: Timestamp("2026-11-20T10:11:12Z") ?? Timestamp(seconds: 0), allows8bit: true)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(9) == [
                "From: Gatehouse <gate@example.org>", "To: ada@example.org", "Subject: [info] resolved: Disk is full",
                "Message-ID: <snd_1@example.org>", "In-Reply-To: <\(DedupeMark.label("k"))@example.org>",
                "References: <\(DedupeMark.label("k"))@example.org>", "Auto-Submitted: auto-generated",
                "Date: Fri, 20 Nov 2026 10:11:12 +0000", "MIME-Version: 1.0",
            ])
        #expect(lines.contains("Content-Transfer-Encoding: 7bit") && lines.contains(".hidden"))
        #expect(bytes == mail.bytes(at: Timestamp("2026-11-20T10:11:12Z") ?? Timestamp(seconds: 0), allows8bit: false))
        let stuffed = String(decoding: SMTPConversation.stuffed(bytes), as: UTF8.self)
        #expect(stuffed.contains("\r\n..hidden\r\n") && stuffed.hasSuffix("\r\n.\r\n"))
    }

    @Test("days have their names, also before 1970") func dates() {
        for (time, text) in [
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
            ("2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 +0000"),
            ("1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
            ("1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 +0000"),
        ] { #expect(Timestamp(time).map(MailDate.text) == text) }
    }

    @Test("nothing that is told begins a header of its own, or a recipient")
    func injection() throws {
        let evil = "hi\r\nBcc: everyone@example.org\r\n\r\nbody"
        let mail = try Self.mail(try Notice(title: evil, text: evil, dedupeKey: "k"))
        let bytes = mail.bytes(at: Timestamp(seconds: 0), allows8bit: true)
        let head = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n\r\n")[0]
        #expect(!head.contains("\r\nBcc"))
        for address in [
            "a@b\r\nRCPT TO:<x@y>", "a b@c", "a@b> BODY=8BITMIME", "<a@b>x", "a@@b", "@b", "a@", "a@-b", "a@b..c",
            ".a@b",
            "é@b.org", "a@b.org\u{0}", "x\n<a@b.org>", String(repeating: "a", count: 65) + "@b.org",
        ] { #expect(throws: GatehouseError.self, "\(address)") { try Mailbox(address) } }
        #expect(throws: GatehouseError.self) {
            try MailMessage(
                from: try Mailbox("a@b"), to: [], subject: "a\r\nBcc: x@y", text: "", html: "", id: "1", thread: "2")
        }
    }

    @Test("headers beyond ASCII are encoded words, none longer than 75 characters") func words() {
        #expect(EncodedWord.text("Plain") == "Plain")
        #expect(EncodedWord.text("Überlauf") == "=?UTF-8?B?w5xiZXJsYXVm?=")
        #expect(EncodedWord.text("=?UTF-8?B?eA==?=").hasPrefix("=?UTF-8?B?PT9V"))
        let words = EncodedWord.text(String(repeating: "日本語", count: 40)).split(separator: "\r\n ")
        #expect(words.count > 1 && words.allSatisfy { $0.utf8.count <= 75 })
        #expect(EncodedWord.phrase("Ada \"x\" <y>").hasPrefix("=?UTF-8?B?"))
    }

    @Test("long and 8-bit lines are carried by base64 where nothing else can") func encodings() {
        let long = String(repeating: "x", count: 2000)
        #expect(TransferEncoding.encode(long, allows8bit: true).name == "base64")
        #expect(TransferEncoding.encode("é", allows8bit: true).name == "8bit")
        let (name, lines) = TransferEncoding.encode("é\nè", allows8bit: false)
        #expect(name == "base64" && lines == ["w6kNCsOo"])
        #expect(TransferEncoding.encode(long, allows8bit: false).lines.allSatisfy { $0.count <= 76 })
    }

    @Test("a page has nothing in it that is run") func html() throws {
        let html = MailText.html(try Notice(title: "<script>", text: "\"a\" & 'b'\n\n- <img>", dedupeKey: "k"))
        #expect(html.contains("&lt;script&gt;") && html.contains("<li>&lt;img&gt;</li>") && !html.contains("<script"))
        #expect(html.contains("&quot;a&quot; &amp; &#39;b&#39;"))
    }
}

@Suite("Mail servers' replies") struct SMTPReplyTests {
    private func read(_ text: String) throws -> [SMTPReply] {
        var parser = SMTPReplyParser()
        return try parser.push(Array(text.utf8))
    }

    @Test("replies of one line and of several, wherever they are cut") func cut() throws {
        let text = "220 mail ready\r\n250-mail\r\n250-STARTTLS\r\n250 SIZE 100\r\n354\r\n"
        let whole = try read(text)
        #expect(whole.map(\.code) == [220, 250, 354] && whole[1].lines == ["mail", "STARTTLS", "SIZE 100"])
        var parser = SMTPReplyParser()
        var bytewise: [SMTPReply] = []
        for byte in text.utf8 { bytewise += try parser.push([byte]) }
        #expect(bytewise == whole && parser.isEmpty)
    }

    @Test(
        "what is no reply is refused",
        arguments: [
            "abc\r\n", "25\r\n", "2500 x\r\n", "250-a\r\n251 b\r\n", "199 x\r\n", "600 x\r\n", "\r\n", "250_x\r\n",
        ])
    func malformed(_ text: String) { #expect(throws: GatehouseError.self) { try read(text) } }

    @Test("endless lines and replies are refused") func endless() {
        #expect(throws: GatehouseError.self) { try read("250 " + String(repeating: "x", count: 3000)) }
        #expect(throws: GatehouseError.self) { try read(String(repeating: "250-x\r\n", count: 101)) }
        #expect(throws: GatehouseError.self) { try read(String(repeating: "250 x\r\n", count: 102)) }
    }
}

@Suite("A conversation with a mail server") struct SMTPConversationTests {
    private func conversation(
        _ security: SMTPConversation.Security = .starttls, login: SMTPConversation.Login? = nil, to: [String] = ["b@c"]
    ) -> SMTPConversation {
        SMTPConversation(
            .init(from: "a@b", to: to) { Array(($0 ? "8" : "7").utf8) }, security: security, login: login,
            clientName: "me")
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply { SMTPReply(code: code, lines: lines) }
    private func sent(_ text: String) -> SMTPConversation.Action { .send(Array(text.utf8)) }

    @Test("greeting, TLS, greeting again, sign-in, envelope, content") func whole() {
        var talk = conversation(login: .init(user: "ada", password: Secret("open" + "sesame")), to: ["b@c", "d@e"])
        #expect(talk.received(reply(220, "hi")) == sent("EHLO me\r\n"))
        #expect(talk.received(reply(250, "x", "AUTH PLAIN", "STARTTLS")) == sent("STARTTLS\r\n"))
        #expect(talk.received(reply(220, "go")) == .startTLS)
        #expect(talk.secured() == sent("EHLO me\r\n"))
        #expect(
            talk.received(reply(250, "x", "8BITMIME", "SIZE 1000", "auth login plain"))
                == sent("AUTH PLAIN AGFkYQBvcGVuc2VzYW1l\r\n"))
        #expect(talk.received(reply(235, "in")) == sent("MAIL FROM:<a@b> BODY=8BITMIME\r\n"))
        #expect(talk.received(reply(250, "ok")) == sent("RCPT TO:<b@c>\r\n"))
        #expect(talk.received(reply(250, "ok")) == sent("RCPT TO:<d@e>\r\n"))
        #expect(talk.received(reply(251, "ok")) == sent("DATA\r\n"))
        #expect(talk.received(reply(354, "go")) == sent("8\r\n.\r\n"))
        #expect(talk.received(reply(250, "queued")) == .finish(.delivered("250 queued")))
    }

    @Test("a server without TLS gets nothing, and no password goes over what is not secured") func refusals() {
        var talk = conversation()
        _ = talk.received(reply(220, "hi"))
        #expect(talk.received(reply(250, "x", "AUTH PLAIN")) == .finish(.refused("the server does not offer STARTTLS")))
        var plain = conversation(.none, login: .init(user: "ada", password: Secret("open" + "sesame")))
        _ = plain.received(reply(220, "hi"))
        guard case .finish(.refused) = plain.received(reply(250, "x", "AUTH PLAIN")) else {
            Issue.record("it went on")
            return
        }
    }

    @Test("offers from before TLS do not count after it") func forgotten() {
        var talk = conversation()
        _ = talk.received(reply(220, "hi"))
        _ = talk.received(reply(250, "x", "STARTTLS", "8BITMIME"))
        _ = talk.received(reply(220, "go"))
        _ = talk.secured()
        #expect(talk.received(reply(250, "x")) == sent("MAIL FROM:<a@b>\r\n"))
    }

    @Test("AUTH LOGIN where there is no PLAIN; a refusal is for good, and busy is not") func login() {
        var talk = conversation(.implicit, login: .init(user: "ada", password: Secret("open" + "sesame")))
        _ = talk.received(reply(220, "hi"))
        #expect(talk.received(reply(250, "x", "AUTH LOGIN")) == sent("AUTH LOGIN\r\n"))
        #expect(talk.received(reply(334, "VXNlcm5hbWU6")) == sent("YWRh\r\n"))
        #expect(talk.received(reply(334, "UGFzc3dvcmQ6")) == sent("b3BlbnNlc2FtZQ==\r\n"))
        var busy = talk
        #expect(talk.received(reply(535, "no")) == .finish(.refused("the mail server answered 535 no")))
        #expect(busy.received(reply(454, "later")) == .finish(.tryAgain("the mail server answered 454 later")))
    }

    @Test("one recipient that is refused refuses the mail, and is named; a mail that is too large is not begun")
    func envelope() {
        var talk = conversation(.none, to: ["b@c", "no@c"])
        _ = talk.received(reply(220, "hi"))
        var small = talk
        _ = talk.received(reply(250, "x"))
        _ = talk.received(reply(250, "ok"))
        _ = talk.received(reply(250, "ok"))
        #expect(
            talk.received(reply(550, "unknown"))
                == .finish(.refused("the mail server answered 550 unknown to the recipient no@c")))
        #expect(small.received(reply(250, "x", "SIZE 0")) == sent("MAIL FROM:<a@b>\r\n"))
        var tiny = SMTPConversation(
            .init(from: "a@b", to: ["b@c"]) { _ in Array("much too long".utf8) }, security: .none, login: nil,
            clientName: "me")
        _ = tiny.received(reply(220, "hi"))
        #expect(
            tiny.received(reply(250, "x", "SIZE 5"))
                == .finish(.refused("the server takes 5 bytes, and the mail has 13")))
    }

    @Test("dots are doubled, line ends made whole, and no text ends the message") func stuffing() {
        func stuffed(_ text: String) -> String {
            String(decoding: SMTPConversation.stuffed(Array(text.utf8)), as: UTF8.self)
        }
        #expect(stuffed(".a\r\n..b\r\n.") == "..a\r\n...b\r\n..\r\n.\r\n")
        #expect(stuffed("a\n.\nb\r.\rc") == "a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n")
        #expect(stuffed("") == ".\r\n")
        #expect(stuffed("a\r\n\r\nb") == "a\r\n\r\nb\r\n.\r\n")
    }
}
