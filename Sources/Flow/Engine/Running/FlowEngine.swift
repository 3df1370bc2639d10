public import Core
public import Gate
import JSON
public import Logging
public import ServiceLifecycle
public import Store
import Synchronization

/// Finds workflows by their names.
public protocol WorkflowSource: Sendable {
    /// As it is now.
    /// - Throws: `notFound`; `invalid` for one that cannot run.
    func workflow(named name: String) throws -> Workflow
    /// Those that can run.
    var workflows: [Workflow] { get }
}

extension WorkflowLibrary: WorkflowSource {}

/// Runs workflows, durably: what a run has done and is about to do is in its journal first, so that it goes on after a
/// crash where it was. Every step that does something is an action that passes the gate.
public final class FlowEngine: Service {
    public struct Settings: Sendable {
        /// Runs that something is done for at once.
        public var active = 64
        /// How exactly times are kept.
        public var tick = Duration.seconds(1)
        /// How often it looks at actions that are waited for, should an event have been missed.
        public var look = Duration.seconds(60)
        /// How long a run that is over is kept.
        public var keep = Duration.seconds(90 * 86_400)

        public init() {}
    }

    /// The tables of workflows, in the order in which they are made; after those of the gate.
    public static let migrations: [Migration] = Journal.migrations

    let journal: Journal
    let gate: Gate
    let clock: any WallClock
    let logger: Logger
    let library: any WorkflowSource
    let settings: Settings
    let dispatcher: Dispatcher
    let timers = Mutex(Timers())
    let awaited = Mutex(Awaited())
    let scheduler: Scheduler

    public init(
        store: Store, gate: Gate, clock: any WallClock = SystemWallClock(), logger: Logger,
        library: any WorkflowSource, settings: Settings = Settings()
    ) {
        journal = Journal(store: store)
        self.gate = gate
        self.clock = clock
        self.logger = logger
        self.library = library
        self.settings = settings
        dispatcher = Dispatcher(greatest: settings.active)
        scheduler = Scheduler(store: store, logger: logger)
    }

    /// Takes up all runs that are not over, and drives runs until a graceful shutdown. What is under way then ends or is
    /// found again at the next start.
    public func run() async throws {
        let events = gate.events.subscribe(buffer: 4096)
        let open = try await journal.open()
        for run in open { dispatcher.post(run.id, .wake) }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.watch(events) }
                group.addTask { await self.keepTime() }
                group.addTask { await self.lookAgain() }
                while let run = await self.dispatcher.next() {
                    group.addTask { await self.drive(run) }
                }
                group.cancelAll()
            }
        }
        dispatcher.stop()
    }

    /// Wakes runs when something becomes of the actions that they wait for.
    private func watch(_ events: EventSubscription) async {
        for await batch in events {
            if batch.dropped > 0 { await lookAtAwaited() }
            for event in batch.events {
                switch event.kind {
                case .done, .failed, .denied, .unknown:
                    guard let action = event.actionID else { continue }
                    if let run = awaited.withLock({ $0.run(of: action) }) { dispatcher.post(run, .wake) }
                    if event.detail["tool"]?.string?.hasPrefix("gate.principal.") == true { await wakeAll() }
                default: break
                }
            }
        }
    }

    /// Somebody was stopped, removed or added: runs that act as them find out.
    private func wakeAll() async {
        guard let open = try? await journal.open() else { return }
        for run in open { dispatcher.post(run.id, .wake) }
    }

    private func keepTime() async {
        while !Task.isCancelled {
            let now = clock.now()
            for run in timers.withLock({ $0.due(at: now) }) { dispatcher.post(run, .wake) }
            await startDue(at: now)
            let first = timers.withLock { $0.first() }
            let wait = first.map { min(max($0 - now, .milliseconds(1)), settings.tick) } ?? settings.tick
            try? await Task.sleep(for: wait)
        }
    }

    private func lookAgain() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: settings.look)
            await lookAtAwaited()
            await forgetOld()
        }
    }

    private func forgetOld() async {
        do {
            while try await journal.forget(before: clock.now() - settings.keep, limit: Self.forgotten) == Self.forgotten
            {}
        } catch {
            logger.error("old runs cannot be deleted for now", metadata: ["error": "\(error)"])
        }
    }

    /// Runs that are deleted at a time.
    private static let forgotten = 200

    /// Finds what an event that was lost would have told.
    func lookAtAwaited() async {
        for (action, run) in awaited.withLock({ $0.all }) {
            guard !Task.isCancelled else { return }
            switch try? await gate.action(action).state {
            case .waiting?, .performing?, .unknown?: break
            case .done?, .failed?, .denied?, .expired?, nil: dispatcher.post(run, .wake)
            }
        }
    }
}
