/// What is known of a term's value.
indirect enum PartialValue {
    case known(RegoValue)
    /// Given its value by what is left over.
    case variable(String)
    case array([PartialValue])
    case set([PartialValue])
    case object([Member])

    struct Member {
        var key: PartialValue
        var value: PartialValue
    }
}

extension PartialValue {
    var known: RegoValue? { if case .known(let value) = self { value } else { nil } }
    var variable: String? { if case .variable(let name) = self { name } else { nil } }

    /// The variables that occur, some of them perhaps more than once.
    var variables: [String] {
        switch self {
        case .known: []
        case .variable(let name): [name]
        case .array(let parts), .set(let parts): parts.flatMap(\.variables)
        case .object(let members): members.flatMap { $0.key.variables + $0.value.variables }
        }
    }

    /// The same with each variable's value in its place; a collection of known parts is known.
    func map(_ value: (String) -> PartialValue) -> PartialValue {
        switch self {
        case .known: self
        case .variable(let name): value(name)
        case .array(let parts): Self.array(of: parts.map { $0.map(value) })
        case .set(let parts): Self.set(of: parts.map { $0.map(value) })
        case .object(let members):
            Self.object(of: members.map { Member(key: $0.key.map(value), value: $0.value.map(value)) })
        }
    }

    static func array(of parts: [PartialValue]) -> PartialValue {
        let known = parts.compactMap(\.known)
        return known.count == parts.count ? .known(.array(RegoArray(known))) : .array(parts)
    }

    static func set(of parts: [PartialValue]) -> PartialValue {
        let known = parts.compactMap(\.known)
        return known.count == parts.count ? .known(.set(RegoSet(known))) : .set(parts)
    }

    static func object(of members: [Member]) -> PartialValue {
        let known = members.compactMap { member in
            member.key.known.flatMap { key in member.value.known.map { (key, $0) } }
        }
        return known.count == members.count ? .known(.object(RegoObject(known))) : .object(members)
    }

    /// An array's elements, or an object's members with keys that are known, whether or not all of it is known.
    var elements: [PartialValue]? {
        switch self {
        case .array(let parts): parts
        case .known(.array(let array)): array.map { .known($0) }
        default: nil
        }
    }

    var members: [RegoValue: PartialValue]? {
        switch self {
        case .known(.object(let object)):
            return Dictionary(object.map { ($0.key, .known($0.value)) }) { _, last in last }
        case .object(let members):
            var result: [RegoValue: PartialValue] = [:]
            for member in members {
                guard let key = member.key.known else { return nil }
                result[key] = member.value
            }
            return result
        default: return nil
        }
    }

    /// Nil for a variable, which may turn out to be anything.
    var kind: RegoValue.Kind? {
        switch self {
        case .known(let value): value.kind
        case .variable: nil
        case .array: .array
        case .set: .set
        case .object: .object
        }
    }

    // MARK: Syntax

    /// Of a term without references, calls and closures; nil for any other.
    init?(simple term: Term) {
        switch term.node {
        case .variable(let name): self = .variable(name)
        case .array(let terms):
            guard let parts = Self.parts(terms) else { return nil }
            self = Self.array(of: parts)
        case .set(let terms):
            guard let parts = Self.parts(terms) else { return nil }
            self = Self.set(of: parts)
        case .object(let members):
            guard let keys = Self.parts(members.map(\.key)), let values = Self.parts(members.map(\.value)) else {
                return nil
            }
            self = Self.object(of: zip(keys, values).map { Member(key: $0, value: $1) })
        default:
            guard let constant = term.constant else { return nil }
            self = .known(constant)
        }
    }

    private static func parts(_ terms: [Term]) -> [PartialValue]? {
        let parts = terms.compactMap { PartialValue(simple: $0) }
        return parts.count == terms.count ? parts : nil
    }

    func term(at place: SourcePlace) -> Term {
        switch self {
        case .known(let value): Term(constant: value, at: place)
        case .variable(let name): Term(.variable(name), at: place)
        case .array(let parts): Term(.array(parts.map { $0.term(at: place) }), at: place)
        case .set(let parts): Term(.set(parts.map { $0.term(at: place) }), at: place)
        case .object(let members):
            Term(
                .object(members.map { Term.Member(key: $0.key.term(at: place), value: $0.value.term(at: place)) }),
                at: place)
        }
    }
}
