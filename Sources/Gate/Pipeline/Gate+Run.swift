import Core
import Logging
import ServiceLifecycle

extension Gate {
    /// How often expired approvals and old actions are looked for.
    private static let sweepInterval = Duration.seconds(5)
    /// How long a shutdown waits for what is under way. What is not done by then is recorded as unknown.
    private static let shutdownGrace = Duration.seconds(10)

    /// Keeps house until a graceful shutdown: performs what was approved just before the last run ended, ends
    /// approvals whose time is over and forgets what is older than it is to be kept. Returns when what is under way
    /// is recorded.
    public func run() async throws {
        await performCarried()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.sweep()
                await self.keepRetention()
                try? await Task.sleep(for: Self.sweepInterval)
            }
        }
        deadlines.end(by: .now + Self.shutdownGrace)
        await undertakings.drain()
        events.finish()
        try await sessions.flush()
        try await identity.flush()
        try await budgets.close()
    }

    /// Approvals that were carried, and whose action the last run did not come to perform.
    private func performCarried() async {
        do {
            for id in try await approvals.recover() {
                do {
                    _ = try await undertakings.carryOut { try await self.performApproved(id) }
                } catch {
                    logger.warning(
                        "an approved action was not performed", metadata: ["approval": "\(id)", "error": "\(error)"])
                }
            }
        } catch {
            logger.error("approved actions could not be read", metadata: ["error": "\(error)"])
        }
    }

    func sweep() async {
        revealed.sweep()
        await recordFurtherRefusals()
        await recordFurtherRequestRefusals()
        do {
            try await expireApprovals()
            try await sessions.tidy()
            try await identity.flush()
            try await budgets.tidy(isLive: sessions.isLive)
            let forgotten = try await actions.sweep(at: clock.now())
            if forgotten > 0 {
                logger.info("forgot actions past their retention", metadata: ["actions": "\(forgotten)"])
            }
        } catch {
            logger.error("sweeping failed", metadata: ["error": "\(error)"])
        }
    }

    /// Erases from the ledger what is no longer to be kept, a bounded piece of it.
    private func keepRetention() async {
        do {
            guard let turn = try await retention.turnWhenDue(at: clock.now()) else { return }
            if turn.erased > 0 {
                logger.info("erased entries past their retention", metadata: ["entries": "\(turn.erased)"])
            }
            if turn.lag > Retention.greatestLag, !turn.isBehind {
                logger.warning(
                    "the clock is ahead of the time that retention goes by, which follows slowly",
                    metadata: ["hours": "\(turn.lag.components.seconds / 3600)"])
            }
        } catch {
            logger.error("retention failed; the next turn goes on", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Identity, sessions and what is kept

    /// Step 1.
    /// - Throws: `unauthenticated`.
    public func identify(_ credential: Credential) async throws -> Principal { try await identity.identify(credential) }

    /// The given session, or the principal's standing one of a class.
    /// - Parameters:
    ///   - isLocal: see ``Caller/isLocal``.
    ///   - trace: see ``Caller/trace``.
    /// - Throws: `denied` for a session that is not the principal's or has ended, `invalid` for an unknown class.
    public func enter(
        _ principal: Principal, session: String? = nil, class name: String? = nil, isLocal: Bool = false,
        trace: TraceContext? = nil
    ) throws -> Caller {
        if let name { try Guardrails.refuse(name) }
        let session = try sessions.enter(principal, session: session, class: name)
        return Caller(principal: principal, session: session, isLocal: isLocal, trace: trace)
    }

    /// - Throws: `notFound`; reads that were answered at once are in the ledger only.
    public func action(_ id: String) async throws -> ActionRecord { try await actions.find(id).record }

    /// What became of what a principal submitted with this key; nil where nothing was, or it was refused.
    package func action(of principalID: String, idempotencyKey: String) async throws -> ActionRecord? {
        try await actions.find(principal: principalID, idempotencyKey: idempotencyKey)?.record
    }

    /// Newest first.
    /// - Parameters:
    ///   - limit: at most 1000.
    ///   - before: only those with an id before this one (the last of the page before).
    public func actions(
        limit: Int = 100, before: String? = nil, state: ActionRecord.State? = nil
    ) async throws -> [ActionRecord] {
        try await actions.list(limit: min(max(limit, 1), 1000), before: before, state: state).map(\.record)
    }
}
