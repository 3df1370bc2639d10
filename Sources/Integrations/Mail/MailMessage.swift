import Core
import Crypto

/// A mail with its text in two forms (RFC 5322; RFC 2046, 5.1.4 `multipart/alternative`).
struct MailMessage: Sendable, Hashable {
    let from: Mailbox
    let to: [Mailbox]
    /// One line.
    let subject: String
    let text: String
    let html: String
    /// What stands before the @ in the message's id: the same however often it is sent, so that who gets it twice can tell.
    let id: String
    /// Of all messages on one thing: they refer to it, and mail programs show them together.
    let thread: String

    /// - Throws: `invalid` where something that goes into a header could begin another.
    init(from: Mailbox, to: [Mailbox], subject: String, text: String, html: String, id: String, thread: String)
        throws(GatehouseError)
    {
        for header in [subject, id, thread] where header.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw GatehouseError("integrations", .invalid, "a mail's header may not have line breaks in it")
        }
        (self.from, self.to, self.subject, self.text, self.html) = (from, to, subject, text, html)
        (self.id, self.thread) = (id, thread)
    }

    /// The whole message, its lines ended by CRLF and none longer than RFC 5322 allows.
    /// - Parameter allows8bit: whether the server takes bytes above 127 (8BITMIME, RFC 6152).
    func bytes(at time: Timestamp, allows8bit: Bool) -> [UInt8] {
        let boundary = boundary
        var lines = headers + ["Date: \(MailDate.text(time))", "MIME-Version: 1.0"]
        lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
        for (type, body) in [("text/plain", text), ("text/html", html)] {
            let (encoding, encoded) = TransferEncoding.encode(body, allows8bit: allows8bit)
            lines += ["--\(boundary)", "Content-Type: \(type); charset=utf-8"]
            lines += ["Content-Transfer-Encoding: \(encoding)", ""] + encoded
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// As people see it before it is sent.
    var shown: String { (headers.map { $0.split(separator: "\r\n").joined() } + ["", text]).joined(separator: "\n") }

    private var headers: [String] {
        [
            "From: \(from.header)", "To: \(to.map(\.header).joined(separator: ",\r\n "))",
            "Subject: \(EncodedWord.text(subject))", "Message-ID: <\(id)@\(from.domain)>",
            "In-Reply-To: <\(thread)@\(from.domain)>", "References: <\(thread)@\(from.domain)>",
            "Auto-Submitted: auto-generated",
        ]
    }

    /// Of a hash over both texts: no text has it in it.
    private var boundary: String {
        "gatehouse-" + Hex.encode(SHA256.hash(data: Array("\(id)\u{0}\(text)\u{0}\(html)".utf8)).prefix(16))
    }
}

/// RFC 5322, 3.3: `Fri, 20 Nov 2026 10:11:12 +0000`.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ time: Timestamp) -> String {
        // 1970-01-01 was a Thursday.
        let day = (time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds - 86_399) / 86_400) % 7
        let parts = time.description.split { "-T:.Z".contains($0) }
        guard parts.count >= 6, let month = Int(parts[1]), months.indices.contains(month - 1) else { return "" }
        let date = "\(parts[2]) \(months[month - 1]) \(parts[0])"
        return "\(days[Int((day + 7) % 7)]), \(date) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
    }
}

/// How a text is written in a message (RFC 2045, 6).
enum TransferEncoding {
    /// Bytes of a line, of the 998 that RFC 5322 allows.
    private static let longest = 900
    private static let base64Line = 76

    /// - Returns: the encoding's name, and the lines.
    static func encode(_ text: String, allows8bit: Bool) -> (name: String, lines: [String]) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A || $0 == 0x09) }
        let isShort = lines.allSatisfy { $0.utf8.count <= longest }
        let isSound = !text.utf8.contains { $0 == 0x0D || $0 == 0 }
        if isASCII, isShort { return ("7bit", lines) }
        if allows8bit, isShort, isSound { return ("8bit", lines) }
        return ("base64", base64(Array(lines.joined(separator: "\r\n").utf8)))
    }

    private static func base64(_ bytes: [UInt8]) -> [String] {
        let encoded = Array(Base64.encode(bytes).utf8)
        return stride(from: 0, to: encoded.count, by: base64Line).map { start in
            String(decoding: encoded[start..<min(encoded.count, start + base64Line)], as: UTF8.self)
        }
    }
}
