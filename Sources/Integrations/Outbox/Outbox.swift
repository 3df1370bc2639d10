import Core
import Logging
import ServiceLifecycle
import Synchronization

/// Delivers what is kept in ``OutboxTable``: several sends at a time, within bounds, each tried again with longer and longer
/// pauses. What ends the process changes nothing: a send is delivered once its row says so, and not before.
final class Outbox: Sendable {
    private struct State {
        var settings: IntegrationsSettings
        var circuits: [String: DestinationCircuit] = [:]
        /// Ids of sends that are under way, by destination.
        var flying: [String: Set<String>] = [:]
        var isEnding = false

        var count: Int { flying.values.reduce(0) { $0 + $1.count } }
    }

    /// Looks at the table at least so often, should the time of day jump.
    private static let longestSleep = Duration.seconds(60)
    private static let sweepInterval = Duration.seconds(3600)

    let table: OutboxTable
    let clock: any WallClock
    private let logger: Logger
    private let version: String
    private let circuitPause: Duration
    private let state: Mutex<State>
    private let alarm = Alarm()
    private let sweeping = Alarm()

    init(
        _ settings: IntegrationsSettings, table: OutboxTable, version: String, clock: any WallClock, logger: Logger,
        circuitPause: Duration = .seconds(5)
    ) {
        self.table = table
        self.version = version
        self.clock = clock
        self.logger = logger
        self.circuitPause = circuitPause
        state = Mutex(State(settings: settings))
    }

    var settings: IntegrationsSettings { state.withLock { $0.settings } }

    /// Destinations that are left alone have another chance with what is new.
    func adopt(_ settings: IntegrationsSettings) {
        state.withLock { state in
            state.settings = settings
            state.circuits = [:]
        }
        alarm.ring()
    }

    /// There is something to do.
    func ring() { alarm.ring() }

    /// `closed`, `open` or `trying`.
    func circuit(of destination: String) -> String { state.withLock { $0.circuits[destination]?.name ?? "closed" } }

