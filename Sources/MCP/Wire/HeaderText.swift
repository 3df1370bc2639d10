import Core

/// How a text of a message is spelled as the value of an HTTP header, so that what lies between client and server can
/// read it (2026-07-28, streamable HTTP, "Value Encoding").
public enum HeaderText {
    private static let prefix = "=?base64?"
    private static let suffix = "?="

    /// As it is where a header can say it, else in base64 between markers.
    public static func encode(_ text: String) -> String {
        if isPlain(text), !isMarked(text) { return text }
        return prefix + Base64.encode(Array(text.utf8)) + suffix
    }

    /// Nil for a value with characters that no header has, or for marked base64 that is none or no UTF-8.
    public static func decode(_ value: String) -> String? {
        guard isMarked(value) else { return isPlain(value) ? value : nil }
        return Base64.decode(value.dropFirst(prefix.count).dropLast(suffix.count)).flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }

    private static func isMarked(_ text: String) -> Bool {
        text.hasPrefix(prefix) && text.hasSuffix(suffix) && text.utf8.count >= prefix.count + suffix.count
    }

    /// Visible ASCII, spaces and tabs, and no white space at either end (RFC 9110 section 5.5).
    private static func isPlain(_ text: String) -> Bool {
        let utf8 = text.utf8
        guard utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else { return false }
        return !text.hasPrefix(" ") && !text.hasPrefix("\t") && !text.hasSuffix(" ") && !text.hasSuffix("\t")
    }
}
