import Core
import Integrations
import Logging
import ServiceLifecycle
import Synchronization

extension Channels {
    /// Looks at the store at least so often, should the time of day jump.
    private static let longestSleep = Duration.seconds(60)

    /// Works through what was taken and sends what is to be told, until a graceful shutdown. What is under way then is
    /// finished; what waits stays in the store.
    public func run() async throws {
        let http = HTTPSender(version: version, clock: clock)
        let postman = Postman(http: http)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.sweep() }
                group.addTask { await self.followApprovals() }
                group.addTask { await self.watch() }
                while !self.isOver {
                    let wait = await self.beginDue(with: postman, in: &group)
                    await self.alarm.wait(for: wait)
                }
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isEnding = true }
            for alarm in [self.alarm, self.bell, self.sweeping] { alarm.ring() }
        }
        try await http.shutdown()
    }

    var isOver: Bool { Task.isCancelled || state.withLock { $0.isEnding } }

    private func sweep() async {
        while !isOver {
            do {
                let settings = settings
                let now = clock.now()
                try await tables.forget(before: now - settings.keep, calls: now - .seconds(86_400))
                try await posts.giveUp(exceptIn: Set(settings.channels.keys))
            } catch { logger.warning("what channels kept could not be swept", metadata: ["error": "\(error)"]) }
            await sweeping.wait(for: pace.sweep)
        }
    }

    /// Begins what is due and has room.
    /// - Returns: how long until something else may be.
    private func beginDue(with postman: Postman, in group: inout DiscardingTaskGroup) async -> Duration {
        do {
            let now = clock.now()
            let busy = state.withLock { $0.rows.count }
            for row in try await inbox.due(at: now, limit: pace.concurrency + busy) where begin(row) {
                group.addTask { await self.work(row, with: postman) }
            }
            for channel in settings.channels.values where isFree(channel.name, at: now) {
                guard let post = try await posts.due(in: channel.name, at: now), begin(post) else { continue }
                group.addTask { await self.send(post, to: channel, with: postman) }
            }
            return try await sleep(after: now)
        } catch {
            logger.error("what channels keep cannot be read", metadata: ["error": "\(error)"])
            return .seconds(5)
        }
    }

    private func sleep(after now: Timestamp) async throws -> Duration {
        var next = [try await inbox.nextDue(after: now), try await posts.nextDue(after: now)].compactMap(\.self)
        next += state.withLock { $0.held.values.filter { $0 > now } }
        return next.map { max(.milliseconds(1), $0 - now) }.min().map { min($0, Self.longestSleep) }
            ?? Self.longestSleep
    }

    private func begin(_ row: InboxRow) -> Bool {
        state.withLock { $0.rows.count < pace.concurrency && $0.rows.insert(row.id).inserted }
    }

    private func begin(_ post: KeptPost) -> Bool { state.withLock { $0.sending.insert(post.channel).inserted } }

    private func isFree(_ channel: String, at now: Timestamp) -> Bool {
        state.withLock { !$0.sending.contains(channel) && ($0.held[channel].map { $0 <= now } ?? true) }
    }

    func land(_ row: InboxRow) {
        state.withLock { _ = $0.rows.remove(row.id) }
        alarm.ring()
    }

    // MARK: Sending

    private func send(_ post: KeptPost, to channel: ChannelSettings, with postman: Postman) async {
        defer {
            state.withLock { _ = $0.sending.remove(channel.name) }
            alarm.ring()
        }
        do {
            var thread = post.thread
            if let parent = post.parent, let above = try await posts.find(parent, in: channel.name) {
                guard above.remote != nil || above.state != .waiting else {
                    return try await posts.failed(
                        post, why: "what it answers is not sent", next: clock.now() + .seconds(1))
                }
                thread = above.remote
            }
            try await conclude(post, await postman.carry(post, thread: thread, to: channel))
        } catch {
            hold(channel.name, for: .seconds(5))
            logger.error("what became of a message could not be kept", metadata: ["error": "\(error)"])
        }
    }

    private func conclude(_ post: KeptPost, _ delivery: Delivery) async throws {
        switch delivery {
        case .delivered(let room, let remote): try await posts.delivered(post, room: room, remote: remote)
        case .refused(let why): try await giveUp(post, why)
        case .later(let why, let asked):
            let settings = settings
            guard post.attempts + 1 < settings.attempts else {
                return try await giveUp(post, "\(why), \(post.attempts + 1) times")
            }
            if let asked { hold(post.channel, for: asked) }
            let pauses = Pauses(first: settings.firstPause, longest: settings.longestPause)
            let pause = pauses.after(attempts: post.attempts + 1, asked: asked, jitter: .random(in: 0...1))
            try await posts.failed(post, why: why, next: clock.now() + pause)
        }
    }

    private func giveUp(_ post: KeptPost, _ why: String) async throws {
        try await posts.gaveUp(post, why: why)
        logger.warning(
            "a message to a channel is a dead letter",
            metadata: ["channel": "\(post.channel)", "message": "\(post.name)", "why": "\(why)"])
    }

    private func hold(_ channel: String, for time: Duration) {
        state.withLock { $0.held[channel] = clock.now() + time }
    }
}
