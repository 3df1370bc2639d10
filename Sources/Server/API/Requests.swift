import Core
import Gate
import HummingbirdCore
import JSON

/// Small readers of what requests hold, and the shape of lists.
extension JSON {
    /// - Throws: `invalid`, naming the member.
    func text(_ name: String) throws -> String {
        guard let text = self[name]?.string, !text.isEmpty else {
            throw GatehouseError("http", .invalid, "'\(name)' is needed: a text")
        }
        return text
    }
}

extension Call {
    /// A query parameter that must be one of a few words.
    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, of type: Value.Type) throws -> Value?
    where Value.RawValue == String {
        guard let text = query[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue)
            let nearest = Suggestion.nearest(to: text, among: words)
            throw GatehouseError(
                "http", .invalid, "query parameter '\(name)' must be one of \(words.joined(separator: ", "))",
                hint: nearest.map { "did you mean '\($0)'?" })
        }
        return value
    }
}

extension Response {
    static func page(_ name: String, _ items: [JSON], next: String? = nil) -> Response {
        var out: JSONObject = [name: .array(items)]
        out.put("next", next)
        return .json(.object(out))
    }
}

extension Rooms {
    /// Whether the caller watches over the house, so that it sees what others do.
    func mayWatch(_ call: Call) throws -> Bool { try !call.principal().roles.isDisjoint(with: Self.watchers) }

    static let watchers: Set<String> = ["admin", "operator", "security_lead", "auditor", "viewer"]
}
