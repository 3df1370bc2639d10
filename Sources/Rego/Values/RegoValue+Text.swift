extension RegoValue: CustomStringConvertible {
    /// The value as Rego spells it: `{"a": [1, 2], "b": {3, 4}}`, the empty set as `set()`.
    public var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let bool): text += bool ? "true" : "false"
        case .number(let number): text += number.spelling
        case .string(let string): Self.quote(string.text, to: &text)
        case .array(let array): Self.write(array, "[", "]", to: &text)
        case .set(let set) where set.isEmpty: text += "set()"
        case .set(let set): Self.write(set, "{", "}", to: &text)
        case .object(let object): Self.write(object, to: &text)
        }
    }

    private static func write(
        _ values: some Sequence<RegoValue>, _ open: String, _ close: String, to text: inout String
    ) {
        text += open
        var isFirst = true
        for value in values {
            if !isFirst { text += ", " }
            isFirst = false
            value.write(to: &text)
        }
        text += close
    }

    private static func write(_ object: RegoObject, to text: inout String) {
        text += "{"
        var isFirst = true
        for (key, value) in object {
            if !isFirst { text += ", " }
            isFirst = false
            key.write(to: &text)
            text += ": "
            value.write(to: &text)
        }
        text += "}"
    }

    /// As Go's `strconv.Quote` for what is printable; control characters are escaped.
    static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{07}": text += "\\a"
            case "\u{08}": text += "\\b"
            case "\u{0B}": text += "\\v"
            case "\u{0C}": text += "\\f"
            case let control where control.value < 0x20 || control.value == 0x7F:
                text += control.value < 0x10 ? "\\x0" : "\\x"
                text += String(control.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
