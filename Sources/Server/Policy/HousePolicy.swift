import Core
import Gate
import Logging
import Policy
import Rego
import Synchronization

/// The policy of a house: the store that the gate and the Data API ask, what feeds it, and the log of what was decided.
final class HousePolicy: Sendable {
    /// What configuration says, of the gate and of the API.
    struct Settings: Sendable {
        var api: PolicyAPISettings
        var bundles: [String: ConfiguredBundle]
        var httpHosts: AllowedHosts

        init(_ configuration: HouseConfiguration) {
            httpHosts = configuration.gate.policy.httpHosts
            api = configuration.policyAPI
            bundles = configuration.bundles
        }
    }

    let store: PolicyStore
    let log: DecisionLog
    let table: PolicyTable
    /// What is asked over HTTP asks servers with it.
    let requests: PolicyRequests
    let metrics = PolicyMetrics()
    /// `id` and `version`, which decisions carry.
    let labels: [String: String]
    let logger: Logger
    /// Told when the settings are others.
    let changed = Signal()
    private let clock: any WallClock
    /// For the last good archive of each bundle.
    private let folder: String
    private let current: Mutex<Settings>
    private let loaders: Mutex<[BundleLoader]>
    /// What was put before and does not go together with the bundles as they are now: tried again after each change.
    private let pending: Mutex<PolicyTable.Kept?>
    private let requestCount = Atomic<Int>(0)

    /// Activates the bundles, from their servers or as they were kept, and then what was put.
    ///
    /// - Throws: what is wrong with a bundle on this machine: a house does not start with less policy than it was told.
    init(
        _ settings: Settings, store: PolicyStore, table: PolicyTable, requests: PolicyRequests, folder: String,
        labels: [String: String], clock: any WallClock, logger: Logger
    ) async throws {
        self.store = store
        self.table = table
        self.requests = requests
        self.folder = folder
        self.labels = labels
        self.clock = clock
        self.logger = logger
        log = DecisionLog(settings.api.log, clock: clock)
        current = Mutex(settings)
        loaders = Mutex(Self.loaders(settings, store, folder, clock))
        pending = Mutex(try table.load())
        try store.activate(try Self.local(settings))
        await withTaskGroup(of: Void.self) { group in
            for loader in bundleLoaders { group.addTask { _ = await self.poll(loader) } }
        }
        restore()
    }

    var settings: Settings { current.withLock { $0 } }
    var bundleLoaders: [BundleLoader] { loaders.withLock { $0 } }

    /// Why policy that should be in force is not; nil when all is.
    var incomplete: String? {
        if pending.withLock({ $0 != nil }) { return "policy that was put over the API is not in force" }
        let active = store.current.revisions
        let missing = settings.bundles.keys.filter { active[$0] == nil }.sorted()
        return missing.isEmpty ? nil : "not yet active: \(missing.joined(separator: ", "))"
    }

    /// Numbers requests, for `req_id` of the decision log.
    func nextRequest() -> Int { requestCount.add(1, ordering: .relaxed).newValue }

    // MARK: Bundles

    /// What other settings bring along, loaded but not active.
    struct Prepared: Sendable {
        let settings: Settings
        let loaders: [BundleLoader]
        let bundles: [String: Bundle]
        /// Bundles that are no longer named.
        let dropped: Set<String>
    }

    /// Loads what is on this machine, and what is fetched and was not before, or from elsewhere.
    ///
    /// - Throws: what cannot be read or fetched; nothing has changed then.
    func prepare(_ new: Settings) async throws -> Prepared {
        let old = settings
        let loaders = Self.loaders(new, store, folder, clock)
        var bundles = try Self.local(new)
        for loader in loaders where bundles[loader.name] == nil {
            let isNew = new.bundles[loader.name]?.isElsewhere(than: old.bundles[loader.name]) ?? true
            if isNew { bundles[loader.name] = try await loader.load() }
        }
        return Prepared(
            settings: new, loaders: loaders, bundles: bundles,
            dropped: Set(old.bundles.keys).subtracting(new.bundles.keys))
    }

    /// Follows other sources from now on. Their bundles are active already.
    func adopt(_ prepared: Prepared) {
        current.withLock { $0 = prepared.settings }
        requests.reload(prepared.settings.httpHosts)
        loaders.withLock { $0 = prepared.loaders }
        restore()
        changed.send()
    }

    /// Asks where a bundle comes from once.
    ///
    /// - Returns: how long to wait before the next time.
    func poll(_ loader: BundleLoader) async -> Duration {
        let before = store.current.revision
        let delay = await loader.poll()
        let name: Logger.MetadataValue = "\(loader.name)"
        if let error = loader.status.error {
            metrics.failures.add(1, [loader.name])
            logger.error(
                "bundle not active; what was in force stays", metadata: ["bundle": name, "error": "\(error)"])
        } else if store.current.revision != before {
            metrics.activations.add(1, [loader.name])
            let revision = store.current.revisions[loader.name] ?? ""
            logger.notice("bundle active", metadata: ["bundle": name, "revision": "\(revision)"])
            restore()
        }
        return delay
    }

    private static func loaders(
        _ settings: Settings, _ store: PolicyStore, _ folder: String, _ clock: any WallClock
    ) -> [BundleLoader] {
        settings.bundles.sorted { $0.key < $1.key }.map { name, bundle in
            bundle.loader(name, into: store, folder: folder, clock: clock)
        }
    }

    static func local(_ settings: Settings) throws -> [String: Bundle] {
        var found: [String: Bundle] = [:]
        for (name, bundle) in settings.bundles {
            guard case .path(let path) = bundle.place else { continue }
            do { found[name] = try bundle.reader.read(path: path) } catch {
                throw GatehouseError(
                    "policy", error.code, "bundle \(name): \(error.message)", cause: error.cause, hint: error.hint)
            }
        }
        return found
    }

    /// Puts back what was put before, as soon as it goes together with the rest.
    private func restore() {
        pending.withLock { pending in
            guard let kept = pending else { return }
            do {
                try store.put(modules: kept.modules, data: kept.data)
                pending = nil
            } catch {
                logger.error("policy that was put over the API is not in force", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// Wakes whoever waits for it.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func send() { continuation.yield() }

    /// Returns at the next signal, or when the task is cancelled.
    func wait() async { for await _ in stream { return } }
}
