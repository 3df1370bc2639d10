import Core
import JSON

/// A notice in the Markdown of GitHub and GitLab. What it says may come from anywhere: it names nobody, commands nothing
/// and hides nothing there.
enum ForgeText {
    /// Keeps a word apart from what would give it a meaning, and is not seen.
    private static let apart: Unicode.Scalar = "\u{200B}"

    static func body(of notice: Notice, mark: String, limit: Int) -> String {
        let end = "\n\n" + footer(notice) + "\n\n" + mark
        return PlainText.cut(harmless(notice.text), to: max(1, limit - end.unicodeScalars.count)) + end
    }

    /// The send that made it, for who looks whether it did.
    static func mark(_ sendID: String) -> String { "<!-- gatehouse-send: \(sendID) -->" }

    /// The send that a body is marked with: the last mark counts, which is ours.
    static func origin(in body: String) -> String? {
        let (bytes, mark) = (Array(body.utf8), Array("<!-- gatehouse-send: ".utf8))
        guard bytes.count > mark.count else { return nil }
        for start in stride(from: bytes.count - mark.count, through: 0, by: -1)
        where bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark) {
            let id = bytes[(start + mark.count)...].prefix { $0 > 0x20 }
            return String(decoding: id, as: UTF8.self)
        }
        return nil
    }

    /// A slash at a line's start is a command (GitLab's "quick actions"), and `<!--` begins what is not shown.
    static func harmless(_ text: String) -> String {
        var out = ""
        var isLineStart = true
        for character in unreferring(text) {
            switch character {
            case "/" where isLineStart: out += "\\/"
            case "<": out += "&lt;"
            default: out.append(character)
            }
            isLineStart = character == "\n" || isLineStart && (character == " " || character == "\t")
        }
        return out
    }

    /// `@name`, `#12`, `!12`, `~label` and the like refer to people and other items, and `![` fetches a picture: the sign is
    /// set apart from what it would take.
    static func unreferring(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        var sign: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let sign, takes(sign, scalar) { out.append(apart) }
            let isSign = scalar == "#" || "@!&~%$".unicodeScalars.contains(scalar) && !isWord(previous)
            sign = isSign ? scalar : nil
            out.append(scalar)
            previous = scalar
        }
        return String(out)
    }

    private static func takes(_ sign: Unicode.Scalar, _ next: Unicode.Scalar) -> Bool {
        isWord(next) || next == "\"" || sign == "!" && next == "["
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }

    private static func footer(_ notice: Notice) -> String {
        var line = "**Severity:** \(notice.severity.rawValue) · **Kind:** \(notice.kind.rawValue)"
        if notice.state != .open { line += " · **State:** \(notice.state.rawValue)" }
        if let link = notice.link { line += "\n\n<\(link.split(separator: ">").joined(separator: "%3E"))>" }
        guard notice.facts.object?.isEmpty == false else { return line }
        let facts = notice.facts.text(pretty: true)
        guard facts.utf8.count <= 16 << 10 else { return line }
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: facts) + 1))
        return "\(line)\n\n\(fence)json\n\(facts)\n\(fence)"
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for other in text {
            run = other == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
