import Core
import Gate
import JSON

/// Entries of the journal as it has them on disk: an object with `kind`, what it is about, and nothing that is empty.
extension RunEvent {
    var kindName: String {
        switch kind {
        case .started: "started"
        case .released: "released"
        case .session: "session"
        case .labels: "labels"
        case .skipped: "skipped"
        case .opened: "opened"
        case .begun: "begun"
        case .waiting: "waiting"
        case .unknown: "unknown"
        case .ended: "ended"
        case .paused: "paused"
        case .child: "child"
        case .settled: "settled"
        case .cancelled: "cancelled"
        case .failed: "failed"
        case .undo: "undo"
        case .finished: "finished"
        }
    }

    /// Which instance it is about.
    var ref: StepRef? {
        switch kind {
        case .begun(let attempt): attempt.ref
        case .waiting(let ref, _, _), .unknown(let ref, _, _), .ended(let ref, _), .paused(let ref, _, _),
            .child(let ref, _, _, _), .settled(let ref, _, _, _):
            ref
        case .skipped(let step), .opened(let step, _): StepRef(step)
        default: nil
        }
    }

    /// Without its time.
    var json: JSON {
        var object: JSONObject = ["kind": .string(kindName)]
        if let ref {
            object["step"] = .string(ref.step)
            if ref.index > 0 { object["index"] = JSON(ref.index) }
            if ref.isUndo { object["is_undo"] = true }
        }
        for (name, value) in details where !value.isNull { object[name] = value }
        return .object(object)
    }

    private var details: JSONObject {
        switch kind {
        case .started(let start): ["run": start.json]
        case .released, .skipped: [:]
        case .session(let id): ["session": .string(id)]
        case .labels(let labels): ["labels": labels.json]
        case .opened(_, let items): ["items": .array(items)]
        case .begun(let attempt): attempt.details
        case .waiting(_, let action, let approval): ["action": .string(action), "approval": .string(approval)]
        case .unknown(_, let action, let error): ["action": .init(action), "error": error.json]
        case .ended(_, let end): end.details
        case .paused(_, let until, let event): ["until": JSON(until.microseconds), "event": .init(event)]
        case .child(_, let run, let workflow, let inputs):
            ["run": .string(run), "workflow": .string(workflow), "inputs": inputs]
        case .settled(_, let settlement, let by, let reason):
            settlement.details.adding(["by": .string(by), "reason": .string(reason)])
        case .cancelled(let by, let reason): ["by": .string(by), "reason": .string(reason)]
        case .failed(let error): ["error": error.json]
        case .undo(let request): request.details
        case .finished(let end):
            ["state": .string(end.state.rawValue), "outputs": .object(end.outputs), "error": .init(end.error)]
        }
    }

    /// - Throws: `corrupt`.
    init(_ json: JSON, at time: Timestamp) throws {
        guard let kind = Kind(json) else {
            throw GatehouseError(
                "flow", .corrupt, "an entry of a run's journal cannot be read: \(json["kind"]?.string ?? "?")",
                hint: "check the database, or restore a backup")
        }
        self.init(kind, at: time)
    }
}

extension RunEvent.Kind {
    fileprivate init?(_ json: JSON) {
        let ref = StepRef(json)
        let error = json["error"].flatMap(GatehouseError.init(json:))
        switch (json["kind"]?.string, ref) {
        case ("released", _): self = .released
        case ("started", _):
            guard let start = json["run"].flatMap(RunStart.init(json:)) else { return nil }
            self = .started(start)
        case ("session", _):
            guard let id = json["session"]?.string else { return nil }
            self = .session(id: id)
        case ("labels", _):
            guard let labels = json["labels"].flatMap(Set<Label>.init(json:)) else { return nil }
            self = .labels(labels)
        case ("cancelled", _): self = .cancelled(by: json.text("by"), reason: json.text("reason"))
        case ("failed", _):
            guard let error else { return nil }
            self = .failed(error)
        case ("undo", _): self = .undo(UndoRequest(json: json))
        case ("finished", _):
            guard let state = json["state"]?.string.flatMap(RunStatus.init(rawValue:)) else { return nil }
            self = .finished(RunEnd(state, outputs: json["outputs"]?.object ?? [:], error: error))
        case (let kind?, let ref?): self.init(kind, ref, json, error)
        default: return nil
        }
    }

    private init?(_ kind: String, _ ref: StepRef, _ json: JSON, _ error: GatehouseError?) {
        switch kind {
        case "skipped": self = .skipped(step: ref.step)
        case "opened": self = .opened(step: ref.step, items: json["items"]?.array ?? [])
        case "begun":
            guard let attempt = Attempt(ref, json) else { return nil }
            self = .begun(attempt)
        case "waiting":
            self = .waiting(ref, actionID: json.text("action"), approvalID: json.text("approval"))
        case "unknown":
            guard let error else { return nil }
            self = .unknown(ref, actionID: json["action"]?.string, error)
        case "ended":
            guard let end = StepEnd(json, error) else { return nil }
            self = .ended(ref, end)
        case "paused":
            guard let until = json["until"]?.number?.int else { return nil }
            self = .paused(ref, until: Timestamp(microseconds: Int64(until)), event: json["event"]?.string)
        case "child":
            self = .child(
                ref, run: json.text("run"), workflow: json.text("workflow"), inputs: json["inputs"] ?? .null)
        case "settled":
            guard let settlement = Settlement(json) else { return nil }
            self = .settled(ref, settlement, by: json.text("by"), reason: json.text("reason"))
        default: return nil
        }
    }
}

extension StepRef {
    var json: JSON { ["step": .string(step), "index": JSON(index), "is_undo": .bool(isUndo)] }

