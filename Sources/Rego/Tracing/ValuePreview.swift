/// The beginning of a value as Rego spells it, for values too large to be shown whole.
struct ValuePreview {
    private var text = ""
    private let limit: Int

    private init(limit: Int) { self.limit = limit }

    /// At most about `limit` bytes, whatever the size of the value, with `…` at the end where some is missing.
    static func of(_ value: RegoValue, limit: Int) -> String {
        var preview = ValuePreview(limit: limit)
        preview.write(value)
        guard preview.isFull else { return preview.text }
        return String(decoding: preview.text.utf8.prefix(limit), as: UTF8.self) + "…"
    }

    private var isFull: Bool { text.utf8.count > limit }

    private mutating func write(_ value: RegoValue) {
        guard !isFull else { return }
        switch value {
        case .string(let string): RegoValue.quote(String(string.text.prefix(limit + 1)), to: &text)
        case .array(let array): write(array, "[", "]")
        case .set(let set) where !set.isEmpty: write(set, "{", "}")
        case .object(let object): write(object)
        case .number(let number) where number.size > limit: text += number.spelling.prefix(limit + 1)
        case .null, .bool, .number, .set: text += value.description
        }
    }

    private mutating func write(_ values: some Sequence<RegoValue>, _ open: String, _ close: String) {
        text += open
        var isFirst = true
        for value in values {
            guard !isFull else { return }
            if !isFirst { text += ", " }
            isFirst = false
            write(value)
        }
        text += close
    }

    private mutating func write(_ object: RegoObject) {
        text += "{"
        var isFirst = true
        for (key, value) in object {
            guard !isFull else { return }
            if !isFirst { text += ", " }
            isFirst = false
            write(key)
            text += ": "
            write(value)
        }
        text += "}"
    }
}
