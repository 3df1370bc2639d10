/// Gives every name of a rule its meaning: a declared variable, an import, a rule of the package or a free variable.
///
/// Afterwards declared variables have names of their own, `:=` is `=`, `some x in xs` is `x = xs[_]`, templates are
/// calls, and rules are named from `data` on.
struct Resolver {
    /// Names outside of the rule: the path from `data` or `input` that each stands for.
    let globals: [String: [String]]
    let names: NameSource
    let source: SourceText
    /// Functions of policies, by their path.
    let functions: Set<[String]>
    let builtins: BuiltinRegistry
    /// What `rego.metadata.rule()` and `rego.metadata.chain()` are in this rule.
    var metadata: () -> Metadata = { Metadata(rule: .object(RegoObject()), chain: .array(RegoArray([]))) }
    var keepsPrint = false
    var isStrict = false

    struct Metadata: Sendable {
        var rule: RegoValue
        var chain: RegoValue
    }

    struct Scope {
        var declared: [String: String] = [:]
        /// Names of the body read so far, which cannot be declared any more.
        var seen: Set<String> = []
        var isArguments = false
        /// Declared and not yet read.
        var unused: [String: (declaration: Declaration, place: SourcePlace)] = [:]
    }

    /// By what a variable comes to be.
    enum Declaration {
        case argument
        /// `x := …`
        case assignment
        /// `some x`
        case some
        /// `some x in …`, `every x in …`
        case membership

        var participle: String { self == .assignment ? "assigned" : "declared" }

        /// What is wrong when the variable is never read; nil when nothing is.
        func problem(unused name: String, isStrict: Bool) -> String? {
            switch self {
            case .some: "declared var \(name) unused"
            case .assignment: isStrict ? "assigned var \(name) unused" : nil
            case .argument: isStrict ? "unused argument \(name). (hint: use _ (wildcard variable) instead)" : nil
            case .membership: nil
            }
        }
    }

    var scopes: [Scope] = []

    func error(_ code: RegoError.Code, _ message: String, at place: SourcePlace) -> RegoError {
        RegoError(code, message, in: source, at: place)
    }

    // MARK: Scopes

    mutating func scoped<Result>(_ body: (inout Resolver) throws(RegoError) -> Result) throws(RegoError) -> Result {
        scopes.append(Scope())
        let result = try body(&self)
        let scope = scopes.removeLast()
        let unused = scope.unused.sorted { $0.value.place.offset < $1.value.place.offset }
        for (name, (declaration, place)) in unused {
            guard let problem = declaration.problem(unused: name, isStrict: isStrict) else { continue }
            throw error(.compile, problem, at: place)
        }
        return result
    }

    mutating func declare(
        _ name: String, at place: SourcePlace, by declaration: Declaration
    ) throws(RegoError) -> String {
        guard name != "_" else { return names.wildcard() }
        guard !VariableVisitor.roots.contains(name) else {
            let kind = declaration == .argument ? "args" : "variables"
            throw error(.compile, "\(kind) must not shadow \(name) (use a different variable name)", at: place)
        }
        let last = scopes.count - 1
        guard last >= 0 else { return name }
        if scopes[last].declared[name] != nil {
            throw error(.compile, "var \(name) \(declaration.participle) above", at: place)
        }
        if scopes[last].seen.contains(name) { throw error(.compile, "var \(name) referenced above", at: place) }
        if declaration == .assignment, scopes.count == 2, scopes[0].isArguments, scopes[0].declared[name] != nil {
            throw error(.compile, "arg \(name) redeclared", at: place)
        }
        let unique = names.declared(name)
        scopes[last].declared[name] = unique
        scopes[last].unused[name] = (declaration, place)
        return unique
    }

    private mutating func lookup(_ name: String) -> String? {
        for at in scopes.indices.reversed() {
            if let unique = scopes[at].declared[name] {
                scopes[at].unused[name] = nil
                return unique
            }
        }
        return nil
    }

