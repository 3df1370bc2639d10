import Core
import JSON

/// Gives a raw document its meaning by a schema. Goes on after an error, so that one run reports them all.
struct Decoder {
    let references: References
    let limits: ConfigLimits
    var problems = Problems()

    init(environment: @escaping Environment, limits: ConfigLimits) {
        references = References(environment: environment, limits: limits)
        self.limits = limits
    }

    mutating func decode(_ raw: RawNode, _ kind: Kind, _ path: String) -> ConfigNode? {
        let value: ConfigValue?
        switch kind {
        case .object(let fields): return object(raw, fields, path)
        case .map(let kind, let rule): value = map(raw, kind, rule, path)
        case .list(let kind): value = list(raw, kind, path)
        case .oneOf(let kinds): return oneOf(raw, kinds, path)
        case .removed(let hint):
            problems.error(raw.place, path, "the key is no longer known", hint: hint)
            return nil
        default: value = scalar(raw, kind, path)
        }
        return value.map { ConfigNode(value: $0, place: raw.place, path: path, isDefault: false) }
    }

    private mutating func object(_ raw: RawNode, _ fields: [Field], _ path: String) -> ConfigNode? {
        guard case .map(let members, let place) = raw else { return wrongShape(raw, "a mapping", path) }
        var written: [String: RawNode.Member] = [:]
        for member in members {
            guard fields.contains(where: { $0.name == member.key }) else {
                let nearest = Suggestion.nearest(to: member.key, among: fields.lazy.map(\.name))
                let known = fields.prefix(12).map(\.name).joined(separator: ", ")
                problems.error(
                    member.place, path.appendingKey(member.key), "unknown key",
                    hint: nearest.map { "did you mean \"\($0)\"?" } ?? "known here: \(known)")
                continue
            }
            written[member.key] = member
        }
        var found: [(key: String, node: ConfigNode)] = []
        for field in fields {
            if let node = self.member(field, written[field.name], place, path) { found.append((field.name, node)) }
        }
        return ConfigNode(value: .object(found), place: place, path: path, isDefault: false)
    }

    private mutating func member(
        _ field: Field, _ member: RawNode.Member?, _ place: ConfigPlace, _ path: String
    ) -> ConfigNode? {
        let path = path.appendingKey(field.name)
        if let member, !member.value.isNull {
            if let replacement = field.deprecated {
                problems.warn(member.place, path, "the key is deprecated", hint: replacement)
            }
            guard let raw = field.allowsFile ? included(member.value, field.name, path) : member.value else {
                return nil
            }
            return decode(raw, field.kind, path)
        }
        if let standard = field.defaultValue { return self.standard(standard, field.kind, place, path) }
        if field.isRequired { problems.error(member?.place ?? place, path, "the key is required") }
        return nil
    }

    /// A value that stands in another file; a mapping with nothing but the key itself is unwrapped, so that a file
    /// which is whole on its own (`{"agents": {…}}`) loads as it stands.
    private mutating func included(_ raw: RawNode, _ name: String, _ path: String) -> RawNode? {
        guard case .scalar(let scalar) = raw, scalar.text.hasPrefix("file:") else { return raw }
        let target = InputFile.resolve(String(scalar.text.dropFirst(5)), besides: scalar.place.file)
        let bytes: [UInt8]
        do {
            bytes = try InputFile.contents(of: target, limit: limits.fileBytes).bytes
        } catch {
            problems.error(scalar.place, path, error.message, hint: error.hint)
            return nil
        }
        let before = problems.count
        guard let document = YAMLReader.read(bytes, file: target, limits: limits, problems: &problems) else {
            if problems.count == before { problems.error(scalar.place, path, "\(target) is empty") }
            return nil
        }
        if case .map(let members, _) = document, members.count == 1, members[0].key == name { return members[0].value }
        return document
    }

    private mutating func standard(_ json: JSON, _ kind: Kind, _ place: ConfigPlace, _ path: String) -> ConfigNode? {
        decode(RawNode(json, place), kind, path).map {
            ConfigNode(value: $0.value, place: $0.place, path: $0.path, isDefault: true)
        }
    }

    private mutating func map(_ raw: RawNode, _ kind: Kind, _ rule: KeyRule, _ path: String) -> ConfigValue? {
        guard case .map(let members, _) = raw else { return wrongShape(raw, "a mapping", path) }
        var found: [(key: String, node: ConfigNode)] = []
        for member in members {
            guard rule.allows(member.key) else {
                problems.error(
                    member.place, path.appendingKey(String(member.key.prefix(64))),
                    "the key has characters that are not allowed",
                    hint: "start with a letter or digit, then letters, digits, \".\", \"_\" and \"-\", 64 at most")
                continue
            }
            if let node = decode(member.value, kind, path.appendingKey(member.key)) { found.append((member.key, node)) }
        }
        return .object(found)
    }

    private mutating func list(_ raw: RawNode, _ kind: Kind, _ path: String) -> ConfigValue? {
        guard case .list(let elements, _) = raw else { return wrongShape(raw, "a list", path) }
        var found: [ConfigNode] = []
        for (index, element) in elements.enumerated() {
            if let node = decode(element, kind, "\(path)[\(index)]") { found.append(node) }
        }
        return .list(found)
    }

    /// Takes the first kind without an error; else tells what is wrong with the kind that has the fewest.
    private mutating func oneOf(_ raw: RawNode, _ kinds: [Kind], _ path: String) -> ConfigNode? {
        var best: Problems?
        for kind in kinds {
            var attempt = self
            attempt.problems = Problems()
            let node = attempt.decode(raw, kind, path)
            if let node, attempt.problems.count == 0 {
                problems.add(attempt.problems)
                return node
            }
            if best.map({ attempt.problems.count < $0.count }) ?? true { best = attempt.problems }
        }
        if let best { problems.add(best) }
        return nil
    }

    mutating func wrongShape<T>(_ raw: RawNode, _ wanted: String, _ path: String) -> T? {
        problems.error(raw.place, path, "\(wanted) is expected here, not \(raw.kindName)")
        return nil
    }
}

extension RawNode {
    /// A default from a schema, as if it were written at `place`.
    init(_ json: JSON, _ place: ConfigPlace) {
        if let object = json.object {
            self = .map(object.map { Member(key: $0.key, place: place, value: RawNode($0.value, place)) }, place)
        } else if let elements = json.array {
            self = .list(elements.map { RawNode($0, place) }, place)
        } else {
            self = .scalar(Scalar(text: json.string ?? json.text(), isPlain: json.string == nil, place: place))
        }
    }
}
