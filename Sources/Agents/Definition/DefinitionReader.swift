import Config
import Core
import JSON

/// A value of an agent's file after its form was checked.
enum DefinitionValue: Sendable {
    case text(String)
    case texts([(text: String, place: ConfigPlace)])
    case whole(Int)
    case number(Double)
    case duration(Duration)
    case schema(JSON, ConfigPlace)
    case members([String: DefinitionValue])
}

/// Reads a document by the format. Goes on after a problem, so that all of them are told.
struct DefinitionReader {
    var problems: Problems

    mutating func object(_ raw: RawNode, _ fields: [DefinitionField], _ path: String) -> [String: DefinitionValue]? {
        guard case .map(let members, _) = raw else { return wrongShape(raw, "a mapping", path) }
        var found: [String: DefinitionValue] = [:]
        var written: Set<String> = []
        for member in members {
            let path = path.appendingKey(String(member.key.prefix(64)))
            guard let field = fields.first(where: { $0.name == member.key }) else {
                unknown(member, among: fields, path)
                continue
            }
            guard !member.value.isNull else { continue }
            written.insert(field.name)
            found[field.name] = read(member.value, field.kind, path)
        }
        for field in fields where field.isRequired && !written.contains(field.name) {
            problems.error(raw.place, path.appendingKey(field.name), "the key is required", hint: field.summary)
        }
        return found
    }

    private mutating func unknown(_ member: RawNode.Member, among fields: [DefinitionField], _ path: String) {
        let nearest = Suggestion.nearest(to: member.key, among: fields.lazy.map(\.name))
        let known = fields.map(\.name).joined(separator: ", ")
        problems.error(
            member.place, path, "unknown key", hint: nearest.map { "did you mean \"\($0)\"?" } ?? "there are \(known)")
    }

    private mutating func read(_ raw: RawNode, _ kind: DefinitionKind, _ path: String) -> DefinitionValue? {
        switch kind {
        case .object(let fields): return object(raw, fields, path).map { .members($0) }
        case .words(let word, let most): return words(raw, word, most, path)
        case .schema:
            guard case .map = raw else { return wrongShape(raw, "a JSON Schema", path) }
            return .schema(raw.json, raw.place)
        default:
            guard case .scalar(let scalar) = raw else { return wrongShape(raw, "a single value", path) }
            return self.scalar(scalar, kind, path)
        }
    }

    private mutating func words(
        _ raw: RawNode, _ word: DefinitionWord, _ most: Int, _ path: String
    ) -> DefinitionValue? {
        guard case .list(let elements, _) = raw else { return wrongShape(raw, "a list", path) }
        guard elements.count <= most else {
            problems.error(elements[most].place, path, "is one more than the \(most) that there may be")
            return nil
        }
        var texts: [(String, ConfigPlace)] = []
        for (index, element) in elements.enumerated() {
            guard case .scalar(let scalar) = element else {
                _ = wrongShape(element, "a single value", "\(path)[\(index)]") as DefinitionValue?
                continue
            }
            if case .text(let text)? = self.scalar(scalar, .word(word), "\(path)[\(index)]") {
                texts.append((text, scalar.place))
            }
        }
        return .texts(texts)
    }

    private mutating func scalar(
        _ scalar: RawNode.Scalar, _ kind: DefinitionKind, _ path: String
    ) -> DefinitionValue? {
        switch kind {
        case .text(let most):
            guard (1...most).contains(scalar.text.utf8.count) else {
                return refuse(scalar, path, "is to have 1 to \(most) bytes")
            }
            return .text(scalar.text)
        case .word(let word):
            guard word.allows(scalar.text) else {
                return refuse(scalar, path, "\"\(scalar.text.prefix(64))\" does not belong here", hint: word.hint)
            }
            return .text(scalar.text)
        case .whole(let range):
            guard scalar.isPlain, let number = Int(scalar.text), range.contains(number) else {
                return refuse(
                    scalar, path, "a whole number from \(range.lowerBound) to \(range.upperBound) is expected here")
            }
            return .whole(number)
        case .number(let range):
            guard scalar.isPlain, let number = JSONNumber(spelling: scalar.text)?.double, range.contains(number) else {
                return refuse(scalar, path, "a number from \(range.lowerBound) to \(range.upperBound) is expected here")
            }
            return .number(number)
        case .duration(let range):
            guard let duration = Units.duration(scalar.text), range.contains(duration) else {
                return refuse(
                    scalar, path, "a duration from \(range.lowerBound) to \(range.upperBound) is expected here",
                    hint: "write for example 90s or 10m")
            }
            return .duration(duration)
        case .words, .schema, .object: return nil
        }
    }

    private mutating func refuse(
        _ scalar: RawNode.Scalar, _ path: String, _ message: String, hint: String? = nil
    ) -> DefinitionValue? {
        problems.error(scalar.place, path, message, hint: hint)
        return nil
    }

    private mutating func wrongShape<T>(_ raw: RawNode, _ wanted: String, _ path: String) -> T? {
        problems.error(raw.place, path, "\(wanted) is expected here, not \(raw.kindName)")
        return nil
    }
}
