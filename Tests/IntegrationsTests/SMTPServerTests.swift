import Core
import Foundation
import JSON
import TestSupport
import Testing

@testable import Integrations

/// A mail server that somebody else wrote (aiosmtpd), with TLS and sign-in, as a real process.
private final class MailPeer: Sendable {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
    static let isThere = (try? Python.run("import aiosmtpd, cryptography")) != nil

    let scratch = ScratchFolder()
    let port: Int
    private let process = Process()

    /// - Parameter mode: `starttls`, `implicit`, `plain`, or how it misbehaves.
    init(_ mode: String) async throws {
        let script = scratch.file("peer.py")
        try Self.script.write(toFile: script, atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [Self.python, script, scratch.path, mode]
        try process.run()
        let portFile = scratch.file("port")
        var found: Int?
        for _ in 0..<3000 where found == nil {
            let text = try? String(contentsOfFile: portFile, encoding: .utf8)
            found = text.flatMap { $0.hasSuffix("\n") ? Int($0.dropLast()) : nil }
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        port = try #require(found)
    }

    func stop() { process.end() }

    /// What was taken, as Python's own parser reads it.
    var mails: [JSON] {
        let text = (try? String(contentsOfFile: scratch.file("mails"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSON.parse(String($0)) }
    }

    func server(_ security: MailServer.Security, user: String? = nil, password: String? = nil, trusted: Bool = true)
        -> MailServer
    {
        MailServer(
            host: "127.0.0.1", port: port, security: security, user: user, password: password.map { Secret($0) },
            trustFile: trusted ? scratch.file("cert.pem") : nil, clientName: "gate.test")
    }

    static let script = #"""
        import datetime, email, email.policy, ipaddress, json, socket, ssl, sys, threading, time
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult, SMTP
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        folder, mode = sys.argv[1:3]

        def certificate():
            key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "mail.test")])
            now = datetime.datetime.now(datetime.timezone.utc)
            names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
            cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                .serial_number(7).not_valid_before(now - datetime.timedelta(hours=1))
                .not_valid_after(now + datetime.timedelta(hours=1)).add_extension(names, False)
                .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
            pem = serialization.Encoding.PEM
            open(folder + "/cert.pem", "wb").write(cert.public_bytes(pem))
            open(folder + "/key.pem", "wb").write(key.private_bytes(
                pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
            return context

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.startswith("no"): return "550 no such person"
                if address.startswith("busy"): return "451 come again"
                envelope.rcpt_tos.append(address)
                return "250 ok"

            async def handle_DATA(self, server, session, envelope):
                message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
                parts = {p.get_content_type(): p.get_content().replace("\r\n", "\n") for p in message.walk() if not p.is_multipart()}
                kept = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "options": envelope.mail_options,
                    "headers": {k: str(v) for k, v in message.items()}, "parts": parts, "tls": session.ssl is not None,
                    "user": session.auth_data, "defects": [str(d) for p in message.walk() for d in p.defects],
                    "raw": envelope.original_content.decode("latin-1"), "helo": session.host_name}
                with open(folder + "/mails", "a") as out: out.write(json.dumps(kept) + "\n")
                return "250 kept"

        def sign_in(server, session, envelope, mechanism, data):
            name, password = data.login.decode(), data.password.decode()
            ok = (name, password) == ("ada", "open" + "sesame")
            return AuthResult(success=ok, handled=ok, auth_data=name if ok else None)

        def rude(lines):
            """A server that says these lines, each after one of the client's, and then nothing or the end."""
            listening = socket.create_server(("127.0.0.1", 0))
            def serve():
                while True:
                    peer, _ = listening.accept()
                    try:
                        for number, line in enumerate(lines):
                            if number: peer.recv(4096)
                            peer.sendall(line)
                        if mode == "silent": time.sleep(60)
                    except OSError: pass
                    peer.close()
            threading.Thread(target=serve, daemon=True).start()
            return listening.getsockname()[1]

        tls = certificate()
        if mode in ("starttls", "implicit", "plain", "login"):
            smtps = {"server_kwargs": {}} if mode != "implicit" else {"ssl_context": tls}
            class Mine(Controller):
                def factory(self):
                    more = dict(tls_context=tls, require_starttls=True) if mode in ("starttls", "login") else {}
                    if mode == "login": more["auth_exclude_mechanism"] = ["PLAIN"]
                    return SMTP(self.handler, authenticator=sign_in, auth_require_tls=mode in ("starttls", "login"),
                        enable_SMTPUTF8=False, **more)
            probe = socket.create_server(("127.0.0.1", 0)); port = probe.getsockname()[1]; probe.close()
            controller = Mine(Handler(), hostname="127.0.0.1", port=port, **({"ssl_context": tls} if mode == "implicit" else {}))
            controller.start()
        elif mode == "injecting":
            port = rude([b"220 hi\r\n", b"250-hi\r\n250 STARTTLS\r\n", b"220 go\r\n250 injected\r\n"])
        elif mode == "flooding":
            port = rude([b"220-" + b"x" * 100000])
        elif mode == "silent":
            port = rude([b"220 hi\r\n"])
        else:
            port = rude([b"SSH-2.0-OpenSSH\r\n"])
        open(folder + "/port", "w").write(f"{port}\n")
        while True: time.sleep(60)
        """#
}

enum Python {
    /// - Returns: what it wrote. Throws where it failed.
    @discardableResult
    static func run(_ script: String, _ arguments: [String] = []) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3", "-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw GatehouseError("test", .internal, "python failed") }
        return String(decoding: output, as: UTF8.self)
    }
}

@Suite(
    "Mail to a server that somebody else wrote", .serialized,
    .enabled(if: MailPeer.isThere, "needs python with aiosmtpd and cryptography (GATEHOUSE_PYTHON)"),
    .timeLimit(.minutes(10)))
struct SMTPServerTests {
    private let password = "open" + "sesame"

    private func send(
        _ notice: Notice, to server: MailServer, _ recipients: [String] = ["ada@example.org"],
        within time: Duration = .seconds(60)
    ) async throws -> Verdict {
        let email = Email(
            server: server, from: try Mailbox("Gaté House <gate@example.org>"),
            to: try recipients.map { try Mailbox($0) })
        guard case .mail(let mail)? = try email.messages(for: notice, Sending(id: "snd_1")).first else {
            throw GatehouseError("test", .internal, "no mail")
        }
        return await SMTPClient(clock: SystemWallClock()).send(mail, to: server, within: time)
    }

    @Test("STARTTLS, sign-in and an 8-bit text arrive as they were", arguments: ["starttls", "login"])
    func starttls(_ mode: String) async throws {
        let peer = try await MailPeer(mode)
        defer { peer.stop() }
        let text = "Zeile é\n.\n..dots\nFrom here\n" + String(repeating: "日本", count: 50)
        let notice = try Notice(
            title: "Überlauf 日本語 <b>\r\nBcc: evil@example.org", text: text, severity: .high, dedupeKey: "k",
            facts: ["a": "b"])
        let server = peer.server(.starttls, user: "ada", password: password)
        #expect(try await send(notice, to: server, ["ada@example.org", "Bob B. <bob@example.org>"]) == .delivered(nil))
        let mail = try #require(peer.mails.first)
        #expect(mail["tls"] == true && mail["defects"] == [] && mail["helo"] == "gate.test")
        #expect(mail["from"] == "gate@example.org" && mail["to"] == ["ada@example.org", "bob@example.org"])
        #expect(mail["options"]?.array?.contains("BODY=8BITMIME") == true)
        let headers = mail["headers"]
        #expect(headers?["Subject"] == "[high] Überlauf 日本語 <b>  Bcc: evil@example.org" && headers?["Bcc"] == nil)
        #expect(headers?["From"] == "Gaté House <gate@example.org>" && headers?["Message-ID"] == "<snd_1@example.org>")
        let plain = mail["parts"]?["text/plain"]?.string ?? ""
        #expect(plain.contains(text), "\(plain.debugDescription)")
        #expect(mail["parts"]?["text/html"]?.string?.contains("&lt;b&gt;") == true)
        #expect(mail["raw"]?.string?.contains(password) == false)
    }

    @Test("TLS from the first byte") func implicit() async throws {
        let peer = try await MailPeer("implicit")
        defer { peer.stop() }
        let server = peer.server(.implicit, user: "ada", password: password)
        #expect(try await send(try Notices.plain("Hello"), to: server) == .delivered(nil))
        #expect(peer.mails.count == 1)
    }

    @Test("without TLS only what is not secret, and nothing where TLS was asked for") func plain() async throws {
        let peer = try await MailPeer("plain")
        defer { peer.stop() }
        let verdict = try await send(try Notices.plain("Hello"), to: peer.server(.none))
        #expect(verdict == .delivered(nil))
        let secret = peer.server(.none, user: "ada", password: password)
        guard case .refused = try await send(try Notices.plain("Hello"), to: secret) else { return missed() }
        guard case .refused = try await send(try Notices.plain("Hello"), to: peer.server(.starttls)) else {
            return missed()
        }
        #expect(peer.mails.count == 1)
    }

    @Test("a wrong password, an unknown person, a busy server and a stranger's certificate") func refused() async throws
    {
        let peer = try await MailPeer("starttls")
        defer { peer.stop() }
        let notice = try Notices.plain("Hello")
        let wrong = try await send(notice, to: peer.server(.starttls, user: "ada", password: "wrong"))
        guard case .refused(let why) = wrong, why.contains("535"), !why.contains("wrong") else { return missed() }
        let good = peer.server(.starttls, user: "ada", password: password)
        guard case .refused(let why) = try await send(notice, to: good, ["ada@example.org", "nobody@example.org"]),
            why.contains("nobody@example.org")
        else { return missed() }
        guard case .tryAgain = try await send(notice, to: good, ["busy@example.org"]) else { return missed() }
        let stranger = peer.server(.starttls, user: "ada", password: password, trusted: false)
        guard case .tryAgain = try await send(notice, to: stranger) else { return missed() }
        #expect(peer.mails.isEmpty)
    }

    @Test(
        "servers that inject, flood, are silent or are none",
        arguments: ["injecting", "flooding", "silent", "stranger"])
    func rude(_ mode: String) async throws {
        let peer = try await MailPeer(mode)
        defer { peer.stop() }
        let start = ContinuousClock.now
        let verdict = try await send(try Notices.plain("Hello"), to: peer.server(.starttls), within: .seconds(1))
        guard case .tryAgain(let why, _) = verdict else { return missed() }
        #expect(ContinuousClock.now - start < .seconds(20), "\(why)")
    }

    @Test("nobody there is a failure at once") func gone() async throws {
        let verdict = try await send(
            try Notices.plain("Hello"), to: MailServer(host: "127.0.0.1", port: 1, security: .none))
        guard case .tryAgain = verdict else { return missed() }
    }

    private func missed() { Issue.record("another outcome was expected") }
}

@Suite("Signatures", .enabled(if: (try? Python.run("pass")) != nil, "needs python3"))
struct SignatureTests {
    @Test("a signature is what Python's own HMAC makes of it") func signature() throws {
        let body = #"{"title":"é"}"#
        let value = WebhookSignature.value(
            of: Array(body.utf8), key: Secret(Notices.token), at: Timestamp(seconds: 1_795_169_472))
        let script = """
            import hashlib, hmac, sys
            key, header, body = sys.argv[1:4]
            t, v1 = (part.split("=", 1)[1] for part in header.split(","))
            expected = hmac.new(key.encode(), f"{t}.{body}".encode(), hashlib.sha256).hexdigest()
            print(t, hmac.compare_digest(expected, v1))
            """
        #expect(try Python.run(script, [Notices.token, value, body]) == "1795169472 True\n")
        #expect(try Python.run(script, [Notices.token + "x", value, body]) == "1795169472 False\n")
    }
}
