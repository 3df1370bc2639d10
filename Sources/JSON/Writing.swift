extension JSON {
    /// The value as UTF-8 on one line, members in their order and numbers as spelled.
    public func bytes() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// As ``bytes()``; when `pretty`, over lines and indented by two spaces.
    public func text(pretty: Bool = false) -> String {
        var writer = JSONWriter(pretty: pretty)
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The canonical form of RFC 8785: one spelling for all that I-JSON (RFC 7493) holds to be one value, to be hashed
    /// or signed. Keys are ordered by UTF-16 code unit and numbers are spelled as ECMAScript spells the nearest double.
    ///
    /// Two numbers that are one double become one, for instance 9007199254740992 and 9007199254740993. Where such a
    /// difference must not be lost, `keepsPrecision` refuses a number with more digits than its double has.
    ///
    /// Throws ``JSONError/Code/unrepresentableNumber``. Lone surrogates cannot occur in a ``JSON``.
    public func canonicalBytes(keepsPrecision: Bool = false) throws(JSONError) -> [UInt8] {
        var writer = JSONWriter()
        try Canonical(keepsPrecision: keepsPrecision).write(self, to: &writer)
        return writer.bytes
    }
}

private struct Canonical {
    let keepsPrecision: Bool

    func write(_ value: JSON, to writer: inout JSONWriter) throws(JSONError) {
        switch value {
        case .number(let number): writer.double(try double(number))
        case .array(let elements):
            writer.beginArray()
            for element in elements { try write(element, to: &writer) }
            writer.endArray()
        case .object(let object):
            writer.beginObject()
            for (key, value) in object.sorted(by: { Self.precedes($0.key, $1.key) }) {
                writer.key(key)
                try write(value, to: &writer)
            }
            writer.endObject()
        default: writer.value(value)
        }
    }

    private func double(_ number: JSONNumber) throws(JSONError) -> Double {
        guard let double = number.double else {
            throw refusal("the number \(number.spelling.prefix(40)) is out of a double's range")
        }
        if keepsPrecision, let shortest = JSONNumber(double), shortest.decimal != number.decimal {
            throw refusal("the number \(number.spelling.prefix(40)) has more digits than a double keeps")
        }
        return double
    }

    private func refusal(_ message: String) -> JSONError {
        JSONError(
            code: .unrepresentableNumber, offset: 0, line: 0, column: 0,
            message: "\(message), and the canonical form has only doubles: write it as a text")
    }

    /// The order of UTF-16 code units, read off UTF-8: it is the order of bytes, but for characters above U+FFFF
    /// (first byte 0xF0 or more), whose surrogates come before U+E000 to U+FFFF (first byte 0xEE or 0xEF).
    static func precedes(_ left: String, _ right: String) -> Bool {
        for (left, right) in zip(left.utf8, right.utf8) where left != right {
            if left >= 0xEE, right >= 0xEE, (left >= 0xF0) != (right >= 0xF0) { return left >= 0xF0 }
            return left < right
        }
        return left.utf8.count < right.utf8.count
    }
}
