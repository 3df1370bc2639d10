internal import Core
internal import Rego

/// All that a snapshot is made of. A change is made to a copy, which either becomes a snapshot or is dropped.
struct PolicySources {
    struct Member {
        let bundle: Bundle
        let roots: [Root]
        let digest: [UInt8]

        init(_ bundle: Bundle) {
            self.bundle = bundle
            roots = bundle.manifest.ownedRoots
            digest = Revision.digest(of: bundle)
        }

        func covers(_ path: [String]) -> Bool { roots.contains { $0.covers(path) } }
    }

    private(set) var bundles: [String: Member] = [:]
    /// What was put by itself, beside the bundles.
    private(set) var modules: [String: PolicyModule] = [:]
    private(set) var data: RegoValue = .object(RegoObject())
    /// Of ``data``, by its first step: a small change must not cost a walk through everything.
    private var dataDigests: [String: [UInt8]] = [:]

    var entryPoint: RequiredEntryPoint?

    // MARK: Bundles

    mutating func add(_ bundle: Bundle, as name: String) throws {
        guard !name.isEmpty else { throw GatehouseError("policy", .invalid, "a bundle needs a name") }
        try bundle.manifest.checkRoots()
        try bundle.checkData()
        bundles[name] = Member(bundle)
    }

    mutating func remove(_ name: String) throws {
        guard bundles.removeValue(forKey: name) != nil else {
            throw GatehouseError("policy", .notFound, "there is no active bundle \(name)")
        }
    }

    // MARK: Modules and data beside them

    mutating func put(_ module: PolicyModule, id: String) throws {
        guard !id.isEmpty else { throw GatehouseError("policy", .invalid, "a module needs an id") }
        try refuseBundled(id)
        modules[id] = module
    }

    mutating func removeModule(_ id: String) throws {
        try refuseBundled(id)
        guard modules.removeValue(forKey: id) != nil else {
            throw GatehouseError("policy", .notFound, "there is no module \(id)")
        }
    }

    private func refuseBundled(_ id: String) throws {
        for (name, member) in bundles
        where member.bundle.modules.contains(where: { Self.id(of: $0, in: name) == id }) {
            throw GatehouseError(
                "policy", .conflict, "the module \(id) belongs to bundle \(name) and changes with it only")
        }
    }

    mutating func put(_ value: RegoValue, at path: [String]) throws {
        try refuseOwned(path, "the data at")
        if path.isEmpty, value.object == nil {
            throw GatehouseError("policy", .invalid, "the root of all data must be an object, not \(value.typeName)")
        }
        data = try data.setting(value, at: path[...])
        updateDigests(after: path)
    }

    mutating func removeData(at path: [String]) throws {
        try refuseOwned(path, "the data at")
        guard !path.isEmpty else {
            data = .object(RegoObject())
            dataDigests = [:]
            return
        }
        guard let rest = data.removing(at: path[...]) else {
            throw GatehouseError("policy", .notFound, "there is no data at /\(path.joined(separator: "/"))")
        }
        data = rest
        updateDigests(after: path)
    }

    private mutating func updateDigests(after path: [String]) {
        if let step = path.first {
            dataDigests[step] = data.object?[step].map { Revision.digest(of: $0) }
        } else {
            let members = data.object?.map { ($0.key.jsonKey, Revision.digest(of: $0.value)) } ?? []
            dataDigests = Dictionary(members, uniquingKeysWith: { _, last in last })
        }
    }

    func refuseOwned(_ path: [String], _ what: String) throws {
        for (name, member) in bundles.sorted(by: { $0.key < $1.key }) {
            guard let root = member.roots.first(where: { $0.touches(path) }) else { continue }
            throw GatehouseError(
                "policy", .conflict,
                "\(what) /\(path.joined(separator: "/")) is in the root \(root.name) of bundle \(name)",
                hint: "Only that bundle may have policy and data there.")
        }
    }

    // MARK: Together

    static func id(of module: PolicyModule, in bundle: String) -> String {
        "\(bundle)/\(module.path.drop { $0 == "/" })"
    }

    func allModules() throws -> [String: PolicyModule] {
        var all = modules
        for (name, member) in bundles {
            let manifest = member.bundle.manifest
            for var module in member.bundle.modules {
                if module.version == nil { module.version = manifest.regoVersion }
                let id = Self.id(of: module, in: name)
                guard all.updateValue(module, forKey: id) == nil else {
                    throw GatehouseError("policy", .conflict, "there are two modules \(id)")
                }
            }
        }
        return all
    }

    var plans: [String: [UInt8]] {
        bundles.compactMapValues { $0.bundle.modules.isEmpty ? $0.bundle.plan : nil }
    }

    /// - Throws: `conflict` when what was put would lie in a root that a bundle has meanwhile.
    func allData() throws -> RegoValue {
        var all = data
        for (name, member) in bundles.sorted(by: { $0.key < $1.key }) {
            for root in member.roots {
                guard let found = data.value(at: root.steps), found != .object(RegoObject()) else { continue }
                throw GatehouseError(
                    "policy", .conflict, "data was put in the root \(root.name) of bundle \(name)",
                    hint: "Delete the data at /\(root) first.")
            }
            all = try all.joined(with: member.bundle.data)
        }
        return all
    }

    /// Roots of bundles are apart from each other.
    func checkRoots() throws {
        let owned = bundles.flatMap { name, member in member.roots.map { (name: name, root: $0) } }
            .sorted { ($0.root, $0.name) < ($1.root, $1.name) }
        // Those of one bundle are apart, so that the first within a root comes right after it.
        for (other, own) in zip(owned, owned.dropFirst()) where other.root.overlaps(own.root) {
            throw GatehouseError(
                "policy", .conflict,
                "the root \(own.root.name) of bundle \(own.name) overlaps \(other.root.name) of bundle \(other.name)",
                hint: "Give each bundle roots of its own in its .manifest.")
        }
    }

    var revisions: [String: String] { bundles.mapValues(\.bundle.manifest.revision) }

    var revision: String {
        Revision.digest(bundles: bundles.mapValues(\.digest), modules: modules, data: dataDigests)
    }
}
