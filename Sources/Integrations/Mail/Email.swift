import Core

/// Mail, by a server that takes it (RFC 5321). A mail that comes twice has the same Message-ID; mails on one dedupe key
/// refer to one thread.
struct Email: Integration {
    static let id = "integrations.email"

    let server: MailServer
    let from: Mailbox
    let to: [Mailbox]

    let dedupe = Deduplication.id

    func messages(for notice: Notice, _ sending: Sending) throws(GatehouseError) -> [Outbound] {
        let state = notice.state == .open ? "" : "\(notice.state.rawValue): "
        let mail = try MailMessage(
            from: from, to: to,
            subject: "[\(notice.severity.rawValue)] \(state)\(PlainText.cut(notice.title, to: 300))",
            text: MailText.plain(notice), html: MailText.html(notice), id: sending.id,
            thread: DedupeMark.label(notice.dedupeKey))
        return [.mail(mail)]
    }
}

/// Where mail is handed over.
struct MailServer: Sendable, Hashable {
    enum Security: String, Sendable, Hashable, CaseIterable {
        /// The connection is secured before anything is said about who sends (RFC 3207); without that nothing is sent.
        case starttls
        /// TLS from the first byte (RFC 8314).
        case implicit
        /// In the clear, without authentication: within one's own network only.
        case none
    }

    let host: String
    let port: Int
    var security = Security.starttls
    var user: String?
    var password: Secret?
    /// A file with the certificates that are trusted instead of the system's.
    var trustFile: String?
    /// What this side calls itself.
    var clientName = "localhost"
}