    func destination(_ name: String) throws(GatehouseError) -> Destination {
        let known = settings.destinations
        if let destination = known[name] { return destination }
        let nearest = Suggestion.nearest(to: name, among: known.keys)
        throw GatehouseError(
            "integrations", .notFound, "there is no destination \"\(PlainText.line(String(name.prefix(80))))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "name some under integrations.destinations")
    }

    // MARK: Running

    /// Until a graceful shutdown; what is under way then is finished, what waits stays in the table.
    func run() async throws {
        let courier = Courier(http: HTTPSender(version: version, clock: clock), mail: SMTPClient(clock: clock))
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.sweep() }
                while !self.isOver {
                    let wait = await self.beginDue(with: courier, in: &group)
                    await self.alarm.wait(for: wait)
                }
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isEnding = true }
            self.alarm.ring()
            self.sweeping.ring()
        }
        try await courier.http.shutdown()
    }

    private var isOver: Bool { Task.isCancelled || state.withLock { $0.isEnding } }

    private func sweep() async {
        while !isOver {
            do { try await table.forget(before: clock.now() - settings.keep) } catch {
                logger.warning("old sends could not be forgotten", metadata: ["error": "\(error)"])
            }
            await sweeping.wait(for: Self.sweepInterval)
        }
    }

    /// Begins what is due and has room.
    /// - Returns: how long until something else may be.
    private func beginDue(with courier: Courier, in group: inout DiscardingTaskGroup) async -> Duration {
        do {
            let now = clock.now()
            for name in settings.destinations.keys.sorted() {
                let room = room(for: name)
                guard room > 0 else { continue }
                // Some of what is due is under way already.
                let due = try await table.due(for: name, at: now, limit: room + flying(name))
                for send in due where begin(send) {
                    group.addTask { await self.deliver(send, with: courier) }
                }
            }
            return try await sleep(after: now)
        } catch {
            logger.error("the outbox cannot be read", metadata: ["error": "\(error)"])
            return .seconds(5)
        }
    }

    private func sleep(after now: Timestamp) async throws -> Duration {
        var sleep = Self.longestSleep
        if let next = try await table.nextDue(after: now) { sleep = min(sleep, max(.milliseconds(1), next - now)) }
        let opens = state.withLock { $0.circuits.values.compactMap(\.opens).min() }
        if let opens { sleep = min(sleep, max(.milliseconds(1), opens - .now)) }
        return sleep
    }

    private func flying(_ name: String) -> Int { state.withLock { $0.flying[name]?.count ?? 0 } }

    private func room(for name: String) -> Int {
        state.withLock { state in
            let own = state.settings.concurrencyPerDestination - (state.flying[name]?.count ?? 0)
            let all = state.settings.concurrency - state.count
            return state.circuits[name, default: DestinationCircuit(pause: circuitPause)].room(
                max(0, min(own, all)), at: .now)
        }
    }

    /// Whether it may: it may be under way already, or take the last place.
    private func begin(_ send: KeptSend) -> Bool {
        guard room(for: send.destination) > 0 else { return false }
        return state.withLock { state in
            guard state.flying[send.destination, default: []].insert(send.id).inserted else { return false }
            state.circuits[send.destination]?.begun()
            return true
        }
    }

    private func land(_ send: KeptSend) {
        state.withLock { state in
            state.flying[send.destination]?.remove(send.id)
            if state.flying[send.destination]?.isEmpty ?? false { state.flying[send.destination] = nil }
        }
        alarm.ring()
    }

    // MARK: One send

    private func deliver(_ send: KeptSend, with courier: Courier) async {
        defer { land(send) }
        guard let destination = settings.destinations[send.destination] else { return }
        do {
            let known = try await table.item(destination: send.destination, dedupeKey: send.notice.dedupeKey)
            let result = await courier.carry(send, to: destination, known: known) { steps in
                try await self.table.stepped(send.id, to: steps)
            }
            try await conclude(send, result)
        } catch {
            // Its row says that it waits: it is delivered once more, and not in a hurry.
            changeCircuit(send.destination) { $0.failed(at: .now, asked: .seconds(30)) }
            logger.error(
                "what became of a send could not be kept", metadata: ["send": "\(send.id)", "error": "\(error)"])
        }
    }

    private func conclude(_ send: KeptSend, _ result: Courier.Result) async throws {
        switch result {
        case .delivered(let item):
            changeCircuit(send.destination) { $0.succeeded() }
            try await table.delivered(send, item, at: clock.now())
        case .refused(let why):
            changeCircuit(send.destination) { $0.succeeded() }
            try await giveUp(send, why)
        case .gone(let why):
            changeCircuit(send.destination) { $0.succeeded() }
            try await table.forgetItem(destination: send.destination, dedupeKey: send.notice.dedupeKey)
            try await postpone(send, why, nil)
        case .tryAgain(let why, let asked):
            changeCircuit(send.destination) { $0.failed(at: .now, asked: asked) }
            try await postpone(send, why, asked)
        }
    }

    private func postpone(_ send: KeptSend, _ why: String, _ asked: Duration?) async throws {
        let settings = settings
        let attempts = send.attempts + 1
        guard attempts < settings.attempts else { return try await giveUp(send, "\(why), \(attempts) times") }
        let pauses = Pauses(first: settings.firstPause, longest: settings.longestPause)
        let pause = pauses.after(attempts: attempts, asked: asked, jitter: .random(in: 0...1))
        try await table.failed(send.id, why: why, next: clock.now() + pause)
    }

    private func giveUp(_ send: KeptSend, _ why: String) async throws {
        try await table.gaveUp(send.id, why: why, at: clock.now())
        logger.warning(
            "a send is a dead letter",
            metadata: ["send": "\(send.id)", "destination": "\(send.destination)", "why": "\(why)"])
    }

    private func changeCircuit(_ name: String, _ change: (inout DestinationCircuit) -> Void) {
        state.withLock { change(&$0.circuits[name, default: DestinationCircuit(pause: circuitPause)]) }
    }
}
