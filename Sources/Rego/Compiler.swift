/// How modules are compiled.
public struct CompilerOptions: Sendable {
    /// For modules and queries that do not say otherwise by `import rego.v1`.
    public var version: RegoVersion = .v1
    /// Unused variables, imports and shadowed names are errors.
    public var isStrict = false
    /// Whether calls of `print` are kept; they do nothing otherwise.
    public var keepsPrint = false
    public var builtins: BuiltinRegistry = .standard
    /// Which of the builtins modules and queries may call.
    public var restriction = BuiltinRestriction()
    public var limits = SyntaxLimits()

    public init() {}
}

/// Compiles modules and queries to OPA's intermediate representation.
///
/// Add modules, then ask for a policy as often as wanted; a failure leaves the compiler as it was.
public struct Compiler: Sendable {
    public let options: CompilerOptions
    public internal(set) var modules: [Module] = []

    public init(_ options: CompilerOptions = CompilerOptions()) { self.options = options }

    /// A query with the name of the plan that it becomes.
    public struct Query: Sendable, Hashable {
        public var name: String
        public var text: String
        /// The package that the text speaks from: `app.users`. Empty for none.
        public var package = ""
        /// As after `import`: `data.lib as l`.
        public var imports: [String] = []
        /// Whether answers have the values of expressions too; see ``expressions(of:)``.
        public var keepsValues = false

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }

