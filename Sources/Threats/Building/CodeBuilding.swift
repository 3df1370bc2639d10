import Scan

/// Makes programs of what code says: their ways in, the stores that they use, and the servers that they call.
struct CodeBuilding {
    let code: [String: CodeFacts]
    private(set) var components: Components

    init(_ code: [String: CodeFacts], _ components: Components) {
        self.code = code
        self.components = components
    }

    mutating func build(into builder: inout ModelBuilder) {
        let folders = Dictionary(grouping: code.keys.sorted()) { components.folder(of: $0) }
        for (folder, paths) in folders.sorted(by: { $0.key < $1.key }) { build(folder, paths, into: &builder) }
    }

    private mutating func build(_ folder: String, _ paths: [String], into builder: inout ModelBuilder) {
        let files = paths.compactMap { path in code[path].map { (path, $0) } }
        guard let id = process(folder, files, into: &builder) else { return }
        let guarded = files.reduce(into: [:]) { $0.merge($1.1.guarded) { first, _ in first } }
        addRoutes(files, id, guarded, into: &builder)
        addDoors(files, id, into: &builder)
        addStores(files, id, folder, into: &builder)
        addCalls(files, id, into: &builder)
        for (path, facts) in files {
            for mark in facts.marks { builder.mark(id, mark.trait, Evidence(path, mark.line, mark.reason)) }
        }
    }

    // MARK: - The program

    /// What runs the code: a service that is built of it, else a program of its own. Nil for code that nothing is known of.
    private mutating func process(
        _ folder: String, _ files: [(String, CodeFacts)], into builder: inout ModelBuilder
    ) -> String? {
        if let known = components.elements[folder] { return known }
        guard let first = files.first(where: { !$0.1.routes.isEmpty }) ?? files.first(where: Self.isProgram) else {
            return nil
        }
        let frameworks = Set(files.flatMap { $0.1.routes.map(\.framework) }).sorted()
        let boundary = Boundary(
            id: "application:\(folder)", kind: .application,
            name: Name.shown(folder.isEmpty ? "Application" : "Application \(folder)"))
        let line =
            first.1.routes.first?.line ?? first.1.commands.first?.line ?? first.1.stores.first?.line
            ?? first.1.calls.first?.line
        let name = folder.split(separator: "/").last.map(String.init) ?? "application"
        let id = builder.add(
            Element(
                "application:\(folder.isEmpty ? "." : folder)", .process,
                frameworks.isEmpty ? "program" : frameworks.joined(separator: ", "), name, in: boundary,
                Evidence(first.0, line ?? 1, "its code")), in: boundary)
        components.set(folder, id)
        return id
    }

    private static func isProgram(_ file: (String, CodeFacts)) -> Bool {
        let facts = file.1
        return !facts.commands.isEmpty || !facts.stores.isEmpty || !facts.calls.isEmpty || !facts.consumers.isEmpty
    }

    // MARK: - Ways in

    private func addRoutes(
        _ files: [(String, CodeFacts)], _ id: String, _ guarded: [String: String], into builder: inout ModelBuilder
    ) {
        var open: [Evidence] = []
        var isAnyGuarded = false
        for (path, facts) in files {
            for route in facts.routes {
                let asked = route.guardName ?? route.handler.flatMap { guarded[$0] } ?? facts.wholeGuard?.name
                let name = "\(route.methods.joined(separator: ",")) \(route.path)"
                builder.enter(
                    EntryPoint(
                        kind: .route, name: Name.shown(name), element: id,
                        isPublic: builder.elements[id]?.traits.has(.isPublic) == true,
                        isGuarded: asked == nil ? nil : true,
                        evidence: Evidence(path, route.line, "a route of \(route.framework)")))
                builder.mark(id, .servesRoutes, Evidence(path, route.line, "serves \(name)"))
                if let asked {
                    isAnyGuarded = true
                    builder.mark(id, .guarded, Evidence(path, route.line, "\(name) asks for \(Name.shown(asked))"))
                } else if route.isWrite {
                    open.append(Evidence(path, route.line, "\(name) names nothing that asks who sends, as others do"))
                }
            }
        }
        // Where nothing asks, who comes may be asked elsewhere; where most do, what does not stands out.
        guard isAnyGuarded else { return }
        for evidence in open { builder.mark(id, .unguardedWrite, evidence) }
    }

