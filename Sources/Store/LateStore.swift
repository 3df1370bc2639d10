public import Core
import Synchronization

/// A database that can be thrown away and made anew, opened when it is first needed: copies of what others publish, so
/// that no start waits for its check.
public final class LateStore: Sendable {
    public let path: String
    private let migrations: [Migration]
    private let clock: any WallClock
    private let opened = Mutex<Store?>(nil)

    public init(path: String, migrations: [Migration], clock: any WallClock) {
        self.path = path
        self.migrations = migrations
        self.clock = clock
    }

    /// - Throws: what ``Store/open(path:migrations:options:clock:)`` throws.
    public func store() throws -> Store {
        try opened.withLock { known in
            if let known { return known }
            var options = StoreOptions()
            options.checkTime = .milliseconds(100)
            options.fullCheckLimit = 0
            let store = try Store.open(path: path, migrations: migrations, options: options, clock: clock)
            known = store
            return store
        }
    }

    public func close() throws {
        try opened.withLock { store in
            try store?.close()
            store = nil
        }
    }
}
