/// A term of a policy's syntax.
public struct Term: Sendable {
    public var node: Node
    public var place: SourcePlace
    /// Terms within each other, this one included.
    let depth: Int

    public init(_ node: Node, at place: SourcePlace) {
        self.node = node
        self.place = place
        depth = node.depth
    }

    public indirect enum Node: Sendable {
        case null
        case bool(Bool)
        case number(RegoNumber)
        case string(String)
        case variable(String)
        /// A head and what follows it in brackets or, as strings, after dots.
        case reference(Term, [Term])
        case array([Term])
        case object([Member])
        case set([Term])
        case arrayComprehension(Term, [Literal])
        case setComprehension(Term, [Literal])
        case objectComprehension(Member, [Literal])
        /// A function by variable or reference. Operators are calls of their builtin: `plus`, `equal`, `eq`, `assign`.
        case call(Term, [Term])
        /// `$"…{x}…"`
        case template([TemplatePart])
    }

    public struct Member: Sendable {
        public var key: Term
        public var value: Term
    }

    public enum TemplatePart: Sendable {
        case text(String)
        case expression(Literal)
    }
}

/// A line of a body: what the grammar calls a literal.
public struct Literal: Sendable {
    public indirect enum Kind: Sendable {
        case term(Term)
        /// `some x, y`
        case some([Term])
        /// `some k, v in xs`
        case someIn(key: Term?, value: Term, collection: Term)
        case every(key: Term?, value: Term, domain: Term, body: [Literal])
    }

    public struct With: Sendable {
        public var target: Term
        public var value: Term
    }

    public var kind: Kind
    public var isNegated = false
    public var with: [With] = []
    public var place: SourcePlace
    /// The expression of the policy's text that this one is, or was taken out of; nil for what the compiler adds.
    var origin: SourceSpan?

    init(_ kind: Kind, at place: SourcePlace) {
        self.kind = kind
        self.place = place
    }

    init(_ term: Term) { self.init(.term(term), at: term.place) }

    /// An expression that follows from this one: at its place and under the same `with`.
    func derived(_ term: Term) -> Literal {
        var expression = Literal(.term(term), at: place)
        expression.with = with
        expression.origin = origin
        return expression
    }

    var depth: Int {
        let inner =
            switch kind {
            case .term(let term): term.depth
            case .some: 1
            case .someIn(_, let value, let collection): max(value.depth, collection.depth)
            case .every(_, _, let domain, let body): max(domain.depth, body.depth)
            }
        return with.reduce(inner) { max($0, $1.value.depth) } + 1
    }
}

extension [Term] {
    var depth: Int { reduce(0) { Swift.max($0, $1.depth) } }
}

extension [Literal] {
    var depth: Int { reduce(0) { Swift.max($0, $1.depth) } }
}

extension Term.Node {
    fileprivate var depth: Int {
        switch self {
        case .null, .bool, .number, .string, .variable: 1
        case .reference(let head, let arguments): Swift.max(head.depth, arguments.depth) + 1
        case .array(let terms), .set(let terms): terms.depth + 1
        case .object(let members): members.reduce(0) { Swift.max($0, $1.key.depth, $1.value.depth) } + 1
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            Swift.max(head.depth, body.depth) + 1
        case .objectComprehension(let head, let body): Swift.max(head.key.depth, head.value.depth, body.depth) + 1
        case .call(let function, let arguments): Swift.max(function.depth, arguments.depth) + 1
        case .template(let parts): parts.reduce(0) { Swift.max($0, $1.depth) } + 1
        }
    }
}

extension Term.TemplatePart {
    fileprivate var depth: Int {
        switch self {
        case .text: 1
        case .expression(let expression): expression.depth
        }
    }
}

extension Term {
    var variable: String? { if case .variable(let name) = node { name } else { nil } }
    var string: String? { if case .string(let text) = node { text } else { nil } }

    var isScalar: Bool {
        switch node {
        case .null, .bool, .number, .string: true
        default: false
        }
    }

    static func call(_ function: String, _ arguments: [Term], at place: SourcePlace) -> Term {
        Term(.call(Term(.variable(function), at: place), arguments), at: place)
    }

    static func equation(_ left: Term, _ right: Term, at place: SourcePlace) -> Term {
        call("eq", [left, right], at: place)
    }

    /// The constant that this term spells; nil when it is none.
    var constant: RegoValue? {
        switch node {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .number(let number): return .number(number)
        case .string(let text): return RegoValue(text)
        case .array(let terms): return Self.constants(terms).map { .array(RegoArray($0)) }
        case .set(let terms): return Self.constants(terms).map { .set(RegoSet($0)) }
        case .object(let members):
            guard let keys = Self.constants(members.map(\.key)), let values = Self.constants(members.map(\.value)),
                Set(keys).count == keys.count
            else { return nil }
            return .object(RegoObject(zip(keys, values)))
        default: return nil
        }
    }

    private static func constants(_ terms: [Term]) -> [RegoValue]? {
        var values: [RegoValue] = []
        for term in terms {
            guard let value = term.constant else { return nil }
            values.append(value)
        }
        return values
    }
}
