public import Core
import Gate
public import JSON
import Store

/// A run at a glance: the row that is kept beside its journal.
public struct RunRecord: Sendable, Hashable {
    /// `run_…`
    public var id: String
    public var workflow: String
    /// Of the workflow's file, to which the run is pinned.
    public var version: String
    public var status: RunStatus
    public var principalID: String
    public var trigger: RunTrigger
    /// The run that it is part of.
    public var parent: String?
    public var depth: Int
    /// Of its concurrency.
    public var group: String?
    public var started: Timestamp
    public var updated: Timestamp
    public var finished: Timestamp?
    /// Of its journal.
    public var entries: Int
    public var error: GatehouseError?
    public var outputs: JSON?
}

extension RunRecord {
    static let columns = """
        id, workflow, version, state, principal_id, cause, parent, depth, run_group, started, updated, finished, entries,
        error, outputs
        """

    init(row: Row) throws {
        guard let status = RunStatus(rawValue: try row.text("state")),
            let trigger = RunTrigger(rawValue: try row.text("cause"))
        else { throw Journal.unreadable("the row of run \(try row.text("id"))") }
        self.init(
            id: try row.text("id"), workflow: try row.text("workflow"), version: try row.text("version"),
            status: status, principalID: try row.text("principal_id"), trigger: trigger,
            parent: try row.optionalText("parent"), depth: try row.int("depth"),
            group: try row.optionalText("run_group"), started: try row.time("started"),
            updated: try row.time("updated"), finished: try row.optionalTime("finished"),
            entries: try row.int("entries"),
            error: try Journal.json(row, "error").flatMap(GatehouseError.init(json:)),
            outputs: try Journal.json(row, "outputs"))
    }

    /// As tools and the API show it.
    public var json: JSON {
        var object: JSONObject = [
            "run": .string(id), "workflow": .string(workflow), "version": .string(version),
            "state": .string(status.rawValue), "principal": .string(principalID),
            "trigger": .string(trigger.rawValue), "started": .string(started.description),
            "updated": .string(updated.description), "entries": JSON(entries),
        ]
        if let parent { object["parent"] = .string(parent) }
        if let group { object["group"] = .string(group) }
        if let finished { object["finished"] = .string(finished.description) }
        if let error {
            object["error"] = ["code": .string(error.code.rawValue), "message": .string(error.message)]
        }
        if let outputs { object["outputs"] = outputs }
        return .object(object)
    }
}

/// One entry of a journal with its number.
public struct JournalEntry: Sendable, Hashable {
    /// From 0.
    public var number: Int
    public var event: RunEvent

    /// As tools and the API show it.
    public var json: JSON {
        var object = event.json
        object["number"] = JSON(number)
        object["time"] = .string(event.time.description)
        return object
    }
}
