import Core
import Gate
import Hub
import Integrations
import JSON
import Logging
import ServiceLifecycle
import Store
import Synchronization

extension Channels {
    private static let mostApprovals = 1000

    // MARK: Buttons

    /// A button was pressed: who pressed it is who is judged.
    func heed(
        _ press: Press, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller, with postman: Postman
    ) async throws {
        do {
            switch press.verb {
            case .yes, .no: try await answerPlan(press, row, channel, caller, with: postman)
            case .approve, .deny:
                _ = try await decide(
                    press.code, approves: press.verb == .approve, by: row.id, channel, caller)
                try await finish(row)
                await syncApprovals()
            }
        } catch let error as GatehouseError where error.isAnswer {
            let shown = channel.shape(console: console).reply(Said(Told(error).json["text"]?.string ?? ""), code: nil)
            let now = clock.now()
            try await store.write { tx in
                try Posts.put(Self.whisper(shown, "refusal \(row.id)", row.content, channel), at: now, tx)
                try Inbox.finish(row.id, answer: Told(error).json, at: now, tx)
            }
            alarm.ring()
            await syncApprovals()
        }
    }

    private func finish(_ row: InboxRow) async throws {
        let now = clock.now()
        try await store.write { tx in try Inbox.finish(row.id, answer: nil, at: now, tx) }
    }

    /// Votes as the caller's own word.
    /// - Returns: what came of it, in a sentence.
    /// - Throws: what the gate says no with; then the code is as good as before.
    func decide(
        _ code: String, approves: Bool, by id: String, _ channel: ChannelSettings, _ caller: Caller
    ) async throws -> String {
        let entry = try await codes.use(code, of: channel.name, by: id, at: clock.now())
        do {
            guard Identifier.isValid(entry.subject, prefix: "apr") else {
                throw GatehouseError("channels", .notFound, "this code is of no approval")
            }
            if try await hasVoted(caller, on: entry.subject) { return "Your word on that is recorded already." }
            let reason = "said in the channel \(channel.name)"
            guard approves else {
                _ = try await gate.deny(entry.subject, by: caller, reason: reason)
                return "Denied. Nothing was done."
            }
            switch try await gate.approve(entry.subject, binding: entry.binding, by: caller, reason: reason) {
            case .recorded(let approval):
                return "Recorded: \(approval.votes.count(where: \.approves)) of \(approval.rule.quorum) agreed."
            case .performed(let submission): return "Approved, and done as \(submission.actionID)."
            }
        } catch {
            if try await !hasVoted(caller, on: entry.subject) { try await codes.release(code, by: id) }
            throw GatehouseError.wrapped(error)
        }
    }

    private func hasVoted(_ caller: Caller, on approval: String) async throws -> Bool {
        do {
            return try await gate.approvals.approval(approval).votes.contains {
                $0.principalID == caller.principal.id
            }
        } catch let error as GatehouseError where error.code == .notFound { return false }
    }

    /// A yes or no by a button counts for the plan that the button stands under, and for no other.
    private func answerPlan(
        _ press: Press, _ row: InboxRow, _ channel: ChannelSettings, _ caller: Caller, with postman: Postman
    ) async throws {
        if let told = try await resumed(row, caller) { return try await tell(told, row, channel, with: postman) }
        let entry = try await codes.use(press.code, of: channel.name, by: row.id, at: clock.now())
        guard let number = entry.number, entry.user == press.user else {
            try await codes.release(press.code, by: row.id)
            throw GatehouseError("channels", .denied, "only the one who asked can answer that")
        }
        let messages = try await hub.messages(of: entry.subject, as: caller.principal.id)
        guard messages.last?.number == number else {
            throw GatehouseError(
                "channels", .conflict, "that plan waits no more, and nothing was done",
                hint: "ask again if you still want it")
        }
        let told = try await say(press.verb.rawValue, in: entry.subject, row, caller)
        try await tell(told, row, channel, with: postman)
        guard var said = messages.last?.data.map({ Said($0) }) else { return }
        said.text += "\nAnswered: \(press.verb.rawValue)."
        let shown = channel.shape(console: console).reply(said, code: nil)
        let now = clock.now()
        try await store.write { tx in
            guard let post = try Posts.find(entry.post, in: channel.name, tx) else { return }
            try Posts.put(
                NewPost(channel: channel.name, name: entry.post, room: post.room, thread: post.thread, content: shown),
                at: now, tx)
        }
        alarm.ring()
    }

    // MARK: Following approvals

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
            if isShown {
                try Self.put(view, approval, post.name, post.room, post.thread, channel, shape, at: now, tx)
            }
            if view.isSettled { try Posts.settle(post, tx) }
        }
        return view.isSettled ? nil : approval.actionID
    }
}

extension GatehouseError {
    /// Whether it tells something to the one who asked, rather than that this has to be tried again.
    var isAnswer: Bool {
        switch code {
        case .internal, .unavailable, .timeout, .cancelled: domain != "store" && domain != "channels"
        default: true
        }
    }
}