        /// An entry point as `opa build -e` names it, `example/allow`: a plan whose answer is its value as `result`.
        public static func entryPoint(_ path: String) -> Query {
            let reference = RefText.of(["data"] + path.split(separator: "/").map(String.init))
            return Query(name: path, text: "result = \(reference)")
        }
    }

    /// Reads a module. `name` is the file that messages speak of.
    ///
    /// - Throws: `rego_parse_error`.
    public mutating func add(module text: String, name: String, version: RegoVersion? = nil) throws(RegoErrors) {
        let source = SourceText(name: name, bytes: Array(text.utf8))
        try add(source, version)
    }

    /// Bytes that are no UTF-8 are a parse error.
    public mutating func add(module bytes: [UInt8], name: String, version: RegoVersion? = nil) throws(RegoErrors) {
        try add(SourceText(name: name, bytes: bytes), version)
    }

    private mutating func add(_ source: SourceText, _ version: RegoVersion?) throws(RegoErrors) {
        do throws(RegoError) {
            modules.append(try Parser.module(source, version: version ?? options.version, limits: options.limits))
        } catch { throw RegoErrors([error]) }
    }

    /// Changes the modules as they were read, before anything is compiled of them.
    public mutating func edit(_ change: (inout Module) -> Void) {
        for at in modules.indices { change(&modules[at]) }
    }

    /// Finds what is wrong with the modules, rules included that no query needs.
    public func check() throws(RegoErrors) {
        let planner = try planner(with: [])
        try planner.planAll()
    }

    /// - Parameter isObserved: whether evaluations can be traced and their coverage counted, at the price of speed.
    public func compile(_ queries: [Query], isObserved: Bool = false) throws(RegoErrors) -> IR.Policy {
        var metrics = QueryMetrics()
        return try compile(queries, isObserved: isObserved, metrics: &metrics)
    }

    /// - Parameter metrics: receives the time to parse the queries and the time to compile them and the modules.
    public func compile(
        _ queries: [Query], isObserved: Bool = false, metrics: inout QueryMetrics
    ) throws(RegoErrors) -> IR.Policy {
        var sources: [SourceText] = []
        for query in queries {
            sources.append(
                SourceText(
                    name: queries.count == 1 ? "<query>" : "<query \(query.name)>", bytes: Array(query.text.utf8)))
        }
        var bodies: [[Literal]] = []
        for source in sources {
            bodies.append(try metrics.measure(.queryParse) { () throws(RegoErrors) in try parse(query: source) })
        }
        return try metrics.measure(.queryCompile) { () throws(RegoErrors) in
            let compilation = try compilation()
            let planner = Planner(
                tree: compilation.tree, signatures: compilation.signatures, sources: modules.map(\.source) + sources,
                queries: sources.count, isObserved: isObserved)
            for (at, query) in queries.enumerated() {
                let file = modules.count + at
                let (body, variables) = try compiled(bodies[at], of: query, sources[at], file: file, compilation)
                try planner.plan(query: body, variables: variables, name: query.name, file: file)
            }
            try planner.planAll()
            return planner.prunedPolicy()
        }
    }

    /// The rules of all modules and a query's body, both compiled.
    func compiled(query text: String) throws(RegoErrors) -> (tree: RuleTree, body: [Literal]) {
        let source = SourceText(name: "<query>", bytes: Array(text.utf8))
        let body = try parse(query: source)
        let compilation = try compilation()
        let query = Query(name: "", text: text)
        return (compilation.tree, try compiled(body, of: query, source, file: modules.count, compilation).body)
    }

    func parse(query source: SourceText) throws(RegoErrors) -> [Literal] {
        do throws(RegoError) {
            return try Parser.query(source, version: options.version, limits: options.limits)
        } catch { throw RegoErrors([error]) }
    }

    /// A query's body, checked and in order, and its variables by the names that answers have.
    func compiled(
        _ expressions: [Literal], of query: Query, _ source: SourceText, file: Int, _ compilation: Compilation
    ) throws(RegoErrors) -> (body: [Literal], variables: [(name: String, spelled: String)]) {
        let (holder, globals) = try surroundings(of: query, source)
        let rules = RuleCompiler(
            module: holder, index: file, globals: globals, signatures: compilation.signatures, names: compilation.names,
            options: options, metadata: MetadataIndex([]), functions: compilation.functions)
        return try rules.compile(query: query.keepsValues ? keepingValues(expressions) : expressions)
    }

    /// The module that a query would stand in, and what names mean there.
    private func surroundings(
        of query: Query, _ source: SourceText
    ) throws(RegoErrors) -> (Module, globals: [String: [String]]) {
        guard !query.package.isEmpty || !query.imports.isEmpty else {
            let holder = Module(
                package: [], packagePlace: .start, imports: [], rules: [], annotations: [], isV1: true, source: source)
            return (holder, [:])
        }
        let lines =
            ["package \(query.package.isEmpty ? "query" : query.package)"] + query.imports.map { "import \($0)" }
        let text = SourceText(name: "<package and imports>", bytes: Array(lines.joined(separator: "\n").utf8))
        do throws(RegoError) {
            var holder = try Parser.module(text, version: options.version, limits: options.limits)
            if query.package.isEmpty { holder.package = [] }
            let globals = try globals(of: holder, packageNames[holder.package] ?? [:])
            holder.source = source
            return (holder, globals)
        } catch { throw RegoErrors([error]) }
    }

    // MARK: Modules

    struct Compilation {
        var tree: RuleTree
        var signatures: Signatures
        var functions: Set<[String]>
        var names: NameSource
    }

    private func planner(with sources: [SourceText]) throws(RegoErrors) -> Planner {
        let compilation = try compilation()
        return Planner(
            tree: compilation.tree, signatures: compilation.signatures, sources: modules.map(\.source) + sources)
    }

    func compilation() throws(RegoErrors) -> Compilation {
        var errors: [RegoError] = []
        let signatures = Signatures(builtins: options.builtins, functions: arities)
        let functions = Set(signatures.functions.keys)
        let names = NameSource()
        let metadata = MetadataIndex(modules)
        let tree = RuleTree()
        let packages = packageNames
        for (index, module) in modules.enumerated() {
            tree.insert(package: module.package)
            let globals: [String: [String]]
            do throws(RegoError) { globals = try self.globals(of: module, packages[module.package] ?? [:]) } catch {
                errors.append(error)
                continue
            }
            let compiler = RuleCompiler(
                module: module, index: index, globals: globals, signatures: signatures, names: names, options: options,
                metadata: metadata, functions: functions)
            for (number, rule) in module.rules.enumerated() {
                do throws(RegoErrors) { tree.insert(try compiler.compile(rule, number: number)) } catch {
                    errors += error.errors
                }
            }
        }
        tree.finish { message, rule in
            errors.append(RegoError(.type, message, in: modules[rule.module].source, at: rule.place))
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
        return Compilation(tree: tree, signatures: signatures, functions: functions, names: names)
    }

    private var arities: [[String]: Int] {
        var functions: [[String]: Int] = [:]
        for module in modules {
            for rule in module.rules {
                guard let arguments = rule.arguments else { continue }
                functions[module.package + RuleCompiler.fixedPath(rule)] = arguments.count
            }
        }
        return functions
    }

    /// The rules of each package, in whatever modules, with their paths from `data` on.
    private var packageNames: [[String]: [String: [String]]] {
        var packages: [[String]: [String: [String]]] = [:]
        for module in modules {
            for rule in module.rules where packages[module.package]?[rule.name] == nil {
                packages[module.package, default: [:]][rule.name] = ["data"] + module.package + [rule.name]
            }
        }
        return packages
    }

    /// What names mean in a module: its package's rules, and its imports.
    private func globals(
        of module: Module, _ names: [String: [String]]
    ) throws(RegoError) -> [String: [String]] {
        var globals = names
        for rule in module.rules where VariableVisitor.roots.contains(rule.name) {
            throw RegoError(
                .compile, "rules must not shadow \(rule.name) (use a different rule name)", in: module.source,
                at: rule.place)
        }
        if options.isStrict, !module.rules.isEmpty { try checkImports(of: module) }
        var imported: Set<String> = []
        for item in module.imports {
            guard item.path[0] == "data" || item.path[0] == "input" else { continue }
            if !imported.insert(item.name).inserted, module.isV1 || options.isStrict {
                throw RegoError(
                    .compile, "import must not shadow import \(item.name)", in: module.source, at: item.place)
            }
            globals[item.name] = item.path
        }
        return globals
    }

    /// Strict mode: what is imported is used somewhere.
    private func checkImports(of module: Module) throws(RegoError) {
        var visitor = VariableVisitor()
        visitor.includesFunctions = true
        for rule in module.rules { for branch in [rule] + rule.otherwise { visitor.visit(branch) } }
        let used = visitor.closed.union(visitor.plain)
        for item in module.imports where item.path[0] == "data" || item.path[0] == "input" {
            guard !used.contains(item.name) else { continue }
            throw RegoError(
                .compile, "import \(item.path.joined(separator: ".")) unused", in: module.source, at: item.place)
        }
    }
}
