import Core
import Flow
import Gate
import Hub
import Intent
import JSON
import Ledger
import Logging
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Channels on a real hub, gate, store and ledger. It can be closed and opened again, as after the end of the process.
final class ChannelHouse: Sendable {
    static let token = "xoxb-token-" + "of-this-test"
    static let alice = "U0ALICE000"
    static let bob = "U0BOB00000"

    let folder: ScratchFolder
    let clock: any WallClock
    let store: Store
    let ledger: Ledger
    let gate: Gate
    let hub: Hub
    let channels: Channels
    let notes: Notes
    let slack: FakeSlack
    private let configure: Configure

    typealias Configure = @Sendable (inout ChannelsSettings) -> Void

    private init(
        _ folder: ScratchFolder, _ clock: any WallClock, _ store: Store, _ ledger: Ledger, _ gate: Gate, _ hub: Hub,
        _ channels: Channels, _ notes: Notes, _ slack: FakeSlack, _ configure: @escaping Configure
    ) {
        (self.folder, self.clock, self.store, self.ledger, self.gate) = (folder, clock, store, ledger, gate)
        (self.hub, self.channels, self.notes, self.slack) = (hub, channels, notes, slack)
        self.configure = configure
    }

    static func open(
        in folder: ScratchFolder = ScratchFolder(), clock: any WallClock = SystemWallClock(), notes: Notes = Notes(),
        slack: FakeSlack? = nil, decider: any Decider = AskingLead(),
        configure: @escaping Configure = { _ in }, pace: ChannelPace = .test
    ) async throws -> ChannelHouse {
        let server: FakeSlack
        if let slack { server = slack } else { server = try await FakeSlack() }
        let store = try Store.open(
            path: folder.file("house.db"),
            migrations: Gate.migrations + FlowEngine.migrations + Hub.migrations + Channels.migrations)
        let key = try SigningKey(name: "house.example/test", seed: [UInt8](repeating: 7, count: 32))
        let ledger = try Ledger.open(folder.file("ledger"), key: key)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let gate = try await Gate(
            Gate.Parts(
                store: store, ledger: ledger, clock: clock, logger: logger, decider: decider, tools: notes.tools,
                secretKey: [UInt8](repeating: 9, count: 32)))
        let hub = try Hub(
            store: store, gate: gate, library: try WorkflowLibrary(folder: nil), inventory: Names(), clock: clock,
            logger: logger)
        var settings = Self.settings(server.address)
        configure(&settings)
        let channels = Channels(
            settings, store: store, hub: hub, gate: gate, callers: callers(gate), transcribe: notes.transcribe,
            console: "https://gate.example/", clock: clock, logger: logger, version: "1.2.3", pace: pace)
        return ChannelHouse(folder, clock, store, ledger, gate, hub, channels, notes, server, configure)
    }

    /// As after the end of the process: nothing that was in memory is left.
    func reopened(decider: any Decider = AskingLead()) async throws -> ChannelHouse {
        await ledger.close()
        try store.close()
        return try await ChannelHouse.open(
            in: folder, clock: clock, notes: notes, slack: slack, decider: decider, configure: configure)
    }

    private static func callers(_ gate: Gate) -> Channels.Callers {
        { name, _ in
            let roles: [String: Set<String>] = ["alice": ["operator"], "bob": ["security_lead"], "carol": ["viewer"]]
            guard let roles = roles[name] else { return nil }
            return try gate.enter(Principal(id: "test#\(name)", kind: .person, name: name, roles: roles))
        }
    }

    static func settings(_ address: String) -> ChannelsSettings {
        var settings = ChannelsSettings()
        var ops = ChannelSettings(
            name: "ops", kind: .slack,
            users: [alice: "alice", bob: "bob", "U0CAROL000": "carol", "U0GONE0000": "nobody"],
            secret: Secret(Signed.slackSecret))
        (ops.token, ops.url, ops.room) = (Secret(token), Secret(address), "C0OPS00000")
        ops.approvals = true
        ops.wake = [.critical: "<!channel>"]
        settings.channels["ops"] = ops
        settings.channels["team"] = ChannelSettings(
            name: "team", kind: .teams,
            users: [
                "a11ce000-0000-4000-8000-000000000001": "alice", "b0b00000-0000-4000-8000-000000000002": "bob",
            ], secret: Secret(Signed.teamsToken))
        settings.channels["program"] = ChannelSettings(
            name: "program", kind: .webhook, users: ["alice@example.org": "alice", "bob@example.org": "bob"],
            secret: Secret(Signed.genericSecret))
        (settings.firstPause, settings.longestPause) = (.milliseconds(10), .milliseconds(50))
        return settings
    }

