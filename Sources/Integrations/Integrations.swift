public import Core
public import Gate
public import Logging
public import ServiceLifecycle
public import Store

/// What the house tells other systems: destinations from the configuration, tools through which all of it goes, and an
/// outbox that delivers at least once what was acknowledged.
public final class Integrations: Service {
    /// Of all that it keeps in the store.
    public static let migrations = OutboxTable.migrations

    let outbox: Outbox

    /// - Parameter version: of this program, which destinations are told.
    public init(
        _ settings: IntegrationsSettings, store: Store, version: String, clock: any WallClock, logger: Logger
    ) {
        outbox = Outbox(
            settings, table: OutboxTable(store: store), version: version, clock: clock, logger: logger)
    }

    /// The tools that act through it, for the gate's registry.
    public var tools: [any Tool] {
        [SendTool(outbox), ListDestinationsTool(outbox), DeadLettersTool(outbox), RetryTool(outbox)]
    }

    /// By which names destinations are known, in order.
    public var destinations: [String] { outbox.settings.destinations.keys.sorted() }

    /// Takes up what a new configuration says.
    public func adopt(_ settings: IntegrationsSettings) { outbox.adopt(settings) }

    /// Delivers until a graceful shutdown.
    public func run() async throws { try await outbox.run() }
}
