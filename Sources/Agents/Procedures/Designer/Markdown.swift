/// Writing Markdown (GitHub's dialect) that holds texts from anywhere.
enum Markdown {
    /// Text on one line in which nothing counts as markup, as a link or as an image, and nothing is hidden: what
    /// controls the writing direction, and what cannot be seen, is left out.
    static func escaped(_ text: String, most: Int = 600) -> String {
        let scalars = Array(text.cut(to: most).unicodeScalars.filter { isShown($0) || isSpace($0) })
        var out = ""
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "@", "$": out += "\\\(scalar)"
            case "\n", "\r", "\t": out += " "
            // Addresses become links without any markup.
            case ":" where scalars.dropFirst(place + 1).first == "/" || ends(out, ["mailto", "xmpp"]): out += "&#58;"
            case "." where ends(out, ["www"]): out += "&#46;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return withoutMark(out)
    }

    private static func ends(_ text: String, _ words: [String]) -> Bool {
        let end = text.suffix(6).lowercased()
        return words.contains { end.hasSuffix($0) }
    }

    /// What would make a list, a rule or a heading of a line at its beginning, taken for text: `- x`, `1. x`, `===`.
    private static func withoutMark(_ text: String) -> String {
        if let first = text.utf8.first, [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "=")].contains(first) {
            return "\\" + text
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text[digits.endIndex...]
        guard !digits.isEmpty, rest.first == "." || rest.first == ")", rest.dropFirst().first ?? " " == " " else {
            return text
        }
        return digits + "\\" + rest
    }

    /// A code span that holds any text, within a table.
    static func code(_ text: String, most: Int = 300) -> String {
        var (longest, run, out) = (0, 0, "")
        for scalar in text.cut(to: most).unicodeScalars where isShown(scalar) || isSpace(scalar) {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
            switch scalar {
            case "|": out += "\\|"
            case "\n", "\r", "\t": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        guard !out.isEmpty else { return "" }
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 && !out.hasPrefix(" ") ? fence + out + fence : "\(fence) \(out) \(fence)"
    }

    /// Lines of a table; the cells are Markdown already.
    static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        return [line(head), "|" + String(repeating: "---|", count: head.count)] + rows.map(line)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { ["\n", "\r", "\t"].contains(scalar) }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