    init?(_ json: JSON) {
        guard let step = json["step"]?.string else { return nil }
        self.init(step, max(0, json["index"]?.int ?? 0), isUndo: json["is_undo"]?.bool ?? false)
    }
}

extension Attempt {
    fileprivate var details: JSONObject {
        var object: JSONObject = ["number": JSON(number), "key": .string(key)]
        switch work {
        case .action(let request): object["request"] = request.json
        case .undo(let actionID): object["undoes"] = .string(actionID)
        }
        if let undo { object["undo"] = undo.json }
        return object
    }

    fileprivate init?(_ ref: StepRef, _ json: JSON) {
        let work: Work
        if let undone = json["undoes"]?.string {
            work = .undo(actionID: undone)
        } else if let request = json["request"].flatMap(StepRequest.init(json:)) {
            work = .action(request)
        } else {
            return nil
        }
        self.init(
            ref: ref, number: max(1, json["number"]?.int ?? 1), work: work, key: json.text("key"),
            undo: json["undo"].flatMap(StepRequest.init(json:)))
    }
}

extension StepRequest {
    var json: JSON { ["tool": .string(tool), "target": .string(target), "arguments": arguments] }

    fileprivate init?(json: JSON) {
        guard let tool = json["tool"]?.string, let target = json["target"]?.string else { return nil }
        self.init(tool: tool, target: target, arguments: json["arguments"] ?? [:])
    }
}

extension StepOutputs {
    fileprivate var details: JSONObject {
        switch self {
        case .value(let value): ["outputs": value]
        case .cut(let reason): ["cut": .string(reason)]
        }
    }

    fileprivate init(json: JSON) {
        self = json["cut"]?.string.map(StepOutputs.cut) ?? .value(json["outputs"] ?? .null)
    }
}

extension StepEnd {
    fileprivate var details: JSONObject {
        switch self {
        case .succeeded(let outputs, let actionID):
            return outputs.details.adding(["state": "succeeded", "action": .init(actionID)])
        case .failed(let error, let failure, let actionID, let chance):
            return [
                "state": "failed", "failure": .string(failure.rawValue), "error": error.json,
                "action": .init(actionID), "chance": JSON(chance) ?? .null,
            ]
        case .cancelled: return ["state": "cancelled"]
        case .nothing: return ["state": "nothing"]
        }
    }

    fileprivate init?(_ json: JSON, _ error: GatehouseError?) {
        let action = json["action"]?.string
        switch json["state"]?.string {
        case "succeeded": self = .succeeded(StepOutputs(json: json), actionID: action)
        case "failed":
            guard let error, let failure = json["failure"]?.string.flatMap(Failure.init(rawValue:)) else { return nil }
            self = .failed(error, failure, actionID: action, chance: json["chance"]?.double ?? 0.5)
        case "cancelled": self = .cancelled
        case "nothing": self = .nothing
        default: return nil
        }
    }
}

extension Settlement {
    fileprivate var details: JSONObject {
        switch self {
        case .happened(let outputs): outputs.details.adding(["settlement": "happened"])
        case .didNotHappen: ["settlement": "did_not_happen"]
        case .givenUp: ["settlement": "given_up"]
        }
    }

    fileprivate init?(_ json: JSON) {
        switch json["settlement"]?.string {
        case "happened": self = .happened(StepOutputs(json: json))
        case "did_not_happen": self = .didNotHappen
        case "given_up": self = .givenUp
        default: return nil
        }
    }
}

extension UndoRequest {
    fileprivate var details: JSONObject {
        var object: JSONObject = ["from": .init(from), "reason": .string(reason)]
        if let by { object["by"] = by.json }
        if isLocal { object["is_local"] = true }
        return object
    }

    fileprivate init(json: JSON) {
        self.init(
            from: json["from"]?.string, by: json["by"].flatMap(Principal.init(json:)),
            isLocal: json["is_local"]?.bool ?? false, reason: json.text("reason"))
    }
}

extension RunStart {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "id": .string(id), "principal": principal.json, "class": .string(sessionClass), "labels": labels.json,
            "inputs": .object(inputs), "event": event, "trigger": .string(trigger.rawValue), "depth": JSON(depth),
            "is_local": .bool(isLocal), "is_queued": .bool(isQueued),
        ]
        if let parent { object["parent"] = ["run": .string(parent.run), "at": parent.ref.json] }
        return .object(object)
    }

    fileprivate init?(json: JSON) {
        guard let id = json["id"]?.string, let principal = json["principal"].flatMap(Principal.init(json:)),
            let trigger = json["trigger"]?.string.flatMap(RunTrigger.init(rawValue:))
        else { return nil }
        self.init(
            id: id, principal: principal, isLocal: json["is_local"]?.bool ?? false, sessionClass: json.text("class"),
            labels: json["labels"].flatMap(Set<Label>.init(json:)) ?? [], inputs: json["inputs"]?.object ?? [:],
            event: json["event"] ?? .null, trigger: trigger,
            parent: json["parent"].flatMap { parent in
                guard let run = parent["run"]?.string, let ref = parent["at"].flatMap(StepRef.init) else { return nil }
                return Parent(run: run, ref: ref)
            }, depth: max(0, json["depth"]?.int ?? 0), isQueued: json["is_queued"]?.bool ?? false)
    }
}

extension JSON {
    /// Absent becomes null.
    init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    init(_ error: GatehouseError?) { self = error?.json ?? .null }

    fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }
}

extension JSONObject {
    fileprivate func adding(_ more: JSONObject) -> JSONObject {
        var object = self
        for (name, value) in more { object[name] = value }
        return object
    }
}
