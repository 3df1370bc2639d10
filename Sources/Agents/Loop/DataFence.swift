import JSON

/// Marks what others wrote when it is put to a model. It is written as JSON between two marks, whose characters are
/// escaped within: no data can end its fence or begin another.
enum DataFence {
    static let (open, close) = ("⟦data", "⟦end of data⟧")

    /// - Parameters:
    ///   - source: in the house's own words.
    ///   - most: bytes of the data; what is longer is cut, and says so.
    static func around(_ data: JSON, from source: String, most: Int = .max) -> String {
        let text = escaped(data.text())
        let count = text.utf8.count
        guard count > most else { return "\(open) of \(source)⟧\n\(text)\n\(close)" }
        let shown = String(decoding: text.utf8.prefix(most), as: UTF8.self)
        return "\(open) of \(source), the first \(most) of \(count) bytes⟧\n\(shown)\n\(close)"
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "⟦" || $0 == "⟧" }) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "⟦": out += "\\u27e6"
            case "⟧": out += "\\u27e7"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
