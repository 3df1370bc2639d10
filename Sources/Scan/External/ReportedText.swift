import Formats
import Privacy

/// Texts of other tools, made fit to be shown: printable, short, and without what might be a secret.
struct ReportedText {
    let secrets: KnownSecrets

    /// One line; nil where nothing is left, or a secret stands in it.
    func line(_ text: String?, limit: Int) -> String? {
        guard let text, !text.isEmpty else { return nil }
        let words = text.utf8.prefix(4 * limit).split { $0 <= 0x20 }
        let joined = Printable.text(words.joined(separator: [0x20]))
        guard !joined.isEmpty, !secrets.areIn(joined) else { return nil }
        return joined.count > limit ? joined.prefix(limit - 1) + "…" : joined
    }

    /// A message about one place, in which tools quote what stands there: what is quoted is left out.
    func message(_ text: String?) -> String? { line(text.map(Self.withoutQuotations), limit: 400) }

    /// `named 'x y'` becomes `named '…'`; an apostrophe within a word is none.
    static func withoutQuotations(_ text: String) -> String {
        let marks: [UInt8] = [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`")]
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            out.append(byte)
            position += 1
            guard marks.contains(byte), out.count < 2 || !isWord(out[out.count - 2]) else { continue }
            // To the last mark of its kind that ends a word: a quotation may hold others.
            guard let end = bytes[position...].lastIndex(where: { $0 == byte }) else {
                // It never ends: all that follows is quoted.
                out += "…".utf8
                break
            }
            var close = position
            while close < end, bytes[close] != byte || (close + 1 < bytes.count && isWord(bytes[close + 1])) {
                close += 1
            }
            out += "…".utf8
            out.append(byte)
            position = close + 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
    }
}
