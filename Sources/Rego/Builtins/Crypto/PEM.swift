/// Blocks of base64 between `-----BEGIN X-----` and `-----END X-----` (RFC 7468).
struct PEM {
    let label: String
    let bytes: [UInt8]

    /// The blocks of a text and whether anything but white space follows the last.
    static func blocks(_ text: String) -> (blocks: [PEM], hasMore: Bool) {
        var blocks: [PEM] = []
        var label: String?
        var body = ""
        var rest = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if let open = label {
                if line.hasPrefix("-----END \(open)-----") {
                    if let bytes = decode(body) { blocks.append(PEM(label: open, bytes: bytes)) }
                    label = nil
                } else if !line.contains(":") {
                    body += line
                }
            } else if line.hasPrefix("-----BEGIN "), let end = Self.label(line) {
                label = end
                body = ""
                rest = false
            } else if line.contains(where: { !$0.isWhitespace }) {
                rest = true
            }
        }
        return (blocks, rest)
    }

    private static func label(_ line: Substring) -> String? {
        let rest = line.dropFirst(11)
        guard let end = rest.firstIndex(of: "-"), rest[end...].hasPrefix("-----") else { return nil }
        return String(rest[..<end])
    }

    private static func decode(_ body: String) -> [UInt8]? {
        do throws(BuiltinError) {
            return try GoBase64.decode(body.filter { !$0.isWhitespace })
        } catch {
            return nil
        }
    }
}
