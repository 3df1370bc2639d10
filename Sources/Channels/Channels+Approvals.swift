import Core
import Gate
import Integrations
import Logging
import ServiceLifecycle
import Store
import Synchronization

extension Channels {
    private static let mostApprovals = 1000

    func followApprovals() async {
        while !isOver {
            await syncApprovals()
            await bell.wait(for: pace.approvals)
        }
    }

    /// Looks again as soon as the gate says that something has changed.
    func watch() async {
        let subscription = gate.events.subscribe()
        await cancelWhenGracefulShutdown {
            while let batch = await subscription.next() {
                let actions = self.state.withLock { $0.actions }
                let concerns =
                    batch.dropped > 0
                    || batch.events.contains { event in
                        switch event.kind {
                        case .waiting, .approved, .denied, .refused: true
                        case .done, .failed, .unknown: event.actionID.map(actions.contains) ?? false
                        default: false
                        }
                    }
                if concerns { self.bell.ring() }
            }
        }
    }

    /// Tells of approvals that wait, and brings every message about one to where it stands: decided here, in the console or
    /// elsewhere, or expired.
    func syncApprovals() async {
        do {
            try await tellWaiting()
            var actions: Set<String> = []
            for post in try await posts.openApprovals(limit: Self.mostApprovals * 4) {
                if let action = try await refresh(post) { actions.insert(action) }
            }
            state.withLock { $0.actions = actions }
            alarm.ring()
        } catch { logger.error("approvals cannot be told", metadata: ["error": "\(error)"]) }
    }

    private func tellWaiting() async throws {
        let tellers = settings.channels.values.filter { $0.approvals && $0.canTell }
        guard !tellers.isEmpty else { return }
        let now = clock.now()
        let waiting = try await gate.approvals.list(state: .waiting, limit: Self.mostApprovals)
        for approval in waiting.reversed() where approval.expires > now {
            let view = try await view(of: approval)
            for channel in tellers {
                let shape = channel.shape(console: console)
                try await store.write { tx in
                    let name = "approval \(approval.id)"
                    guard try Posts.find(name, in: channel.name, tx) == nil else { return }
                    try Self.put(view, approval, name, channel.room ?? "", nil, channel, shape, at: now, tx)
                }
            }
        }
    }

    private static func put(
        _ view: ApprovalView, _ approval: Approval, _ name: String, _ room: String, _ thread: String?,
        _ channel: ChannelSettings, _ shape: any ChannelShape, at now: Timestamp, _ tx: Transaction
    ) throws {
        var code: String?
        if approval.state == .waiting {
            code = try CodeTable.code(
                for: approval.id, in: name, of: channel.name, binding: approval.binding, expires: approval.expires,
                at: now, tx)
        }
        let post = NewPost(
            channel: channel.name, name: name, room: room, thread: thread, content: shape.approval(view, code: code),
            approval: approval.id)
        try Posts.put(post, at: now, tx)
    }

    /// - Returns: the action whose outcome may still change the message.
    private func refresh(_ post: KeptPost) async throws -> String? {
        guard let id = post.approval, let channel = settings.channels[post.channel] else { return nil }
        let approval: Approval
        do { approval = try await gate.approvals.approval(id) } catch let error as GatehouseError {
            guard error.code == .notFound else { throw error }
            try await store.write { tx in try Posts.settle(post, tx) }
            return nil
        }
        let view = try await view(of: approval)
        let (now, shape) = (clock.now(), channel.shape(console: console))
        // Only Slack edits: elsewhere there is one message at the beginning and one at the end.
        let isShown = channel.kind == .slack || view.isSettled
        try await store.write { tx in
            // Another look may have come to the end of it meanwhile.
            guard try Posts.find(post.name, in: post.channel, tx)?.approval != nil else { return }
            if isShown {
                try Self.put(view, approval, post.name, post.room, post.thread, channel, shape, at: now, tx)
            }
            if view.isSettled { try Posts.settle(post, tx) }
        }
        return view.isSettled ? nil : approval.actionID
    }
}
