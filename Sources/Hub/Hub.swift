public import Core
public import Flow
public import Gate
public import Intent
public import Logging
public import Store
import Synchronization

/// The names of what there is: repositories, destinations, rules. Asked for each text anew.
public protocol Inventory: Sendable {
    func names() async throws -> [Gazetteer]
}

/// The conversation behind every mouth: hears a text, understands it, echoes what would change something as a plan, has
/// the gate do what was agreed to as the caller's own request, and tells what came of it.
public final class Hub: Sendable {
    /// After those of the gate.
    public static let migrations: [Migration] = HubTables.migrations

    let tables: HubTables
    let gate: Gate
    let library: WorkflowLibrary
    let inventory: any Inventory
    let clock: any WallClock
    let logger: Logger
    let turnstile = Turnstile()
    private let builtIn: Catalogue
    private let mind = Mutex<Mind?>(nil)
    private let known = Mutex<(gazetteers: [Gazetteer], tagger: SlotTagger)?>(nil)

    /// What was learned, and from which workflows.
    private struct Mind: Sendable {
        var workflows: [Workflow]
        var understander: TrainedUnderstander
    }

    /// - Throws: `invalid` for intents that cannot be read.
    public init(
        store: Store, gate: Gate, library: WorkflowLibrary, inventory: any Inventory, clock: any WallClock,
        logger: Logger
    ) throws {
        tables = HubTables(store: store)
        (self.gate, self.library, self.inventory, self.clock, self.logger) = (gate, library, inventory, clock, logger)
        builtIn = try Catalogue.builtIn()
    }

    // MARK: Conversations

    /// Of a principal's conversations, a hundred are kept: with one more, the one that was idle longest goes.
    public func begin(as caller: Caller) async throws -> ConversationRecord {
        let now = clock.now()
        return try await tables.begin(Identifier.make("cnv", at: now), of: caller.principal.id, at: now)
    }

    /// The latest first.
    public func conversations(of principal: String, limit: Int) async throws -> [ConversationRecord] {
        try await tables.list(of: principal, limit: min(max(limit, 1), HubLimits.conversations), at: clock.now())
    }

    /// In the order in which they were said.
    /// - Throws: `notFound`, also for another principal's.
    public func messages(of conversation: String, as principal: String) async throws -> [Message] {
        let (record, _) = try await tables.find(conversation, of: principal, at: clock.now())
        return try await tables.messages(of: record.id)
    }

    // MARK: What is known

    /// Learns what can be said when it is first needed, and again when the workflows have changed.
    func understander() async throws -> TrainedUnderstander {
        if let mind = current() { return mind }
        return try await turnstile.pass("training", most: 1000) {
            if let mind = current() { return mind }
            let workflows = library.workflows
            let learned = try await TrainedUnderstander(builtIn.adding(workflows), clock: clock)
            mind.withLock { $0 = Mind(workflows: workflows, understander: learned) }
            return learned
        }
    }

    /// What understands texts by the built-in intents and some workflows. Learning takes a second.
    package static func understander(of workflows: [Workflow] = []) async throws -> any Understander {
        try await TrainedUnderstander(try Catalogue.builtIn().adding(workflows), clock: SystemWallClock())
    }

    private func current() -> TrainedUnderstander? {
        let workflows = library.workflows
        return mind.withLock { $0?.workflows == workflows ? $0?.understander : nil }
    }

    /// The names that there are now. An inventory that fails has none.
    func names() async -> Names {
        var gazetteers = [
            Gazetteer("workflow", values: library.workflows.map(\.name)),
            Gazetteer("tool", values: gate.tools.descriptors.map(\.id)),
        ]
        do {
            var left = HubLimits.names
            for gazetteer in try await inventory.names() where left > 0 {
                let entries = Array(gazetteer.entries.prefix(left))
                left -= entries.count
                gazetteers.append(Gazetteer(gazetteer.name, entries, cues: gazetteer.cues))
            }
        } catch {
            logger.warning("the inventory of names cannot be read", metadata: ["error": "\(error)"])
        }
        return Names(gazetteers, tagger(gazetteers), now: clock.now())
    }

    private func tagger(_ gazetteers: [Gazetteer]) -> SlotTagger {
        if let tagger = known.withLock({ $0?.gazetteers == gazetteers ? $0?.tagger : nil }) { return tagger }
        let tagger = Names.tagger(gazetteers)
        known.withLock { $0 = (gazetteers, tagger) }
        return tagger
    }
}
