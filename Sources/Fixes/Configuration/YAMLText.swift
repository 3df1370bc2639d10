import JSON

/// Writes values as YAML.
enum YAMLText {
    /// `key: value`, without indentation before the first line and without an end after the last.
    static func member(_ key: String, _ value: JSON, indentation: Int, newline: String) -> String {
        flow(.string(key)) + ":" + self.value(value, indentation: indentation + 2, isFlow: false, newline: newline)
    }

    /// What follows the colon of a key: ` value`, or lines of their own for a mapping.
    static func value(_ value: JSON, indentation: Int, isFlow: Bool, newline: String) -> String {
        guard !isFlow, let object = value.object, !object.isEmpty else { return " " + flow(value) }
        let space = String(repeating: " ", count: indentation)
        return object.map { key, value in
            newline + space + member(key, value, indentation: indentation, newline: newline)
        }.joined()
    }

    /// In one line; in a file that is JSON, as JSON.
    static func flow(_ value: JSON, in text: SourceText) -> String {
        let first = text.bytes.first { $0 > 0x20 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? value.text() : flow(value)
    }

    static func flow(_ value: JSON) -> String {
        switch value {
        case .string(let text): isPlain(text) ? text : value.text()
        case .array(let elements): "[\(elements.map { flow($0) }.joined(separator: ", "))]"
        case .object(let object):
            object.isEmpty ? "{}" : "{\(object.map { "\($0): \(flow($1))" }.joined(separator: ", "))}"
        default: value.text()
        }
    }

    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    /// Whether a text is that text without quotes, for every reader of YAML.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, !words.contains(text.lowercased()) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-./".utf8.contains(byte)
        }
    }
}
