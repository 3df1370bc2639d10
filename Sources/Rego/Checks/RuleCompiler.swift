/// Takes a module's rules through the checks that need no other module's bodies.
struct RuleCompiler {
    let module: Module
    let index: Int
    let globals: [String: [String]]
    let signatures: Signatures
    let names: NameSource
    let options: CompilerOptions
    let metadata: MetadataIndex
    let functions: Set<[String]>

    private func resolver(_ rule: Int? = nil) -> Resolver {
        var resolver = Resolver(
            globals: globals, names: names, source: module.source, functions: functions, builtins: signatures.builtins)
        resolver.keepsPrint = options.keepsPrint
        resolver.isStrict = options.isStrict
        if let rule { resolver.metadata = { [metadata, index] in metadata.constants(module: index, rule: rule) } }
        return resolver
    }

    func compile(_ rule: Rule, number: Int) throws(RegoErrors) -> CompiledRule {
        let fixed = Self.fixedPath(rule)
        let rest = Array(rule.path.dropFirst(fixed.count - 1))
        var branches: [CompiledRule.Branch] = []
        let base = resolver(number)
        for branch in [rule] + rule.otherwise {
            branches.append(try self.branch(branch, rest: rest, element: rule.element, base))
        }
        return CompiledRule(
            module: index, fixedPath: module.package + fixed, isSet: rule.element != nil,
            arity: rule.arguments.flatMap { $0.isEmpty ? nil : $0.count }, isDefault: rule.isDefault,
            branches: branches,
            place: rule.place)
    }

    /// The name and the strings directly after it.
    static func fixedPath(_ rule: Rule) -> [String] {
        [rule.name] + rule.path.prefix { $0.string != nil }.compactMap(\.string)
    }

    private func branch(
        _ rule: Rule, rest: [Term], element: Term?, _ base: Resolver
    ) throws(RegoErrors) -> CompiledRule.Branch {
        var resolver = base
        let value = element ?? rule.value ?? Term(.bool(true), at: rule.place)
        let resolved: (arguments: [Term], body: [Literal], head: [Term])
        do throws(RegoError) {
            resolved = try resolver.scoped { resolver throws(RegoError) in
                let arguments = try resolver.arguments(rule.arguments ?? [])
                return try resolver.scoped { resolver throws(RegoError) in
                    let body = try resolver.resolve(rule.body)
                    return (arguments, body, try resolver.resolve(all: [value] + rest))
                }
            }
        } catch { throw RegoErrors([error]) }
        try checkCalls(resolved.body, resolved.head)
        let flattener = Flattener(names: names, functions: functions)
        var body = flattener.flatten(resolved.body)
        let bodyEnd = body.count
        let head = flattener.flatten(head: resolved.head, into: &body)
        for at in bodyEnd..<body.count { body[at].origin = rule.headSpan }
        let safety = Safety(signatures: signatures, source: module.source)
        let ordered = try safety.order(body, safe: KnownNames(Set(resolved.arguments.flatMap(\.variables))))
        try safety.check(head: head, safe: ordered.safe)
        try checkKinds(ordered.body)
        return CompiledRule.Branch(
            arguments: resolved.arguments, body: ordered.body, path: Array(head.dropFirst()), value: head[0],
            place: rule.place, head: rule.headSpan)
    }

    /// The body of a query, and its variables by the names that answers have.
    func compile(query: [Literal]) throws(RegoErrors) -> (
        body: [Literal], variables: [(name: String, spelled: String)]
    ) {
        var resolver = resolver()
        resolver.isStrict = false
        let resolved: [Literal]
        do throws(RegoError) {
            resolved = try resolver.scoped { resolver throws(RegoError) in try resolver.resolve(query) }
        } catch { throw RegoErrors([error]) }
        try checkCalls(resolved, [])
        let body = Flattener(names: names, functions: functions).flatten(resolved)
        let ordered = try Safety(signatures: signatures, source: module.source).order(body, safe: KnownNames())
        var visitor = VariableVisitor()
        visitor.visit(ordered.body)
        let variables = visitor.plain.compactMap { name in NameSource.spelled(name).map { (name, $0) } }
        return (ordered.body, variables.sorted { $0.1 < $1.1 })
    }

    private func checkKinds(_ body: [Literal]) throws(RegoErrors) {
        var checker = KindChecker(signatures: signatures, source: module.source)
        checker.check(body)
        guard checker.errors.isEmpty else { throw RegoErrors(checker.errors) }
    }

    private func checkCalls(_ body: [Literal], _ head: [Term]) throws(RegoErrors) {
        var checker = CallChecker(signatures: signatures, source: module.source)
        checker.refusesDeprecated = module.isV1 || options.isStrict
        checker.restriction = options.restriction
        checker.visit(body)
        checker.visit(head)
        guard checker.errors.isEmpty else { throw RegoErrors(checker.errors) }
    }
}

extension Resolver {
    /// Declares what the arguments of a function name.
    mutating func arguments(_ terms: [Term]) throws(RegoError) -> [Term] {
        guard let last = scopes.indices.last else { return terms }
        scopes[last].isArguments = true
        // A variable may occur several times: its values must be equal.
        func declare(_ resolver: inout Resolver, _ term: Term) throws(RegoError) -> Term {
            switch term.node {
            case .variable(let name):
                if let known = resolver.scopes[last].declared[name] { return Term(.variable(known), at: term.place) }
                return Term(.variable(try resolver.declare(name, at: term.place, by: .argument)), at: term.place)
            case .array(let terms): return Term(.array(try resolver.map(terms, declare)), at: term.place)
            case .object(let members):
                var declared: [Term.Member] = []
                for member in members {
                    declared.append(
                        Term.Member(key: try resolver.resolve(member.key), value: try declare(&resolver, member.value)))
                }
                return Term(.object(declared), at: term.place)
            default: return try resolver.resolve(term)
            }
        }
        return try map(terms, declare)
    }
}
