public import Core
internal import Rego
internal import Synchronization

/// Keeps one bundle of a store as its source has it, for as long as ``run()`` runs.
///
/// What cannot be fetched, read, verified or compiled changes nothing: the bundle that is active stays.
public final class BundleLoader: Sendable {
    public typealias Sleep = @Sendable (Duration) async throws -> Void

    public let name: String
    private let source: any BundleSource
    private let store: PolicyStore
    private let kept: KeptBundle?
    private let clock: any WallClock
    private let sleep: Sleep
    private let poller: Mutex<BundlePoller>

    /// - Parameters:
    ///   - keeping: a folder for the last good archive, and how to read it: it is verified again.
    ///   - sleep: throws when it is cancelled.
    public init(
        _ name: String, from source: any BundleSource, into store: PolicyStore,
        schedule: BundlePoller.Schedule = BundlePoller.Schedule(), keeping kept: KeptBundle? = nil,
        clock: any WallClock = SystemWallClock(), sleep: @escaping Sleep = { try await Task.sleep(for: $0) }
    ) {
        self.name = name
        self.source = source
        self.store = store
        self.kept = kept
        self.clock = clock
        self.sleep = sleep
        poller = Mutex(BundlePoller(schedule))
    }

    public var status: BundlePoller.Status { poller.withLock { $0.status } }

    /// Asks the source now and then until it is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let delay = await poll()
            do { try await sleep(delay) } catch { return }
        }
    }

    /// Asks the source once, and where nothing is active yet falls back on what was kept.
    ///
    /// - Returns: how long to wait before the next time.
    @discardableResult
    public func poll() async -> Duration {
        let outcome = await attempt()
        if case .failed = outcome, store.current.revisions[name] == nil { await startFromDisk() }
        return poller.withLock { poller in
            var random = SystemRandomNumberGenerator()
            return poller.take(outcome, at: clock.now(), using: &random)
        }
    }

    /// What the source has now, to be activated by the caller together with others; ``poll()`` follows it from then on.
    public func load() async throws(GatehouseError) -> Bundle {
        guard let loaded = try await source.load(unless: nil) else {
            throw GatehouseError("policy", .unavailable, "bundle \(name): its source gives nothing")
        }
        return loaded.bundle
    }

    private func attempt() async -> BundlePoller.Outcome {
        let known = poller.withLock { $0.tag }
        let loaded: LoadedBundle?
        do throws(GatehouseError) { loaded = try await source.load(unless: known) } catch {
            // Being told to stop is no failure of the bundle.
            if !Task.isCancelled { store.noteFailure(error, of: name) }
            return .failed(error)
        }
        guard let loaded else { return .unchanged }
        do { try await activate(loaded.bundle) } catch {
            return .failed(.policy("bundle \(name) cannot be activated", error))
        }
        do throws(GatehouseError) { if let archive = loaded.archive { try kept?.keep(archive, as: name) } } catch {
            store.noteFailure(error, of: name)
        }
        return .activated(tag: loaded.tag)
    }

    private func startFromDisk() async {
        guard let kept else { return }
        do {
            guard let bundle = try kept.read(name) else { return }
            try await activate(bundle)
            poller.withLock { $0.startedFromDisk() }
        } catch { store.noteFailure(error, of: name) }
    }

    /// Compiling takes a while.
    @concurrent
    private func activate(_ bundle: Bundle) async throws { try store.activate(bundle, as: name) }
}

/// The last good archive of each bundle, in a folder.
public struct KeptBundle: Sendable {
    public var folder: String
    /// What is kept is read, and verified, as what is fetched.
    public var reader: BundleReader

    public init(folder: String, reader: BundleReader) {
        self.folder = folder
        self.reader = reader
    }

    private func path(_ name: String) -> String {
        // A name may have slashes or worse.
        "\(folder)/\(Base64.encode(Array(name.utf8), .url)).tar.gz"
    }

    func keep(_ archive: [UInt8], as name: String) throws(GatehouseError) {
        try LocalFile.makeFolder(folder)
        try LocalFile.replace(path(name), with: archive)
    }

    /// Nil when none was kept.
    func read(_ name: String) throws(GatehouseError) -> Bundle? {
        guard LocalFile.kind(of: path(name)) == .file else { return nil }
        return try reader.read(path: path(name))
    }
}
