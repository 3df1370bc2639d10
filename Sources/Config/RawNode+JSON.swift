package import JSON

extension RawNode {
    /// As JSON: without quotes, `null`, `true`, `false` and JSON's numbers are what they say; all else is text.
    package var json: JSON {
        switch self {
        case .scalar(let scalar): scalar.json
        case .list(let elements, _): .array(elements.map(\.json))
        case .map(let members, _): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
        }
    }
}

extension RawNode.Scalar {
    package var json: JSON {
        guard isPlain else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true": return true
        case "false": return false
        default: return JSONNumber(spelling: text).map { .number($0) } ?? .string(text)
        }
    }
}