    private func addDoors(_ files: [(String, CodeFacts)], _ id: String, into builder: inout ModelBuilder) {
        for (path, facts) in files {
            for (kind, named, what) in [
                (EntryPoint.Kind.command, facts.commands, "reads a command line"),
                (.message, facts.consumers, "takes messages"),
            ] {
                for one in named {
                    builder.enter(
                        EntryPoint(
                            kind: kind, name: Name.shown(kind == .command ? path : one.name), element: id,
                            isPublic: false,
                            isGuarded: nil, evidence: Evidence(path, one.line, what)))
                }
            }
        }
    }

    // MARK: - Ways out

    private func addStores(
        _ files: [(String, CodeFacts)], _ id: String, _ folder: String, into builder: inout ModelBuilder
    ) {
        var databases: [String] = []
        for (path, facts) in files {
            for use in facts.stores {
                let evidence = Evidence(path, use.line, "a client of \(Technology.words(use.technology))")
                let store = store(use.technology, of: id, folder, evidence, into: &builder)
                if !Technology.secretStores.contains(use.technology) { databases.append(store) }
                let traits: [Trait] = use.isEncrypted.map { [$0 ? .encryptedInTransit : .plainInTransit] } ?? []
                builder.connect(id, store, "uses", evidence, traits)
            }
        }
        addModels(files, id, folder, databases, into: &builder)
    }

    /// One that the program is known to use already, else one of its own.
    private func store(
        _ technology: String, of id: String, _ folder: String, _ evidence: Evidence, into builder: inout ModelBuilder
    ) -> String {
        let used = builder.flows.values.filter { $0.source == id }.map(\.target).sorted()
        let relational: Set<String> = ["postgresql", "mysql", "sql-server"]
        if let known = used.first(where: { target in
            guard let element = builder.elements[target], element.kind == .store else { return false }
            return element.type == technology || technology == "sql" && relational.contains(element.type)
        }) {
            return known
        }
        var boundary = Boundary(
            id: "services:\(folder)", kind: .network,
            name: Name.shown(folder.isEmpty ? "Services" : "Services of \(folder)"))
        if Technology.clouds.contains(technology) {
            boundary = Boundary(id: "account:code", kind: .account, name: "Cloud")
        }
        if Technology.local.contains(technology), let process = builder.elements[id] {
            boundary = Boundary(id: process.boundary, kind: .application, name: "Application")
        }
        var element = Element(
            "store:\(folder.isEmpty ? "." : folder):\(technology)", .store, technology, Technology.words(technology),
            in: boundary, evidence)
        if Technology.secretStores.contains(technology) { element.traits.add(.credentials, evidence) }
        return builder.add(element, in: builder.boundary(boundary.id) ?? boundary)
    }

    /// What models say of persons, they say of the database that they are kept in.
    private func addModels(
        _ files: [(String, CodeFacts)], _ id: String, _ folder: String, _ databases: [String],
        into builder: inout ModelBuilder
    ) {
        let queues: Set<String> = ["rabbitmq", "kafka", "redis", "sqs", "sns", "s3"]
        for (path, facts) in files {
            for model in facts.models {
                let evidence = Evidence(path, model.line, Self.words(model))
                let kept = databases.first { !queues.contains(builder.elements[$0]?.type ?? "") }
                let store = kept ?? self.store("sql", of: id, folder, evidence, into: &builder)
                if kept == nil { builder.connect(id, store, "uses", evidence) }
                if !model.fields.isEmpty { builder.mark(store, .personalData, evidence) }
                if model.holdsCredentials { builder.mark(store, .credentials, evidence) }
            }
        }
    }

    private static func words(_ model: CodeFacts.DataModel) -> String {
        let fields = model.fields.prefix(5) + (model.holdsCredentials ? ["passwords"] : [])
        return "\(Name.shown(model.name)) holds \(fields.map { Name.shown($0, limit: 40) }.joined(separator: ", "))"
    }

    private func addCalls(_ files: [(String, CodeFacts)], _ id: String, into builder: inout ModelBuilder) {
        for (path, facts) in files {
            for call in facts.calls {
                let evidence = Evidence(path, call.line, "a request to \(call.host)")
                let target = "external:\(call.host)"
                builder.outsider(target, "service", call.host, in: .thirdParties, evidence)
                builder.connect(
                    id, target, "calls", Evidence(path, call.line, "over \(call.isPlain ? "http" : "https")"),
                    [call.isPlain ? .plainInTransit : .encryptedInTransit])
            }
        }
    }
}
