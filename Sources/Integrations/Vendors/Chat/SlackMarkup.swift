/// Text for Slack (api.slack.com, "Formatting text for app surfaces"): `&`, `<` and `>` are escaped, so that nothing in it is
/// read as a mention, a link or an escape.
package enum SlackMarkup {
    private static let note = " … (cut)"

    package static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The same, in so many code points at the most; what is cut says that it is.
    package static func escape(_ text: String, limit: Int) -> String {
        let whole = escape(text)
        guard whole.unicodeScalars.count > limit else { return whole }
        var (out, left) = (String.UnicodeScalarView(), limit - note.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            let piece = escape(String(scalar)).unicodeScalars
            guard piece.count <= left else { break }
            left -= piece.count
            out.append(contentsOf: piece)
        }
        return String(out) + note
    }
}
