import Core
import JSON

/// What a string of base64 holds.
enum Payload {
    case text([UInt8], prefix: Int)
    case binary(mediaType: String)
    /// The string is no base64 and no data URL in base64: a text as it stands.
    case plain

    /// Reads a data URL (RFC 2397) in base64; any other string is ``plain``.
    static func dataURL(_ spelled: UnsafeBufferPointer<UInt8>, at view: JSONView) throws(GatehouseError) -> Payload {
        guard spelled.count > 5, lowercased(spelled.prefix(5)).elementsEqual("data:".utf8),
            let comma = spelled.prefix(longestPrefix).firstIndex(of: UInt8(ascii: ","))
        else { return .plain }
        let header = lowercased(spelled[5..<comma])
        guard header.suffix(7).elementsEqual(";base64".utf8) else { return .plain }
        let mediaType = String(decoding: header.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
        return try read(spelled, prefix: comma + 1, mediaType: mediaType, at: view)
    }

    /// Reads base64 of a stated media type, which is not believed when the bytes are text.
    static func read(
        _ spelled: UnsafeBufferPointer<UInt8>, prefix: Int, mediaType: String, at view: JSONView
    ) throws(GatehouseError) -> Payload {
        let encoded = UnsafeBufferPointer(rebasing: spelled[prefix...])
        let isText = isTextual(mediaType)
        guard isBase64(encoded) else {
            guard isText else { return .plain }
            throw refusal("is not base64, though it says so", view)
        }
        if !isText, !beginsAsText(encoded) { return .binary(mediaType: mediaType) }
        if !isText, beginsAsDocument(encoded) { return .binary(mediaType: mediaType) }
        guard let decoded = decode(encoded) else { throw refusal("is base64 that cannot be read", view) }
        guard String(validating: decoded, as: UTF8.self) != nil else {
            if !isText { return .binary(mediaType: mediaType) }
            throw refusal("holds a text that is not UTF-8", view)
        }
        return .text(decoded, prefix: prefix)
    }

    private static let longestPrefix = 256

    private static func isTextual(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("text/") || mediaType.hasSuffix("+json") || mediaType.hasSuffix("+xml")
            || ["json", "xml", "yaml", "x-yaml", "csv", "javascript", "toml", "x-sh", "sql", "x-ndjson"]
                .contains { mediaType == "application/\($0)" }
    }

    /// Either alphabet of RFC 4648, padded or not, with line breaks.
    static func isBase64(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                true
            default: false
            }
        }
    }

    /// The same of what is encoded; where it holds, what follows is looked at.
    static func beginsAsText(_ encoded: UnsafeBufferPointer<UInt8>) -> Bool {
        let quads = min(encoded.count, 96) / 4 * 4
        guard let first = decode(UnsafeBufferPointer(rebasing: encoded.prefix(max(quads, min(encoded.count, 4)))))
        else { return false }
        return beginsAsText(first[...])
    }

    /// Whether these are characters as texts have them. The last of them may be cut.
    static func beginsAsText(_ first: ArraySlice<UInt8>) -> Bool {
        var complete = first
        for _ in 0..<3 where String(validating: complete, as: UTF8.self) == nil { complete = complete.dropLast() }
        guard !complete.isEmpty, String(validating: complete, as: UTF8.self) != nil else { return false }
        return !complete.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }
    }

    /// A PDF begins with a line of text.
    private static func beginsAsDocument(_ encoded: UnsafeBufferPointer<UInt8>) -> Bool {
        encoded.starts(with: "JVBERi".utf8)
    }

    private static func decode(_ encoded: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = []
        plain.reserveCapacity(encoded.count)
        for byte in encoded {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "="): break
            case UInt8(ascii: "+"): plain.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): plain.append(UInt8(ascii: "_"))
            default: plain.append(byte)
            }
        }
        return Base64.decode(String(decoding: plain, as: UTF8.self), .url)
    }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
    }

    private static func refusal(_ what: String, _ view: JSONView) -> GatehouseError {
        GatehouseError(
            "models", .unsupported, "\(view.pointer) \(what), so it cannot be inspected",
            hint: "send the text itself, in UTF-8")
    }
}
