import JSON

/// Arguments with places for slots: a text that is one place (`"{limit}"`) becomes the slot's value, or is left out where
/// there is none; places in the midst of a text become text. What is filled in is a value and is never read again.
struct ArgumentTemplate: Sendable, Hashable {
    /// One of what a text is made of.
    enum Part: Sendable, Hashable {
        case text(String)
        /// `{name}` or `{name:form}`
        case slot(String, form: String?)
    }

    let json: JSON

    init(_ json: JSON) { self.json = json }

    func filled(_ slots: [String: String], kinds: [String: SlotKind]) -> JSON? { fill(json, slots, kinds) }

    func text(_ slots: [String: String]) -> String { Self.filled(json.string ?? "", slots) }

    /// A text with its places filled; a slot without value is nothing.
    static func filled(_ text: String, _ slots: [String: String]) -> String {
        parts(of: text).map { part in
            switch part {
            case .text(let text): text
            case .slot(let name, let form): slots[name].flatMap { SlotForm.apply(form, to: $0) } ?? ""
            }
        }.joined()
    }

    /// The names of the slots that a text has places for.
    static func names(in text: String) -> Set<String> {
        Set(parts(of: text).compactMap { if case .slot(let name, _) = $0 { name } else { nil } })
    }

    /// The names of the slots that it has places for.
    var names: Set<String> { Self.names(in: json) }

    private func fill(_ json: JSON, _ slots: [String: String], _ kinds: [String: SlotKind]) -> JSON? {
        switch json {
        case .string(let text): return fill(text, slots, kinds)
        case .array(let elements): return .array(elements.compactMap { fill($0, slots, kinds) })
        case .object(let members):
            var object = JSONObject()
            for (key, value) in members { if let value = fill(value, slots, kinds) { object[key] = value } }
            return .object(object)
        default: return json
        }
    }

    private func fill(_ text: String, _ slots: [String: String], _ kinds: [String: SlotKind]) -> JSON? {
        let parts = Self.parts(of: text)
        if parts.count == 1, case .slot(let name, let form)? = parts.first {
            guard let value = slots[name], let formed = SlotForm.apply(form, to: value) else { return nil }
            return SlotForm.typed(formed, kinds[name])
        }
        return .string(Self.filled(text, slots))
    }

    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let inside = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1).map(String.init)
            parts.append(.slot(inside.first ?? "", form: inside.count > 1 ? inside[1] : nil))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    private static func names(in json: JSON) -> Set<String> {
        switch json {
        case .string(let text): names(in: text)
        case .array(let elements): elements.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .object(let members): members.reduce(into: []) { $0.formUnion(names(in: $1.value)) }
        default: []
        }
    }
}

/// The forms that a slot's value takes as an argument.
enum SlotForm {
    static let names: Set<String> = ["path", "url", "span"]

    /// Nil where the value has no such form.
    static func apply(_ form: String?, to value: String) -> String? {
        switch form {
        case "path": isAddress(value) ? nil : value
        case "url": isAddress(value) ? value : nil
        case "span": span(value)
        default: value
        }
    }

    static func typed(_ value: String, _ kind: SlotKind?) -> JSON {
        switch kind {
        case .number: Int(value).map { JSON($0) } ?? Double(value).flatMap { JSON($0) } ?? .string(value)
        case .flag: .bool(value == "true")
        default: .string(value)
        }
    }

    static func isAddress(_ value: String) -> Bool {
        ["https://", "http://", "ssh://", "file://", "git@"].contains { value.hasPrefix($0) }
    }

    /// `604800s` as `7d`; hours where it is no whole number of days.
    private static func span(_ value: String) -> String? {
        guard value.hasSuffix("s"), let seconds = Int(value.dropLast()), seconds > 0 else { return nil }
        let hours = (seconds - 1) / 3600 + 1
        return hours % 24 == 0 ? "\(hours / 24)d" : "\(hours)h"
    }
}
