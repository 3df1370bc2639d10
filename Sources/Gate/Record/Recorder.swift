import Core
import JSON
import Ledger

enum RecordDurability: Sendable {
    case written, durable
}

/// Writes what passes the gate into the ledger: one JSON object an entry, version 1. Bodies never, only their hashes.
struct Recorder: Sendable {
    enum Kind: String, Sendable {
        case intent, outcome, decision, approval, undo, access, bodies
    }

    /// What happened at the console's door.
    enum Access: String, Sendable {
        case linkMade = "link_made"
        case signedIn = "signed_in"
        case signedOut = "signed_out"
        case refused
    }

    /// What is known of it. Never a token.
    struct AccessEntry: Sendable {
        let access: Access
        /// Where it came from.
        let peer: String?
        var principal: String?
        var link: String?
        var signIn: String?
        var error: String?
        /// Refusals since the last one that was recorded.
        var further = 0

        init(_ access: Access, from peer: String?) {
            self.access = access
            self.peer = peer
        }
    }

    /// What an entry says beside the action itself.
    struct Entry: Sendable {
        var kind: Kind
        var state: String
        var error: GatehouseError?
        var answerHash: String?
        /// By whom and how an approval was voted on.
        var vote: (voter: String, approves: Bool, reason: String)?
        var approval: String?
        var binding: String?
        var undoneBy: String?
        /// Found out afterwards, not seen when it happened.
        var isReconciled = false
        /// What it cost.
        var usage = Usage()
        /// What the tool has to say of it: see ``Answer/facts``.
        var facts: JSON = [:]
        /// See ``Cargo/bodies()``.
        var bodies: JSON?
        /// Refusals of the same principal since the last one that was recorded.
        var further = 0

        init(_ kind: Kind, state: String) {
            self.kind = kind
            self.state = state
        }
    }

    /// Characters of an error or summary that a tool wrote.
    static let longestText = 2000

    let ledger: Ledger
    let clock: any WallClock

    /// - Returns: the entry's index.
    /// - Throws: `unavailable`.
    @discardableResult
    func append(_ entry: Entry, of passage: Passage, _ durability: RecordDurability) async throws -> UInt64 {
        var writer = JSONWriter(reserving: 640)
        writer.beginObject()
        write(entry, of: passage, &writer)
        writer.endObject()
        return try await append(writer.bytes, durability)
    }

    /// Somebody who was not let in: there is no passage yet.
    struct TurnedAway: Sendable {
        let principalID: String
        let actionID: String
        /// Nil where there is none for them.
        var session: Session?
        /// Nil where there is no such tool.
        var tool: String?
        var state = ActionRecord.State.denied.rawValue
        var error: GatehouseError?
        var further = 0

        init(_ principalID: String, actionID: String) {
            self.principalID = principalID
            self.actionID = actionID
        }
    }

    func append(_ entry: TurnedAway) async throws {
        var writer = JSONWriter(reserving: 384)
        writer.beginObject()
        writer.begin(.decision, action: entry.actionID, clock.now())
        if let tool = entry.tool { writer.member("tool", tool) }
        writer.member("principal", entry.principalID)
        if let session = entry.session { writer.member(session) }
        writer.further(entry.further)
        writer.member("state", entry.state)
        if let error = entry.error { writer.member("error", String(error.message.prefix(Self.longestText))) }
        writer.endObject()
        try await append(writer.bytes, .written)
    }

    /// Somebody came in by the console's door, or left, or was refused.
    func append(_ entry: AccessEntry, _ durability: RecordDurability) async throws {
        var writer = JSONWriter(reserving: 240)
        writer.beginObject()
        writer.begin(.access, clock.now())
        if let principal = entry.principal { writer.member("principal", principal) }
        if let peer = entry.peer { writer.member("peer", String(peer.prefix(Self.longestText))) }
        if let link = entry.link { writer.member("link", link) }
        if let signIn = entry.signIn { writer.member("sign_in", signIn) }
        writer.member("state", entry.access.rawValue)
        if let error = entry.error { writer.member("error", String(error.prefix(Self.longestText))) }
        writer.further(entry.further)
        writer.endObject()
        try await append(writer.bytes, durability)
    }

    @discardableResult
    private func append(_ payload: [UInt8], _ durability: RecordDurability) async throws -> UInt64 {
        do {
            return try await ledger.append(payload, durability: durability == .durable ? .durable : .written).index
        } catch {
            throw GatehouseError(
                "gate", .unavailable, "the ledger does not take the record, and nothing goes unrecorded", from: error,
                hint: "see what the ledger reports, then submit again")
        }
    }

