internal import Core
internal import Rego

extension PolicySources {
    /// Compiles everything, unless it is the same as before.
    func snapshot(_ options: PolicyOptions, after previous: PolicySnapshot?) throws -> PolicySnapshot {
        try checkRoots()
        let data = try allData()
        try check(data, options)
        let policy = try compiled(options, after: previous)
        if let entryPoint { try policy.check(entryPoint) }
        try checkOwners(policy)
        try checkConflicts(policy, data)
        return PolicySnapshot(
            revision: revision, revisions: revisions, data: data, limits: options.limits, policy: policy)
    }

    private func compiled(_ options: PolicyOptions, after previous: PolicySnapshot?) throws -> CompiledPolicy {
        let modules = try allModules()
        if let known = previous?.policy, known.modules == modules, known.plans == plans { return known }
        return try CompiledPolicy(modules: modules, plans: plans, options: options)
    }

    private func check(_ data: RegoValue, _ options: PolicyOptions) throws {
        guard data.size <= options.dataBytes else {
            throw GatehouseError("policy", .tooLarge, "the data has more than \(options.dataBytes) bytes")
        }
        guard data.depth <= 256 else {
            throw GatehouseError("policy", .tooLarge, "the data has more than 256 objects and arrays within each other")
        }
    }

    /// What a bundle defines lies in its own roots; what belongs to none lies in no bundle's.
    private func checkOwners(_ policy: CompiledPolicy) throws {
        var owners: [String: String] = [:]
        for (name, member) in bundles {
            for module in member.bundle.modules { owners[Self.id(of: module, in: name)] = name }
        }
        for module in policy.compiler.modules {
            let package = module.package
            if let owner = owners[module.name], let member = bundles[owner] {
                guard !member.covers(package) else { continue }
                throw Bundle.outside(
                    member.roots, "\(module.name): the package \(package.joined(separator: ".")) lies")
            }
            try refuseOwned(package, "\(module.name): the package")
        }
        for (name, path) in policy.plannedPaths {
            guard let member = bundles[name], !member.covers(path) else { continue }
            throw Bundle.outside(member.roots, "the entry point \(path.joined(separator: "/")) of the plan lies")
        }
    }

    /// No rule defines what data has.
    private func checkConflicts(_ policy: CompiledPolicy, _ data: RegoValue) throws {
        let errors = policy.rules.filter { data.value(at: $0.path) != nil }.map { rule in
            let text = policy.modules[rule.module]?.text ?? []
            let message = "conflicting rule for data path \(rule.path.joined(separator: "/")) found"
            return RegoError(
                .compile, message, file: rule.module, row: Int(rule.place.row), column: Int(rule.place.column),
                line: Self.line(Int(rule.place.row), of: text))
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
    }

    private static func line(_ row: Int, of text: [UInt8]) -> String {
        let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: row, omittingEmptySubsequences: false)
        guard lines.indices.contains(row - 1) else { return "" }
        return String(decoding: lines[row - 1].prefix(240), as: UTF8.self)
    }
}