    /// Declares every variable of a pattern, and gives the pattern with their new names.
    mutating func declare(pattern term: Term, by declaration: Declaration) throws(RegoError) -> Term {
        switch term.node {
        case .variable(let name):
            return Term(.variable(try declare(name, at: term.place, by: declaration)), at: term.place)
        case .array(let terms):
            return Term(
                .array(
                    try map(terms) { resolver, term throws(RegoError) in
                        try resolver.declare(pattern: term, by: declaration)
                    }), at: term.place)
        case .object(let members):
            var declared: [Term.Member] = []
            for member in members {
                let key = try resolve(member.key)
                declared.append(Term.Member(key: key, value: try declare(pattern: member.value, by: declaration)))
            }
            return Term(.object(declared), at: term.place)
        case .null, .bool, .number, .string: return term
        case .reference where declaration == .membership, .call where declaration == .membership:
            return try resolve(term)
        default: throw error(.compile, "cannot assign to \(Self.kind(of: term))", at: term.place)
        }
    }

    private static func kind(of term: Term) -> String {
        switch term.node {
        case .reference: "ref"
        case .call: "call"
        case .set: "set"
        case .arrayComprehension: "arraycomprehension"
        case .setComprehension: "setcomprehension"
        case .objectComprehension: "objectcomprehension"
        default: "term"
        }
    }

    mutating func map(
        _ terms: [Term], _ body: (inout Resolver, Term) throws(RegoError) -> Term
    ) throws(RegoError) -> [Term] {
        var result: [Term] = []
        result.reserveCapacity(terms.count)
        for term in terms { result.append(try body(&self, term)) }
        return result
    }

    // MARK: Terms

    mutating func resolve(all terms: [Term]) throws(RegoError) -> [Term] {
        try map(terms) { resolver, term throws(RegoError) in try resolver.resolve(term) }
    }

    mutating func resolve(_ term: Term) throws(RegoError) -> Term {
        let place = term.place
        switch term.node {
        case .null, .bool, .number, .string: return term
        case .variable(let name): return variable(name, place)
        case .reference(let head, let path): return try reference(head, path, place)
        case .array(let terms): return Term(.array(try resolve(all: terms)), at: place)
        case .set(let terms): return Term(.set(try resolve(all: terms)), at: place)
        case .object(let members):
            var resolved: [Term.Member] = []
            for member in members { resolved.append(try resolve(member)) }
            return Term(.object(resolved), at: place)
        case .arrayComprehension(let head, let body):
            let (head, resolved) = try comprehension([head], body)
            return Term(.arrayComprehension(head[0], resolved), at: place)
        case .setComprehension(let head, let body):
            let (head, resolved) = try comprehension([head], body)
            return Term(.setComprehension(head[0], resolved), at: place)
        case .objectComprehension(let head, let body):
            let (terms, resolved) = try comprehension([head.key, head.value], body)
            return Term(.objectComprehension(Term.Member(key: terms[0], value: terms[1]), resolved), at: place)
        case .call(let function, let arguments): return try call(function, arguments, place)
        case .template(let parts): return try template(parts, place)
        }
    }

    private mutating func resolve(_ member: Term.Member) throws(RegoError) -> Term.Member {
        Term.Member(key: try resolve(member.key), value: try resolve(member.value))
    }

    private mutating func comprehension(
        _ head: [Term], _ body: [Literal]
    ) throws(RegoError) -> (head: [Term], body: [Literal]) {
        try scoped { resolver throws(RegoError) in
            let body = try resolver.resolve(body)
            return (try resolver.resolve(all: head), body)
        }
    }

    private mutating func variable(_ name: String, _ place: SourcePlace) -> Term {
        if name == "_" { return Term(.variable(names.wildcard()), at: place) }
        if let unique = lookup(name) { return Term(.variable(unique), at: place) }
        if VariableVisitor.roots.contains(name) { return Term(.variable(name), at: place) }
        if let path = globals[name] { return Self.rooted(path, [], place) }
        if let last = scopes.indices.last { scopes[last].seen.insert(name) }
        return Term(.variable(name), at: place)
    }

    static func rooted(_ path: [String], _ rest: [Term], _ place: SourcePlace) -> Term {
        let head = Term(.variable(path[0]), at: place)
        let steps = path.dropFirst().map { Term(.string($0), at: place) } + rest
        return steps.isEmpty ? head : Term(.reference(head, steps), at: place)
    }