    private func write(_ entry: Entry, of passage: Passage, _ writer: inout JSONWriter) {
        writer.begin(entry.kind, action: passage.id, clock.now())
        writer.member("tool", passage.action.tool)
        if passage.isInspected { writer.member("target", passage.action.target) }
        writer.member("principal", passage.principal.id)
        writer.member(passage.session)
        writer.member("effect", passage.effect.rawValue)
        if !passage.labels.isEmpty { writer.member("labels", passage.labels.map(\.rawValue).sorted()) }
        if passage.isInspected, let reason = passage.reason { writer.member("reason", reason) }
        if let decision = passage.decision, entry.kind != .outcome { writer.member("decision", decision) }
        if let approval = entry.approval ?? passage.approvalID { writer.member("approval", approval) }
        if passage.isInspected, !passage.argumentsHash.isEmpty {
            writer.member("arguments_hash", passage.argumentsHash)
        }
        if entry.kind != .outcome, let cargo = passage.cargoInspection { writer.member("cargo", cargo) }
        if let undoes = passage.action.undoes { writer.member("undoes", undoes) }
        if let whole = passage.partOf { writer.member("part_of", whole) }
        if entry.kind == .intent || entry.kind == .approval, let undo = passage.preview?.undo {
            writer.member("undo", undo)
        }
        write(entry, &writer)
    }

    private func write(_ entry: Entry, _ writer: inout JSONWriter) {
        if let vote = entry.vote {
            writer.key("vote")
            writer.beginObject()
            writer.member("by", vote.voter)
            writer.member("verdict", vote.approves ? "approve" : "deny")
            writer.member("reason", vote.reason)
            writer.endObject()
        }
        if let binding = entry.binding { writer.member("binding", binding) }
        if let hash = entry.answerHash { writer.member("answer_hash", hash) }
        if let undoneBy = entry.undoneBy { writer.member("undone_by", undoneBy) }
        if entry.usage != Usage() { writer.member("usage", entry.usage) }
        if let facts = entry.facts.object, !facts.isEmpty {
            writer.key("facts")
            writer.value(entry.facts)
        }
        if entry.isReconciled {
            writer.key("reconciled")
            writer.bool(true)
        }
        if let bodies = entry.bodies {
            writer.key("bodies")
            writer.value(bodies)
        }
        writer.further(entry.further)
        writer.member("state", entry.state)
        if let error = entry.error { writer.member("error", String(error.message.prefix(Self.longestText))) }
    }
}

extension JSONWriter {
    fileprivate mutating func begin(_ kind: Recorder.Kind, _ time: Timestamp) {
        key("v")
        int(1)
        member("type", kind.rawValue)
        member("time", time.description)
    }

    fileprivate mutating func begin(_ kind: Recorder.Kind, action: String, _ time: Timestamp) {
        begin(kind, time)
        member("action", action)
    }

    fileprivate mutating func further(_ count: Int) {
        guard count > 0 else { return }
        key("further")
        int(count)
    }

    fileprivate mutating func member(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    fileprivate mutating func member(_ name: String, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// With how long the entry is to be kept, so that this is on the record with it: see ``RetentionRules``.
    fileprivate mutating func member(_ session: Session) {
        member("session", session.id)
        member("class", session.sessionClass.name)
        key("retention")
        int(Int(clamping: session.sessionClass.retention.components.seconds))
    }

    fileprivate mutating func member(_ name: String, _ decision: Decision) {
        key(name)
        beginObject()
        member("verdict", decision.verdict.word)
        member("rule", decision.rule)
        member("reason", decision.reason)
        member("policy", decision.policyRevision)
        endObject()
    }

    fileprivate mutating func member(_ name: String, _ cargo: CargoInspection) {
        key(name)
        beginObject()
        member("hash", cargo.digest)
        if !cargo.counts.isEmpty {
            key("found")
            beginObject()
            for (kind, count) in cargo.counts.sorted(by: { $0.key < $1.key }) {
                key(kind)
                int(count)
            }
            endObject()
        }
        endObject()
    }

    fileprivate mutating func member(_ name: String, _ usage: Usage) {
        key(name)
        beginObject()
        key("money_micros")
        int(Int(usage.money))
        key("tokens")
        int(Int(usage.tokens))
        endObject()
    }

    fileprivate mutating func member(_ name: String, _ undo: UndoPlan) {
        key(name)
        beginObject()
        member("tool", undo.tool)
        member("target", undo.target)
        member("summary", String(undo.summary.prefix(Recorder.longestText)))
        // A plan was put into canonical form when it was bound or kept, so this one has a form.
        if let hash = try? Hashing.canonical(undo.arguments) { member("arguments_hash", hash) }
        endObject()
    }
}

extension Decision.Verdict {
    /// As records have it: `allow`, `deny`, `ask`.
    public var word: String {
        switch self {
        case .allow: "allow"
        case .deny: "deny"
        case .ask: "ask"
        }
    }
}