    /// Does something while the channels are worked through, which are stopped then.
    func running(_ work: () async throws -> Void) async throws {
        let group = ServiceGroup(
            services: [channels], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    // MARK: Slack

    /// Somebody writes to the house directly.
    @discardableResult
    func write(_ text: String, by user: String = alice, id: String, room: String? = nil) async throws -> ChannelAnswer {
        let body = Payload.event(text, user: user, id: id, room: room ?? "D0\(user.dropFirst(2))")
        return try await channels.take(Signed.slack(body, at: clock.now()))
    }

    @discardableResult
    func press(_ action: String, _ value: String, by user: String, room: String = "C0OPS00000", time: String = "17.2")
        async throws -> ChannelAnswer
    {
        let body = Payload.press(action, value, user: user, time: time, room: room)
        return try await channels.take(Signed.slack(body, tail: "actions", at: clock.now()))
    }

    /// The message that fulfils something, once there is one.
    func message(_ what: String, where isIt: @Sendable (FakeSlack.Message) -> Bool) async throws -> FakeSlack.Message {
        try await wait(what) { self.slack.messages.contains(where: isIt) }
        let found = slack.messages.last(where: isIt)
        return try #require(found)
    }

    // MARK: What is kept

    func count(_ sql: String) async throws -> Int {
        try await store.read { tx in try tx.first(sql)?.int("n") ?? 0 }
    }

    func said(to name: String) async throws -> [String] {
        var texts: [String] = []
        for conversation in try await hub.conversations(of: "test#\(name)", limit: 100) {
            texts += try await hub.messages(of: conversation.id, as: "test#\(name)").filter { $0.role == .person }.map(
                \.text)
        }
        return texts
    }
}

extension ChannelPace {
    static let test: ChannelPace = {
        var pace = ChannelPace()
        pace.teams = .seconds(60)
        pace.webhook = .seconds(60)
        pace.call = .seconds(60)
        return pace
    }()
}

private struct Names: Inventory {
    func names() async throws -> [Gazetteer] {
        [
            Gazetteer("repository", [Gazetteer.Entry("/srv/shop", aliases: ["shop"])]),
            Gazetteer("destination", values: ["pagerduty", "jira"]),
        ]
    }
}

/// Tools with the ids of the house's own, which note what they were asked for.
final class Notes: Sendable {
    let performed = Mutex<[(tool: String, arguments: JSON)]>([])
    let answers = Mutex<[String: JSON]>([:])
    let delay = Mutex<Duration>(.zero)
    let fails = Mutex(false)
    /// What alters something and was begun.
    let begun = Mutex(0)
    let sends: Effect

    init(sends: Effect = .change) { self.sends = sends }

    /// Who had what written down.
    let written = Mutex<[(speaker: String, words: String)]>([])

    /// Hears what a recording has after "SAY "; what has none it refuses.
    func transcribe(_ sound: [UInt8], _ mediaType: String, _ speaker: Caller) async throws -> String {
        guard mediaType == "audio/mpeg", sound.starts(with: Array("SAY ".utf8)) else {
            throw GatehouseError("models", .invalid, "nothing can be heard")
        }
        let words = String(decoding: sound.dropFirst(4), as: UTF8.self)
        written.withLock { $0.append((speaker.principal.id, words)) }
        return words
    }

    var ids: [String] { performed.withLock { $0.map(\.tool) } }

    var tools: [any Tool] {
        [
            NotedTool("findings.list", .read, self), NotedTool("findings.digest", .read, self),
            NotedTool("gate.approvals.list", .read, self), NotedTool("integrations.list", .read, self),
            NotedTool("integrations.send", sends, self),
        ]
    }
}

struct NotedTool: Tool {
    let descriptor: ToolDescriptor
    let notes: Notes

    init(_ id: String, _ effect: Effect, _ notes: Notes) {
        descriptor = ToolDescriptor(id: id, title: id, summary: "For tests.", effect: effect)
        self.notes = notes
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        Preview(summary: "send <!channel> & a notice", undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        if descriptor.effect != .read { notes.begun.withLock { $0 += 1 } }
        let delay = notes.delay.withLock { $0 }
        if delay > .zero { try await Task.sleep(for: delay) }
        notes.performed.withLock { $0.append((action.tool, action.arguments)) }
        if notes.fails.withLock({ $0 }) { throw GatehouseError("test", .unavailable, "it was away") }
        return Answer(notes.answers.withLock { $0[action.tool] } ?? ["state": "done"])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }
}

/// Lets everything be done.
struct Allowing: Decider {
    let revision = "test:allow"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.allow, reason: "a test", rule: "all", policyRevision: revision)
    }
}

/// Asks a security lead about what alters something.
struct AskingLead: Decider {
    var quorum = 1
    let revision = "test:ask"

    func decide(_ input: DecisionInput) async throws -> Decision {
        guard input.effect >= .change else {
            return Decision(.allow, reason: "a read", rule: "read", policyRevision: revision)
        }
        let rule = ApprovalRule(roles: ["security_lead"], quorum: quorum)
        return Decision(.ask(rule), reason: "a change", rule: "ask", policyRevision: revision)
    }
}
