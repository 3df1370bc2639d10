/// Tells how far rules get with an input: how many of their lines hold, from the first on.
///
/// For explanations. Rules say only that they apply; so that a line can be asked for, a set is compiled beside them that
/// holds the number of each rule's lines for which all up to that one hold.
public struct RuleConditions: Sendable {
    /// A rule with what it asks for.
    public struct Site: Sendable {
        /// The name of its module, and its index there.
        public var module: String
        public var rule: Int
        /// Below `data`.
        public var path: [String]
        public var place: SourcePlace
        public var conditions: [Literal]
    }

    public let sites: [Site]
    private let queries: [PreparedQuery]

    /// Cannot collide with a name in a module.
    private static let name = "conditions of rules"

    /// - Parameter paths: of the sets whose rules are asked for, below `data`.
    /// - Throws: ``RegoErrors`` when the modules do not compile.
    public init(of paths: Set<[String]>, in compiler: Compiler) throws {
        var options = compiler.options
        options.isStrict = false
        var plain = Compiler(options)
        plain.modules = compiler.modules
        sites = plain.modules.flatMap { Self.sites(in: $0, paths) }
        let packages = Set(sites.map { Array($0.path.dropLast()) }).sorted { $0.lexicographicallyPrecedes($1) }
        let names = packages.map { ($0 + [Self.name]).joined(separator: "/") }
        let queries = names.map { Compiler.Query.entryPoint($0) }
        let policy = try Self.compile(plain, sites, queries)
        let program = try Program(policy, builtins: options.builtins)
        self.queries = try names.map { try PreparedQuery(program, entryPoint: $0) }
    }

    /// - Returns: for each of ``sites``, how many of its conditions hold, from the first on.
    public func evaluate(
        input: RegoValue?, data: RegoValue, options: EvaluationOptions = .default
    ) throws(EvaluationError) -> [Int] {
        var held = [Int](repeating: 0, count: sites.count)
        for query in queries {
            let answer = try query.evaluate(input: input, data: data, options: options).value
            for pair in answer?.set ?? [] {
                guard let site = pair.array?.first?.number?.int, let count = pair.array?.last?.number?.int,
                    held.indices.contains(site)
                else { continue }
                held[site] = max(held[site], count)
            }
        }
        return held
    }

    private static func sites(in module: Module, _ paths: Set<[String]>) -> [Site] {
        module.rules.enumerated().compactMap { index, rule in
            let path = module.package + RuleCompiler.fixedPath(rule)
            guard rule.element != nil, paths.contains(path) else { return nil }
            return Site(module: module.name, rule: index, path: path, place: rule.place, conditions: rule.body)
        }
    }

    /// Lines may stand in any order, so the first ones alone may be unsafe: of such a rule only the whole is asked for.
    private static func compile(
        _ compiler: Compiler, _ sites: [Site], _ queries: [Compiler.Query]
    ) throws(RegoErrors) -> IR.Policy {
        do { return try probing(compiler, sites, whole: []).compile(queries) } catch {
            let whole = sites.indices.filter { at in
                error.errors.contains { $0.file == sites[at].module && covers(sites, at, row: $0.row) }
            }
            return try probing(compiler, sites, whole: Set(whole)).compile(queries)
        }
    }

    /// Whether the row lies between this site and the next of its module.
    private static func covers(_ sites: [Site], _ at: Int, row: Int) -> Bool {
        guard row >= sites[at].place.row else { return false }
        let next = sites[(at + 1)...].first { $0.module == sites[at].module }
        return next.map { row < $0.place.row } ?? true
    }

    private static func probing(_ compiler: Compiler, _ sites: [Site], whole: Set<Int>) -> Compiler {
        var compiler = compiler
        for (number, site) in sites.enumerated() {
            guard let module = compiler.modules.firstIndex(where: { $0.name == site.module }) else { continue }
            let total = site.conditions.count
            for count in whole.contains(number) ? total...total : min(1, total)...total {
                var rule = Rule(
                    head: Term(.variable(name), at: site.place), body: Array(site.conditions.prefix(count)),
                    at: site.place)
                let pair = [number, count].map { Term(.number(RegoNumber($0)), at: site.place) }
                rule.element = Term(.array(pair), at: site.place)
                compiler.modules[module].rules.append(rule)
            }
        }
        return compiler
    }
}
