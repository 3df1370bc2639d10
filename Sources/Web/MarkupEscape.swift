/// Text within HTML and XML in which nothing counts as markup (HTML, 13.3 "Escaping a string"; XML 1.0, 2.4).
///
/// It goes by code point: a quote that a combining mark follows is another grapheme than a quote, and would end an
/// attribute.
package enum MarkupEscape {
    /// For text, and for attribute values in quotes of either kind.
    /// - Parameter shown: what stands there for a code point that is no markup; nil leaves it out.
    package static func text(
        _ text: String, shown: (Unicode.Scalar) -> Unicode.Scalar? = { $0 }
    ) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;".utf8
            case "<": out += "&lt;".utf8
            case ">": out += "&gt;".utf8
            case "\"": out += "&quot;".utf8
            case "'": out += "&#39;".utf8
            default: if let scalar = shown(scalar) { out += scalar.utf8 }
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
