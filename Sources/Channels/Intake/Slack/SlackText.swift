/// Slack's form of text (api.slack.com, "Formatting text for app surfaces"): `&`, `<` and `>` are escaped, and what Slack
/// knows stands between angle brackets.
enum SlackText {
    /// What somebody typed.
    /// - Parameter own: ids of the one who is spoken to: mentions of them are left out, as is one at the beginning.
    static func typed(_ text: String, to own: Set<String>, dropsFirstMention: Bool) -> String {
        var reader = SlackTextReader(bytes: Array(text.utf8), own: own, dropsMention: dropsFirstMention)
        let words = reader.read()
        return String(words.drop { $0 == " " || $0 == "\n" })
    }
}

private struct SlackTextReader {
    let bytes: [UInt8]
    let own: Set<String>
    var dropsMention: Bool
    /// So that what opens and never closes is not looked for again and again.
    private let lastClose: Int
    private var position = 0
    private var out: [UInt8] = []

    init(bytes: [UInt8], own: Set<String>, dropsMention: Bool) {
        (self.bytes, self.own, self.dropsMention) = (bytes, own, dropsMention)
        lastClose = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
    }

    mutating func read() -> String {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "<"), position < lastClose,
                let end = bytes[position...].firstIndex(of: UInt8(ascii: ">"))
            {
                take(bytes[(position + 1)..<end])
                position = end + 1
            } else if byte == UInt8(ascii: "&"), let (plain, length) = escape(at: position) {
                out.append(plain)
                position += length
            } else {
                out.append(byte)
                position += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Each escape is undone once: what comes of it is not looked at again.
    private func escape(at start: Int) -> (UInt8, Int)? {
        for (name, plain) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] as [(String, Unicode.Scalar)]
        where bytes[start...].starts(with: name.utf8) {
            return (UInt8(ascii: plain), name.utf8.count)
        }
        return nil
    }

    /// `@U…`, `#C…|name`, `!word`, `url|label`.
    private mutating func take(_ inner: ArraySlice<UInt8>) {
        let parts = inner.split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        let label = parts.count > 1 && !parts[1].isEmpty ? unescaped(parts[1]) : nil
        let body = unescaped((parts.first ?? []).dropFirst())
        switch inner.first {
        case UInt8(ascii: "@"): mention(body, label)
        case UInt8(ascii: "#"): out += "#\(label ?? body)".utf8
        case UInt8(ascii: "!"):
            let word = label ?? String(body.split(separator: "^").first ?? "")
            out += (word.hasPrefix("@") ? word : "@\(word)").utf8
        default: link(unescaped(parts.first ?? []), label)
        }
    }

    private mutating func mention(_ user: String, _ label: String?) {
        let isFirst = out.allSatisfy { $0 == 0x20 }
        if own.contains(user) || dropsMention && isFirst {
            dropsMention = false
            return
        }
        out += "@\(label ?? user)".utf8
    }

    /// Slack makes links of names with a dot: those are given back as they were typed, all others as where they lead.
    private mutating func link(_ url: String, _ label: String?) {
        let isTyped = ["http://", "https://", "mailto:"].contains { scheme in label.map { scheme + $0 } == url }
        out += (isTyped ? label ?? url : url).utf8
    }

    private func unescaped(_ piece: ArraySlice<UInt8>) -> String {
        var inner = SlackTextReader(bytes: piece.filter { $0 != UInt8(ascii: "<") }, own: [], dropsMention: false)
        return inner.read()
    }
}
