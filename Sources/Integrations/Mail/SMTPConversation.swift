import Core

/// One mail handed to a server, as a state machine: it is told what the server replied and says what to do next. What
/// reads, writes and secures the connection stands outside.
///
/// All recipients take the mail or nobody does: who is missing would otherwise go unnoticed.
struct SMTPConversation: Sendable {
    /// What is handed over.
    struct Envelope: Sendable {
        var from: String
        var to: [String]
        /// The message, by whether the server takes bytes above 127.
        var message: @Sendable (_ allows8bit: Bool) -> [UInt8]
    }

    enum Security: Sendable, Hashable { case starttls, implicit, none }

    struct Login: Sendable {
        var user: String
        var password: Secret
    }

    enum Action: Sendable, Hashable {
        case send([UInt8])
        /// Secure the connection, then call ``secured()``.
        case startTLS
        case finish(Outcome)
    }

    enum Outcome: Sendable, Hashable {
        case delivered(String)
        case tryAgain(String)
        case refused(String)
    }

    private enum Stage: Sendable, Hashable {
        case greeting, hello, tls, user, password, login, from, to(Int), data, content
    }

    private let envelope: Envelope
    private let security: Security
    private let login: Login?
    private let clientName: String
    private var stage = Stage.greeting
    private var isSecured: Bool
    /// What the server offers, in upper case; the keyword first.
    private var offers: [[Substring]] = []

    init(_ envelope: Envelope, security: Security, login: Login?, clientName: String) {
        self.envelope = envelope
        self.security = security
        self.login = login
        self.clientName = clientName
        isSecured = security == .implicit
    }

    /// What was said before the connection was secured counts no more (RFC 3207, 4.2).
    mutating func secured() -> Action {
        isSecured = true
        offers = []
        return go(to: .hello, "EHLO \(clientName)")
    }

    mutating func received(_ reply: SMTPReply) -> Action {
        switch (stage, reply.code) {
        case (.greeting, 220): return go(to: .hello, "EHLO \(clientName)")
        case (.hello, 250): return greeted(reply)
        case (.tls, 220): return .startTLS
        case (.user, 334): return go(to: .password, Base64.encode(Array((login?.user ?? "").utf8)))
        case (.password, 334): return go(to: .login, Base64.encode(Array((login?.password.expose() ?? "").utf8)))
        case (.login, 235): return begin()
        case (.from, 250): return recipient(0)
        case (.to(let index), 250), (.to(let index), 251): return recipient(index + 1)
        case (.data, 354):
            stage = .content
            return .send(Self.stuffed(envelope.message(takes("8BITMIME"))))
        case (.content, 250): return .finish(.delivered(reply.text))
        default: return .finish(failure(reply))
        }
    }

    private mutating func greeted(_ reply: SMTPReply) -> Action {
        offers = reply.lines.dropFirst().map { $0.uppercased().split(separator: " ") }
        if !isSecured, security == .starttls {
            guard takes("STARTTLS") else { return .finish(.refused("the server does not offer STARTTLS")) }
            return go(to: .tls, "STARTTLS")
        }
        return login == nil ? begin() : authenticate()
    }

    /// By PLAIN (RFC 4616) or else LOGIN; a password never goes over a connection that is not secured.
    private mutating func authenticate() -> Action {
        guard let login, isSecured else {
            return .finish(.refused("the connection is not secured, and no password is sent over it"))
        }
        let methods = offers.first { $0.first == "AUTH" }?.dropFirst() ?? []
        if methods.contains("PLAIN") {
            let words = "\u{0}\(login.user)\u{0}\(login.password.expose())"
            return go(to: .login, "AUTH PLAIN \(Base64.encode(Array(words.utf8)))")
        }
        guard methods.contains("LOGIN") else {
            return .finish(.refused("the server takes neither AUTH PLAIN nor AUTH LOGIN"))
        }
        return go(to: .user, "AUTH LOGIN")
    }

    private mutating func begin() -> Action {
        let size = envelope.message(takes("8BITMIME")).count
        if let limit = offers.first(where: { $0.first == "SIZE" })?.dropFirst().first.flatMap({ Int($0) }), limit > 0,
            size > limit
        {
            return .finish(.refused("the server takes \(limit) bytes, and the mail has \(size)"))
        }
        return go(to: .from, "MAIL FROM:<\(envelope.from)>" + (takes("8BITMIME") ? " BODY=8BITMIME" : ""))
    }

    private mutating func recipient(_ index: Int) -> Action {
        guard index < envelope.to.count else { return go(to: .data, "DATA") }
        return go(to: .to(index), "RCPT TO:<\(envelope.to[index])>")
    }

    private mutating func go(to next: Stage, _ command: String) -> Action {
        stage = next
        return .send(Array("\(command)\r\n".utf8))
    }

    private func takes(_ keyword: Substring) -> Bool { offers.contains { $0.first == keyword } }

    /// 5xx is for good (RFC 5321, 4.2.1), all else may pass.
    private func failure(_ reply: SMTPReply) -> Outcome {
        var what = "the mail server answered \(reply.text)"
        if case .to(let index) = stage, index < envelope.to.count { what += " to the recipient \(envelope.to[index])" }
        return (500...599).contains(reply.code) ? .refused(what) : .tryAgain(what)
    }

    /// A dot at a line's start is doubled, and one on a line of its own ends the message (RFC 5321, 4.5.2). A line feed or
    /// carriage return that stands alone becomes a whole line end: some servers see an end of the message in such.
    static func stuffed(_ message: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(message.count + 64)
        var isLineStart = true
        var last: UInt8 = 0
        for byte in message {
            defer { last = byte }
            if byte == 0x0A, last == 0x0D { continue }
            if byte == 0x0A || byte == 0x0D {
                out += [0x0D, 0x0A]
                isLineStart = true
                continue
            }
            if isLineStart, byte == UInt8(ascii: ".") { out.append(byte) }
            out.append(byte)
            isLineStart = false
        }
        if !isLineStart { out += [0x0D, 0x0A] }
        return out + Array(".\r\n".utf8)
    }
}
