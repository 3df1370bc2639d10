import Core

/// A place that notices go to, as the configuration names it.
struct Destination: Sendable {
    let name: String
    let kind: DestinationKind
    let integration: any Integration
    /// What its address is, without anything that is secret.
    let shownAddress: String
    /// Looked up before anything is sent; nil where the operator says that it is their own.
    let checkedHost: String?
    var mailServer: MailServer?
    /// Of one message.
    let timeout: Duration
    /// Labels that what is sent there may have.
    let clearance: Set<Label>
    /// All that must not be said of it.
    let secrets: [Secret]

    /// Takes its secrets out of a text, such as an answer that repeats them.
    func scrub(_ text: String) -> String {
        secrets.reduce(text) { text, secret in Self.without(secret.expose(), in: text) }
    }

    private static func without(_ secret: String, in text: String) -> String {
        let (bytes, wanted) = (Array(text.utf8), Array(secret.utf8))
        guard wanted.count >= 4, bytes.count >= wanted.count else { return text }
        var out: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: wanted) {
                out += "[redacted]".utf8
                position += wanted.count
            } else {
                out.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
