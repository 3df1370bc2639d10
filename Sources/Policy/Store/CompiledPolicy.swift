internal import Core
internal import JSON
internal import Rego

/// All modules and plans, compiled: what stays the same when only data changes.
final class CompiledPolicy: Sendable {
    let modules: [String: PolicyModule]
    let plans: [String: [UInt8]]
    let compiler: Compiler
    /// Each rule's path below `data`, as far as it is fixed, with where it stands.
    let rules: [RuleSite]
    private let options: PolicyOptions
    /// Entry points of plans by name.
    private let planned: [String: PlannedQuery]
    private let queries: QueryCache

    private struct PlannedQuery: Sendable {
        let query: PreparedQuery
        let bundle: String
    }

    struct RuleSite: Sendable {
        let path: [String]
        /// Steps of the path that are the package's.
        let package: Int
        let module: String
        let place: SourcePlace
    }

    /// - Parameters:
    ///   - modules: by id, the name that messages speak of.
    ///   - plans: by the name of their bundle.
    /// - Throws: ``RegoErrors`` or ``GatehouseError``.
    init(modules: [String: PolicyModule], plans: [String: [UInt8]], options: PolicyOptions) throws {
        self.modules = modules
        self.plans = plans
        self.options = options
        compiler = try Self.compiler(for: modules, options)
        rules = compiler.modules.flatMap { module in
            module.rules.map { rule in
                RuleSite(
                    path: module.package + rule.fixedPath, package: module.package.count, module: module.name,
                    place: rule.place)
            }
        }
        planned = try Self.queries(of: plans, options)
        queries = QueryCache(capacity: options.preparedQueries)
        try compileRequired()
    }

    private static func compiler(
        for modules: [String: PolicyModule], _ options: PolicyOptions
    ) throws -> Compiler {
        let size = modules.values.reduce(0) { $0 + $1.text.count }
        guard size <= options.moduleBytes else {
            throw GatehouseError(
                "policy", .tooLarge, "the modules have \(size) bytes together, more than \(options.moduleBytes)")
        }
        var compiler = Compiler(options.compiler)
        var errors: [RegoError] = []
        for (id, module) in modules.sorted(by: { $0.key < $1.key }) {
            do throws(RegoErrors) {
                try compiler.add(module: module.text, name: id, version: module.version)
            } catch { errors += error.errors }
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
        return compiler
    }

    private static func queries(of plans: [String: [UInt8]], _ options: PolicyOptions) throws -> [String: PlannedQuery]
    {
        var found: [String: PlannedQuery] = [:]
        for (bundle, bytes) in plans.sorted(by: { $0.key < $1.key }) {
            let program = try Program(IR.Policy(plan: bytes), builtins: options.compiler.builtins)
            for name in program.entryPoints {
                let query = PlannedQuery(query: try PreparedQuery(program, entryPoint: name), bundle: bundle)
                guard found.updateValue(query, forKey: name) == nil else {
                    throw GatehouseError(
                        "policy", .conflict, "the plan of bundle \(bundle) has the entry point \(name) of another")
                }
            }
        }
        return found
    }

    /// The entry points of plans, each with its bundle.
    var plannedPaths: [(bundle: String, path: [String])] {
        planned.sorted { $0.key < $1.key }.map { ($0.value.bundle, Root($0.key).steps) }
    }

    func planned(_ path: [String]) -> Bool { planned[path.joined(separator: "/")] != nil }

    // MARK: Queries

    /// The plan's entry point, or else a query for the document at the path.
    func prepare(path: [String]) throws -> PreparedQuery {
        let name = path.joined(separator: "/")
        if let planned = planned[name] { return planned.query }
        return try queries.query(Self.key(path)) { try compile(.document(path)) }
    }

    func prepare(query text: String) throws -> PreparedQuery {
        try queries.query("?\(text)") { try compile(Compiler.Query(name: "query", text: text)) }
    }

    /// Steps of a path may hold slashes themselves: each is counted.
    private static func key(_ path: [String]) -> String {
        path.reduce(into: "/") { $0 += "\($1.utf8.count):\($1)" }
    }

    private func compile(_ query: Compiler.Query) throws -> PreparedQuery {
        let program = try Program(try compiler.compile([query]), builtins: options.compiler.builtins)
        return try PreparedQuery(program, entryPoint: query.name)
    }

    /// Checks all modules and compiles the required entry points, in one program.
    private func compileRequired() throws {
        var missing: [[String]] = []
        for name in options.requiredEntryPoints where planned[name] == nil {
            let path = Root(name).steps
            guard rules.contains(where: { path.starts(with: $0.path) || $0.path.starts(with: path) }) else {
                throw GatehouseError(
                    "policy", .invalid, "no rule defines data.\(path.joined(separator: ".")), which must be there",
                    hint: "Define it in a module of an active bundle.")
            }
            missing.append(path)
        }
        // Compiling checks everything too.
        guard !missing.isEmpty else { return try compiler.check() }
        let wanted = missing.map { Compiler.Query.document($0) }
        let program = try Program(try compiler.compile(wanted), builtins: options.compiler.builtins)
        for (path, query) in zip(missing, wanted) {
            queries.keep(try PreparedQuery(program, entryPoint: query.name), for: Self.key(path))
        }
    }
}

extension Compiler.Query {
    /// The document at a path below `data`, as `result`.
    static func document(_ path: [String]) -> Compiler.Query {
        let steps = path.map { "[\(RegoValue($0).json.text())]" }
        return Compiler.Query(name: path.joined(separator: "/"), text: "result = data\(steps.joined())")
    }
}

extension Rule {
    /// The steps of its head up to the first that is no string.
    var fixedPath: [String] {
        guard case .variable(let name) = head.node else { return [] }
        var steps = [name]
        for term in path {
            guard case .string(let step) = term.node else { break }
            steps.append(step)
        }
        return steps
    }
}
