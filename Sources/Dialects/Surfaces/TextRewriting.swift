import Core
import JSON

/// Puts other texts into a document, each spelled as its place demands, all else byte for byte.
enum TextRewriting {
    typealias Text = (position: TextPosition, text: [UInt8])

    /// The replacements for `document`; texts that are as they were are left as they were spelled.
    /// Throws `denied` when a signed text would change.
    static func replacements(_ texts: [Text]) throws(GatehouseError) -> [(range: Range<Int>, bytes: [UInt8])] {
        var replacements: [(range: Range<Int>, bytes: [UInt8])] = []
        var held: [Int: (HeldJSON, [(range: Range<Int>, bytes: [UInt8])])] = [:]
        for (position, text) in texts where text != position.text {
            if position.isSigned { throw signed(position) }
            let replacement = (range: position.view.raw, bytes: spelled(text, in: position))
            if let json = position.held {
                held[json.holder.raw.lowerBound, default: (json, [])].1.append(replacement)
            } else {
                replacements.append(replacement)
            }
        }
        for (json, inner) in held.values {
            replacements.append((json.holder.raw, quoted(json.document.replacing(inner))))
        }
        return replacements
    }

    private static func spelled(_ text: [UInt8], in position: TextPosition) -> [UInt8] {
        switch position.spelling {
        case .string: return quoted(text)
        case .number:
            let number = JSONNumber(spelling: String(decoding: text, as: UTF8.self))
            return number == nil ? quoted(text) : text
        case .base64(let prefix, _):
            let before = position.view.withUTF8 { [UInt8]($0.prefix(prefix)) } ?? []
            return quoted(before + Base64.encode(text).utf8)
        }
    }

    /// The text as a JSON string. Bytes that are no UTF-8 become U+FFFD, as in any decoder.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(reserving: text.count + 16)
        if String(validating: text, as: UTF8.self) != nil {
            text.withUnsafeBufferPointer { writer.string(utf8: $0) }
        } else {
            writer.string(String(decoding: text, as: UTF8.self))
        }
        return writer.bytes
    }

    private static func signed(_ position: TextPosition) -> GatehouseError {
        GatehouseError(
            "models", .denied, "\(position.place) is signed by the provider and may not be sent as it is",
            hint: "leave this thinking block out; a signed text passes unchanged or not at all")
    }
}
