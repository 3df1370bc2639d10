import Config
import Core
import JSON

/// Reads a document by the format. Goes on after a problem, so that all of them are told.
struct FormatReader {
    var problems: Problems
    let lines: SourceLines

    mutating func read(_ raw: RawNode, _ kind: FormatKind, _ path: String) -> FormatNode? {
        if case .shaped(let scalar, let list, let map) = kind { return shaped(raw, scalar, list, map, path) }
        let value: FormatNode.Value? =
            switch kind {
            case .object(let object): self.object(raw, object, path)
            case .list(let element, let most): list(raw, element, most, path)
            case .map(let element, let keys, let most): map(raw, element, keys, most, path)
            case .template(let shape): template(raw, shape, path)
            case .constant: .template(Template(raw.json, .constant(raw.json)))
            default: scalar(raw, kind, path)
            }
        return value.map { FormatNode(value: $0, place: Place(raw.place), path: path) }
    }

    private mutating func object(_ raw: RawNode, _ object: FormatObject, _ path: String) -> FormatNode.Value? {
        // An empty value of an object that needs nothing is that object: `webhook:`.
        let members: [RawNode.Member]
        if case .map(let written, _) = raw {
            members = written
        } else if raw.isNull {
            members = []
        } else {
            return wrongShape(raw, "a mapping", path)
        }
        let fields = object.fields
        var found: [(key: String, node: FormatNode)] = []
        for member in members {
            let path = path.appendingKey(member.key)
            guard let field = fields.first(where: { $0.name == member.key }) else {
                unknown(member, among: fields, path)
                continue
            }
            if member.value.isNull, !field.kind.takesNull { continue }
            if let node = read(member.value, field.kind, path) { found.append((field.name, node)) }
        }
        let written = Set(members.filter { !$0.value.isNull }.map(\.key))
        for field in fields where field.isRequired && !written.contains(field.name) {
            problems.error(raw.place, path.appendingKey(field.name), "the key is required", hint: field.summary)
        }
        choose(object.choices, members, raw.place, path)
        return .object(found)
    }

    private mutating func unknown(_ member: RawNode.Member, among fields: [FormatField], _ path: String) {
        let nearest = Suggestion.nearest(to: member.key, among: fields.lazy.map(\.name))
        let known = fields.map(\.name).joined(separator: ", ")
        problems.error(
            member.place, path, "unknown key",
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? (known.isEmpty ? "there are none" : "there are \(known)")
        )
    }

    /// Exactly one of the choices, and nothing beside it that says nothing there.
    private mutating func choose(
        _ choices: [FormatChoice], _ members: [RawNode.Member], _ place: ConfigPlace, _ path: String
    ) {
        guard !choices.isEmpty else { return }
        let names = choices.map(\.name)
        let chosen = choices.filter { choice in members.contains { $0.key == choice.name } }
        guard chosen.count == 1, let choice = chosen.first else {
            let list = names.joined(separator: ", ")
            let found =
                chosen.isEmpty ? "there is none of them" : "there are \(chosen.map(\.name).joined(separator: " and "))"
            return problems.error(place, path, "exactly one of \(list) belongs here: \(found)")
        }
        let other = Set(choices.flatMap(\.beside)).subtracting(choice.beside).subtracting(names)
        for member in members where other.contains(member.key) {
            problems.error(
                member.place, path.appendingKey(member.key), "says nothing beside \(choice.name)", hint: "remove it")
        }
    }

    private mutating func list(
        _ raw: RawNode, _ kind: FormatKind, _ most: Int, _ path: String
    ) -> FormatNode.Value? {
        guard case .list(let elements, _) = raw else { return wrongShape(raw, "a list", path) }
        guard elements.count <= most else { return tooMany(elements[most].place, most, path) }
        var nodes: [FormatNode] = []
        for (index, element) in elements.enumerated() {
            if let node = read(element, kind, "\(path)[\(index)]") { nodes.append(node) }
        }
        return .list(nodes)
    }

    private mutating func map(
        _ raw: RawNode, _ kind: FormatKind, _ keys: NameRule, _ most: Int, _ path: String
    ) -> FormatNode.Value? {
        guard case .map(let members, _) = raw else { return wrongShape(raw, "a mapping", path) }
        guard members.count <= most else { return tooMany(members[most].place, most, path) }
        var found: [(key: String, node: FormatNode)] = []
        for member in members {
            let path = path.appendingKey(String(member.key.prefix(64)))
            if !keys.allows(member.key) {
                problems.error(member.place, path, "the name has characters that are not allowed", hint: keys.hint)
            } else if let node = read(member.value, kind, path) {
                found.append((member.key, node))
            }
        }
        return .object(found)
    }

    private mutating func tooMany<T>(_ place: ConfigPlace, _ most: Int, _ path: String) -> T? {
        problems.error(place, path, "is one more than the \(most) that there may be")
        return nil
    }

    private mutating func shaped(
        _ raw: RawNode, _ scalar: FormatKind?, _ list: FormatKind?, _ map: FormatKind?, _ path: String
    ) -> FormatNode? {
        let kind =
            switch raw {
            case .scalar: scalar
            case .list: list
            case .map: map
            }
        if let kind { return read(raw, kind, path) }
        let shapes = [scalar.map { _ in "a single value" }, list.map { _ in "a list" }, map.map { _ in "a mapping" }]
        return wrongShape(raw, shapes.compactMap { $0 }.joined(separator: " or "), path)
    }

    mutating func wrongShape<T>(_ raw: RawNode, _ wanted: String, _ path: String) -> T? {
        problems.error(raw.place, path, "\(wanted) is expected here, not \(raw.kindName)")
        return nil
    }
}

extension FormatKind {
    /// Whether an empty value says something: an object of which nothing has to be said, or null itself.
    fileprivate var takesNull: Bool {
        switch self {
        case .object(let object): !object.fields.contains(where: \.isRequired) && object.choices.isEmpty
        case .constant, .template(.any): true
        default: false
        }
    }
}

extension Place {
    init(_ place: ConfigPlace) { self.init(line: place.line, column: place.column) }
}
