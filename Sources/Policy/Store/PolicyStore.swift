public import Core
public import Rego
internal import Synchronization

/// The policy in force. Whoever asks takes ``current`` and evaluates with that.
///
/// A change compiles everything that would be active together before it takes effect; what does not compile, overlaps
/// or conflicts is refused as a whole. Changes wait for each other, readers for none.
public final class PolicyStore: Sendable {
    public let options: PolicyOptions
    private let clock: any WallClock
    private let sources: Mutex<PolicySources>
    private let published: Mutex<PolicySnapshot>
    private let statuses: Mutex<[String: BundleStatus]>

    /// - Parameter files: modules, by their paths, and data beside the bundles.
    /// - Throws: ``RegoErrors`` or a `GatehouseError` when all that cannot be active together.
    public init(
        options: PolicyOptions = PolicyOptions(), bundles: [String: Bundle] = [:], files: PolicyFiles = PolicyFiles(),
        clock: any WallClock = SystemWallClock()
    ) throws {
        var sources = PolicySources()
        for (name, bundle) in bundles.sorted(by: { $0.key < $1.key }) { try sources.add(bundle, as: name) }
        for module in files.modules { try sources.put(module, id: module.path) }
        for (key, value) in files.data.object ?? [:] { try sources.put(value, at: [key.jsonKey]) }
        let snapshot = try sources.snapshot(options, after: nil)
        self.options = options
        self.clock = clock
        self.sources = Mutex(sources)
        published = Mutex(snapshot)
        let time = clock.now()
        statuses = Mutex(
            bundles.reduce(into: [:]) { statuses, item in
                statuses[item.key] = BundleStatus(
                    name: item.key, activeRevision: item.value.manifest.revision, lastActivation: time, failure: nil)
            })
    }

    public var current: PolicySnapshot { published.withLock { $0 } }

    /// Of every bundle that was ever tried, by name.
    public var status: [BundleStatus] { statuses.withLock { $0.values.sorted { $0.name < $1.name } } }

    // MARK: Bundles

    /// Makes a bundle active, in place of the one of that name if there is one.
    ///
    /// - Throws: ``RegoErrors`` for what does not compile; else a `GatehouseError`: `conflict` when it overlaps another,
    ///   `invalid`, `too_large`. The policy in force is what it was then, and ``status`` has the error.
    public func activate(_ bundle: Bundle, as name: String) throws { try activate([name: bundle]) }

    /// Makes bundles active together, all or none: for such that need each other.
    public func activate(_ bundles: [String: Bundle]) throws {
        do {
            try change { sources in
                for (name, bundle) in bundles.sorted(by: { $0.key < $1.key }) { try sources.add(bundle, as: name) }
            }
        } catch {
            for name in bundles.keys { noteFailure(error, of: name) }
            throw error
        }
        noteActive(bundles)
    }

    private func noteActive(_ bundles: [String: Bundle]) {
        let time = clock.now()
        statuses.withLock { statuses in
            for (name, bundle) in bundles {
                statuses[name] = BundleStatus(
                    name: name, activeRevision: bundle.manifest.revision, lastActivation: time, failure: nil)
            }
        }
    }

    /// Puts bundles in place of others, all or none.
    ///
    /// - Parameters:
    ///   - dropped: those that go; a name that is not active is passed over.
    ///   - entryPoint: must be defined then, and stay so whatever changes later.
    /// - Throws: as ``activate(_:as:)``; `invalid`, with names near it, where nothing defines the entry point.
    public func replace(
        _ bundles: [String: Bundle], without dropped: Set<String>, entryPoint: RequiredEntryPoint?
    ) throws {
        do {
            try change { sources in
                for name in dropped.sorted() where sources.bundles[name] != nil { try sources.remove(name) }
                for (name, bundle) in bundles.sorted(by: { $0.key < $1.key }) { try sources.add(bundle, as: name) }
                sources.entryPoint = entryPoint
            }
        } catch {
            let known = Set(status.map(\.name))
            for name in bundles.keys where known.contains(name) { noteFailure(error, of: name) }
            throw error
        }
        noteActive(bundles)
        statuses.withLock { statuses in for name in dropped { statuses[name] = nil } }
    }

    /// From now on no change goes through that would leave this undefined.
    ///
    /// - Throws: `invalid`, with names near it, where nothing defines it now.
    public func require(_ entryPoint: RequiredEntryPoint) throws { try change { $0.entryPoint = entryPoint } }

    /// - Throws: `not_found`, or why the others cannot do without it.
    public func deactivate(_ name: String) throws {
        do { try change { try $0.remove(name) } } catch {
            if current.revisions[name] != nil { noteFailure(error, of: name) }
            throw error
        }
        statuses.withLock { $0[name] = nil }
    }

    /// Puts an attempt into ``status`` that failed before there was a bundle: fetching, reading, verifying.
    public func noteFailure(_ error: any Error, of name: String) {
        let failure = BundleStatus.Failure(
            time: clock.now(), error: .policy("bundle \(name) cannot be activated", error),
            problems: (error as? RegoErrors)?.errors ?? [])
        statuses.withLock { $0[name, default: BundleStatus(name: name)].failure = failure }
    }

    // MARK: Modules and data

    /// Puts a module beside those of bundles, or in place of the one with that id.
    ///
    /// - Throws: ``RegoErrors``; `conflict` when the id or the package belongs to a bundle.
    public func put(module text: [UInt8], id: String) throws {
        try change { try $0.put(PolicyModule(path: id, text: text), id: id) }
    }

    /// - Throws: `not_found`; `conflict` when it belongs to a bundle; why others cannot do without it.
    public func delete(module id: String) throws { try change { try $0.removeModule(id) } }

    /// Puts a document at a path below `data`; objects that are missing on the way are made.
    ///
    /// - Throws: `conflict` when a bundle owns the path, a rule defines it, or something on the way is no object.
    public func put(data: RegoValue, at path: [String]) throws { try change { try $0.put(data, at: path) } }

    /// - Throws: `not_found`; `conflict` when a bundle owns the path.
    public func delete(dataAt path: [String]) throws { try change { try $0.removeData(at: path) } }

    /// What was put beside the bundles.
    public var own: (modules: [String: PolicyModule], data: RegoValue) {
        sources.withLock { ($0.modules, $0.data) }
    }

    /// Puts modules that need each other, and data, all or nothing: what was kept of ``own``.
    public func put(modules: [String: [UInt8]], data: RegoValue) throws {
        try change { sources in
            for (id, text) in modules { try sources.put(PolicyModule(path: id, text: text), id: id) }
            guard case .object(let members) = data else { return }
            for (key, value) in members { try sources.put(value, at: [key.jsonKey]) }
        }
    }

    /// Whether a module could be put; nothing changes.
    ///
    /// - Throws: as ``put(module:id:)``.
    public func check(module text: [UInt8], id: String) throws {
        var next = sources.withLock { $0 }
        try next.put(PolicyModule(path: id, text: text), id: id)
        _ = try next.snapshot(options, after: current)
    }

    /// Whether a module could be deleted; nothing changes.
    ///
    /// - Throws: as ``delete(module:)``.
    public func check(deleting id: String) throws {
        var next = sources.withLock { $0 }
        try next.removeModule(id)
        _ = try next.snapshot(options, after: current)
    }

    private func change(_ body: (inout PolicySources) throws -> Void) throws {
        try sources.withLock { sources in
            var next = sources
            try body(&next)
            let snapshot = try next.snapshot(options, after: current)
            sources = next
            published.withLock { $0 = snapshot }
        }
    }
}
