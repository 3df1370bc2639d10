/// Puts terms in the place of variables, within closures too.
///
/// The names of closures' own variables are theirs alone, so that nothing is captured by mistake.
struct TermMapper {
    /// Nil leaves the variable as it is.
    let replacement: (_ name: String, _ place: SourcePlace) -> Term?

    func map(_ body: [Literal]) -> [Literal] { body.map { map($0) } }

    func map(_ literal: Literal) -> Literal {
        var result = literal
        for at in result.with.indices { result.with[at].value = map(result.with[at].value) }
        switch literal.kind {
        case .term(let term): result.kind = .term(map(term))
        case .some(let terms): result.kind = .some(terms.map { map($0) })
        case .someIn(let key, let value, let collection):
            result.kind = .someIn(key: key.map { map($0) }, value: map(value), collection: map(collection))
        case .every(let key, let value, let domain, let body):
            result.kind = .every(key: key.map { map($0) }, value: map(value), domain: map(domain), body: map(body))
        }
        return result
    }

    func map(_ member: Term.Member) -> Term.Member { Term.Member(key: map(member.key), value: map(member.value)) }

    func map(_ term: Term) -> Term {
        let place = term.place
        switch term.node {
        case .null, .bool, .number, .string: return term
        case .variable(let name):
            guard !VariableVisitor.roots.contains(name), !name.hasPrefix("@") else { return term }
            return replacement(name, place) ?? term
        case .reference(let head, let path):
            let (head, path) = (map(head), path.map { map($0) })
            guard case .reference(let inner, let before) = head.node else {
                return Term(.reference(head, path), at: place)
            }
            return Term(.reference(inner, before + path), at: place)
        case .array(let terms): return Term(.array(terms.map { map($0) }), at: place)
        case .set(let terms): return Term(.set(terms.map { map($0) }), at: place)
        case .object(let members): return Term(.object(members.map { map($0) }), at: place)
        case .arrayComprehension(let head, let body): return Term(.arrayComprehension(map(head), map(body)), at: place)
        case .setComprehension(let head, let body): return Term(.setComprehension(map(head), map(body)), at: place)
        case .objectComprehension(let head, let body):
            return Term(.objectComprehension(map(head), map(body)), at: place)
        case .call(let function, let arguments): return Term(.call(function, arguments.map { map($0) }), at: place)
        case .template: return term
        }
    }
}

/// Names for variables that no policy and no other part of the evaluation uses: `x#1~7`.
final class FreshNames {
    private var count = 0

    func next(like name: String = "#") -> String {
        count += 1
        return "\(Self.base(name))~\(count)"
    }

    /// The name as it was before.
    static func base(_ name: String) -> String {
        guard let mark = name.utf8.lastIndex(of: UInt8(ascii: "~")) else { return name }
        return String(name[..<mark])
    }

    /// Gives each variable of some syntax a name of its own.
    func renaming() -> TermMapper {
        let renamed = Renamed()
        return TermMapper { name, place in
            if let known = renamed.names[name] { return Term(.variable(known), at: place) }
            let fresh = self.next(like: name)
            renamed.names[name] = fresh
            return Term(.variable(fresh), at: place)
        }
    }

    private final class Renamed { var names: [String: String] = [:] }
}
