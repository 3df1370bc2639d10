/// Texts that come from people, tools, models and repositories, as they may be shown: data, and never more than that.
enum PlainText {
    /// Without control characters and without those that turn, join or hide others; line feeds and tabs stay.
    static func cleaned(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" { out.append(scalar) } else if !isHidden(scalar) { out.append(scalar) }
        }
        return String(out)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// At most so many bytes of UTF-8; what is cut says that it is.
    static func cut(_ text: String, limit: Int) -> String {
        let whole = text.utf8.count
        guard whole > limit else { return text }
        let note = " … (cut, \(whole) bytes in all)"
        var kept = text.prefix(limit)
        while kept.utf8.count > max(0, limit - note.utf8.count) { kept.removeLast() }
        return kept + note
    }

    /// Cleaned and cut, in one line.
    static func line(_ text: String, limit: Int) -> String {
        let words = cleaned(cutBefore(text, limit)).split(whereSeparator: \.isWhitespace)
        return cut(words.joined(separator: " "), limit: limit)
    }

    /// Cleaned and cut, with its lines.
    static func block(_ text: String, limit: Int) -> String { cut(cleaned(cutBefore(text, limit)), limit: limit) }

    /// So that no more is looked at than is kept, at the most four times as many bytes.
    private static func cutBefore(_ text: String, _ limit: Int) -> String {
        text.utf8.count > limit * 4 ? String(decoding: text.utf8.prefix(limit * 4), as: UTF8.self) : text
    }
}
