import Core
import JSON
import Store

/// A notice on its way to a destination, as it is kept.
struct KeptSend: Sendable, Hashable {
    enum State: String, Sendable, Hashable, CaseIterable {
        case waiting, delivered
        /// A dead letter: it was refused, or tried too often.
        case dead
    }

    /// `snd_…`
    let id: String
    /// The order in which they came.
    let sequence: Int64
    let destination: String
    let notice: Notice
    /// The action that asked for it.
    let actionID: String
    var state: State
    /// Tries so far.
    var attempts: Int
    /// Of its messages, so many have arrived.
    var steps: Int
    /// When it is due.
    var next: Timestamp
    /// Why the last try failed.
    var problem: String?
    var remoteID: String?
    var remoteLink: String?
    let created: Timestamp
    /// When it was delivered, or given up.
    var finished: Timestamp?

    init(_ row: Row) throws {
        id = try row.text("id")
        sequence = try row.integer("sequence")
        destination = try row.text("destination")
        do {
            notice = try Notice(try JSON.parse(try row.text("notice")))
        } catch {
            throw GatehouseError("integrations", .corrupt, "a notice that is kept cannot be read", from: error)
        }
        actionID = try row.text("action")
        let state = try row.text("state")
        guard let state = State(rawValue: state) else {
            throw GatehouseError("integrations", .corrupt, "a send that is kept is in no state that there is: \(state)")
        }
        self.state = state
        attempts = try row.int("attempts")
        steps = try row.int("steps")
        next = try row.time("next")
        problem = try row.optionalText("problem")
        remoteID = try row.optionalText("remote_id")
        remoteLink = try row.optionalText("remote_link")
        created = try row.time("created")
        finished = try row.optionalTime("finished")
    }

    /// As tools show it.
    var json: JSON {
        [
            "id": .string(id), "destination": .string(destination), "state": .string(state.rawValue),
            "title": .string(notice.title), "kind": .string(notice.kind.rawValue),
            "severity": .string(notice.severity.rawValue), "dedupe_key": .string(notice.dedupeKey),
            "notice_state": .string(notice.state.rawValue), "attempts": JSON(attempts),
            "problem": problem.map { .string($0) } ?? .null, "action": .string(actionID),
            "remote_id": remoteID.map { .string($0) } ?? .null, "link": remoteLink.map { .string($0) } ?? .null,
            "created": .string(created.description),
            "finished": finished.map { .string($0.description) } ?? .null,
        ]
    }
}
