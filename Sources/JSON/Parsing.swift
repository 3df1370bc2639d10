extension JSON {
    /// The one value that the bytes spell, in UTF-8 and strictly by RFC 8259.
    public static func parse(_ bytes: [UInt8], limits: Limits = .default) throws(JSONError) -> JSON {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSON in try parse(buffer, limits) }
    }

    public static func parse(_ bytes: UnsafeRawBufferPointer, limits: Limits = .default) throws(JSONError) -> JSON {
        try bytes.withMemoryRebound(to: UInt8.self) { (buffer) throws(JSONError) -> JSON in try parse(buffer, limits) }
    }

    public static func parse(_ text: String, limits: Limits = .default) throws(JSONError) -> JSON {
        try parse([UInt8](text.utf8), limits: limits)
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits) throws(JSONError) -> JSON {
        let tape = try Scanner.scan(bytes, limits)
        return ValueBuilder(bytes: bytes, tape: tape, allowsDuplicateKeys: limits.allowsDuplicateKeys).value(at: 0)
    }
}

/// Makes values of a validated text and its tape. Recursion is bounded by the scanner's limit on depth.
struct ValueBuilder {
    let bytes: UnsafeBufferPointer<UInt8>
    let tape: [Token]
    let allowsDuplicateKeys: Bool

    func value(at place: Int) -> JSON {
        let token = tape[place]
        switch token.kind {
        case .null: return .null
        case .bool: return .bool(bytes[Int(token.start)] == UInt8(ascii: "t"))
        case .number: return .number(JSONNumber(validated: String(decoding: spelled(token.range), as: UTF8.self)))
        case .string: return .string(text(token))
        case .array: return .array(elements(place))
        case .object: return .object(object(place))
        }
    }

    private func elements(_ place: Int) -> [JSON] {
        var elements = [JSON]()
        let end = Int(tape[place].next)
        var at = place + 1
        while at < end {
            elements.append(value(at: at))
            at = Int(tape[at].next)
        }
        return elements
    }

    private func object(_ place: Int) -> JSONObject {
        var members = [JSONObject.Element]()
        let end = Int(tape[place].next)
        var at = place + 1
        while at < end {
            members.append((text(tape[at]), value(at: at + 1)))
            at = Int(tape[at + 1].next)
        }
        return allowsDuplicateKeys ? JSONObject(members.lazy.map { ($0.key, $0.value) }) : JSONObject(unique: members)
    }

    func text(_ token: Token) -> String {
        let spelled = spelled(token.content)
        return token.isEscaped ? Unescape.string(spelled) : String(decoding: spelled, as: UTF8.self)
    }

    @inline(__always)
    private func spelled(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }
}