    private mutating func reference(_ head: Term, _ path: [Term], _ place: SourcePlace) throws(RegoError) -> Term {
        let head = try resolve(head)
        let path = try resolve(all: path)
        if case .reference(let inner, let before) = head.node {
            return Term(.reference(inner, before + path), at: place)
        }
        return Term(.reference(head, path), at: place)
    }

    // MARK: Calls

    /// The path of a policy's function, or the name of a builtin.
    enum Function {
        case rule([String])
        case builtin(String)

        var name: String {
            switch self {
            case .rule(let path): (["data"] + path).joined(separator: ".")
            case .builtin(let name): name
            }
        }
    }

    func function(_ term: Term) -> Function? {
        guard let spelled = Self.dotted(term) else { return nil }
        if spelled[0] == "data" { return .rule(Array(spelled.dropFirst())) }
        if let path = globals[spelled[0]], path[0] == "data" {
            let full = Array(path.dropFirst()) + spelled.dropFirst()
            // A package may be imported under the first name of builtins.
            if functions.contains(full) || builtins[spelled.joined(separator: ".")] == nil { return .rule(full) }
        }
        return .builtin(spelled.joined(separator: "."))
    }

    static func dotted(_ term: Term) -> [String]? {
        switch term.node {
        case .variable(let name): return [name]
        case .reference(let head, let path):
            guard let name = head.variable else { return nil }
            let steps = path.compactMap(\.string)
            return steps.count == path.count ? [name] + steps : nil
        default: return nil
        }
    }

    private mutating func call(_ term: Term, _ arguments: [Term], _ place: SourcePlace) throws(RegoError) -> Term {
        guard let function = function(term) else { throw error(.type, "undefined function", at: place) }
        switch function {
        case .builtin("rego.metadata.rule") where arguments.isEmpty: return Term(constant: metadata().rule, at: place)
        case .builtin("rego.metadata.chain") where arguments.isEmpty: return Term(constant: metadata().chain, at: place)
        default: break
        }
        let arguments = try resolve(all: arguments)
        switch function {
        case .rule(let path): return Term(.call(Self.rooted(["data"] + path, [], term.place), arguments), at: place)
        case .builtin(let name): return Term(.call(Term(.variable(name), at: term.place), arguments), at: place)
        }
    }

    /// A part that is no constant becomes a set of at most one element, which is empty where the part is undefined.
    private mutating func template(_ parts: [Term.TemplatePart], _ place: SourcePlace) throws(RegoError) -> Term {
        var elements: [Term] = []
        for part in parts {
            switch part {
            case .text(let text): elements.append(Term(.string(text), at: place))
            case .expression(let expression):
                guard case .term(let term) = expression.kind else { continue }
                if term.isScalar, expression.with.isEmpty {
                    elements.append(term)
                } else {
                    elements.append(try templatePart(term, expression))
                }
            }
        }
        return Term.call("internal.template_string", [Term(.array(elements), at: place)], at: place)
    }

    private mutating func templatePart(_ term: Term, _ expression: Literal) throws(RegoError) -> Term {
        let variable = Term(.variable(names.fresh()), at: term.place)
        var equation = Literal(Term.equation(variable, term, at: term.place))
        equation.with = expression.with
        return try resolve(Term(.setComprehension(variable, [equation]), at: term.place))
    }
}

extension Term {
    /// A constant as syntax.
    init(constant value: RegoValue, at place: SourcePlace) {
        switch value {
        case .null: self.init(.null, at: place)
        case .bool(let bool): self.init(.bool(bool), at: place)
        case .number(let number): self.init(.number(number), at: place)
        case .string(let text): self.init(.string(text.text), at: place)
        case .array(let array): self.init(.array(array.map { Term(constant: $0, at: place) }), at: place)
        case .set(let set): self.init(.set(set.map { Term(constant: $0, at: place) }), at: place)
        case .object(let object):
            self.init(
                .object(
                    object.map {
                        Member(key: Term(constant: $0.key, at: place), value: Term(constant: $0.value, at: place))
                    }), at: place)
        }
    }
}
