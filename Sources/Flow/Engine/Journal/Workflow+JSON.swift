import Core
import JSON

/// A workflow as it is kept with its runs: what was read, whatever becomes of its file.
extension Workflow {
    /// What a run needs of it; triggers, phrases and places in the file are left out.
    var kept: JSON {
        [
            "name": .string(name), "title": .string(title), "version": .string(version),
            "timeout": timeout.json, "steps": .array(steps.map(\.kept)),
            "inputs": .array(inputs.map(\.kept)), "outputs": outputs.kept,
            "concurrency": concurrency.map {
                ["group": $0.group.source, "policy": .string($0.policy.rawValue)]
            } ?? .null,
        ]
    }

    /// - Throws: `corrupt`.
    init(kept json: JSON) throws {
        var concurrency: Concurrency?
        if let group = json["concurrency"]?["group"] {
            concurrency = Concurrency(
                group: try Template(group), policy: try Kept.value(json["concurrency"]?["policy"], "policy"))
        }
        self.init(
            name: try Kept.text(json["name"], "name"), title: try Kept.text(json["title"], "title"),
            inputs: try (json["inputs"]?.array ?? []).map(WorkflowInput.init(kept:)), concurrency: concurrency,
            timeout: try Kept.duration(json["timeout"], "timeout"),
            steps: try (json["steps"]?.array ?? []).map(Step.init(kept:)), outputs: try Kept.named(json["outputs"]),
            version: try Kept.text(json["version"], "version"))
    }
}

extension Step {
    fileprivate var kept: JSON {
        [
            "id": .string(id), "title": .string(title), "kind": kind.kept, "if": JSON(condition?.source),
            "needs": .array(needs.map { .string($0) }),
            "for_each": forEach.map { ["items": $0.items.source, "concurrency": JSON($0.concurrency)] } ?? .null,
            "retry": retry.kept, "timeout": timeout?.json ?? .null, "on_error": .string(onError.rawValue),
            "outputs": outputs.kept, "undo": undo.kept,
        ]
    }

    fileprivate init(kept json: JSON) throws {
        var forEach: ForEach?
        if let items = json["for_each"]?["items"] {
            forEach = ForEach(
                items: try Template(items), concurrency: try Kept.int(json["for_each"]?["concurrency"], "concurrency"))
        }
        self.init(
            id: try Kept.text(json["id"], "id"), title: try Kept.text(json["title"], "title"),
            kind: try Kind(kept: json["kind"] ?? .null), condition: try json["if"]?.string.map { try Expression($0) },
            needs: (json["needs"]?.array ?? []).compactMap(\.string), forEach: forEach,
            retry: try Retry(kept: json["retry"] ?? .null), timeout: try Kept.optionalDuration(json["timeout"]),
            onError: try Kept.value(json["on_error"], "on_error"), outputs: try Kept.named(json["outputs"]),
            undo: try StepUndo(kept: json["undo"] ?? .null))
    }
}

extension Step.Kind {
    fileprivate var kept: JSON {
        switch self {
        case .action(let action): ["action": action.kept]
        case .approval(let approval): ["approval": approval.kept]
        case .wait(.time(let time)): ["time": time.json]
        case .wait(.until(let until)): ["until": until.source]
        case .wait(.event(let name, let condition, let timeout)):
            ["event": .string(name), "if": JSON(condition?.source), "timeout": timeout.json]
        case .workflow(let name, let inputs): ["workflow": .string(name), "with": inputs.source]
        case .join: ["join": true]
        }
    }

    fileprivate init(kept json: JSON) throws {
        if let action = json["action"] {
            self = .action(try StepAction(kept: action))
        } else if let approval = json["approval"] {
            self = .approval(try ApprovalStep(kept: approval))
        } else if json["time"] != nil {
            self = .wait(.time(try Kept.duration(json["time"], "time")))
        } else if let until = json["until"] {
            self = .wait(.until(try Template(until)))
        } else if let event = json["event"]?.string {
            self = .wait(
                .event(
                    name: event, condition: try json["if"]?.string.map { try Expression($0) },
                    timeout: try Kept.duration(json["timeout"], "timeout")))
        } else if let name = json["workflow"]?.string {
            self = .workflow(name: name, inputs: try Template(json["with"] ?? [:]))
        } else if json["join"] != nil {
            self = .join
        } else {
            throw Kept.unreadable("kind")
        }
    }
}

extension StepAction {
    fileprivate var kept: JSON {
        ["tool": .string(tool), "target": target?.source ?? .null, "with": arguments.source]
    }

    fileprivate init(kept json: JSON) throws {
        self.init(
            tool: try Kept.text(json["tool"], "tool"), target: try Kept.template(json["target"]),
            arguments: try Template(json["with"] ?? [:]))
    }
}

extension ApprovalStep {
    fileprivate var kept: JSON {
        [
            "message": message.source, "details": details?.source ?? .null,
            "roles": .array(roles.map { .string($0) }), "quorum": JSON(quorum), "expires": expires.json,
            "on_timeout": .string(onTimeout.rawValue), "on_deny": .string(onDeny.rawValue),
        ]
    }

    fileprivate init(kept json: JSON) throws {
        self.init(
            message: try Template(json["message"] ?? .null), details: try Kept.template(json["details"]),
            roles: (json["roles"]?.array ?? []).compactMap(\.string), quorum: try Kept.int(json["quorum"], "quorum"),
            expires: try Kept.duration(json["expires"], "expires"),
            onTimeout: try Kept.value(json["on_timeout"], "on_timeout"),
            onDeny: try Kept.value(json["on_deny"], "on_deny"))
    }
}

extension Retry {
    fileprivate var kept: JSON {
        [
            "attempts": JSON(attempts), "delay": delay.json, "factor": JSON(factor) ?? 1,
            "max_delay": longestDelay.json, "jitter": JSON(jitter) ?? 0,
        ]
    }

    fileprivate init(kept json: JSON) throws {
        self.init(
            attempts: try Kept.int(json["attempts"], "attempts"), delay: try Kept.duration(json["delay"], "delay"),
            factor: json["factor"]?.double ?? 1, longestDelay: try Kept.duration(json["max_delay"], "max_delay"),
            jitter: json["jitter"]?.double ?? 0)
    }
}

extension StepUndo {
    fileprivate var kept: JSON {
        switch self {
        case .byTool: "by_tool"
        case .none: "none"
        case .action(let action): action.kept
        }
    }

    fileprivate init(kept json: JSON) throws {
        switch json.string {
        case "by_tool": self = .byTool
        case "none": self = .none
        default: self = .action(try StepAction(kept: json))
        }
    }
}

extension WorkflowInput {
    fileprivate var kept: JSON {
        [
            "name": .string(name), "kind": .string(kind.rawValue), "required": .bool(isRequired),
            "default": fallback.map { ["value": $0] } ?? .null, "choices": .array(choices),
        ]
    }

    fileprivate init(kept json: JSON) throws {
        self.init(
            name: try Kept.text(json["name"], "name"), kind: try Kept.value(json["kind"], "kind"),
            isRequired: json["required"]?.bool ?? false, fallback: json["default"]?["value"],
            choices: json["choices"]?.array ?? [])
    }
}

extension [Named<Template>] {
    fileprivate var kept: JSON { .array(map { ["name": .string($0.name), "value": $0.value.source] }) }
}

extension Duration {
    fileprivate var json: JSON { JSON(microseconds) }
}

/// Reads the parts of what was kept.
private enum Kept {
    static func unreadable(_ what: String) -> GatehouseError {
        GatehouseError(
            "flow", .corrupt, "\(what) of a workflow that is kept with its runs cannot be read",
            hint: "check the database, or restore a backup")
    }

    static func text(_ json: JSON?, _ what: String) throws -> String {
        guard let text = json?.string else { throw unreadable(what) }
        return text
    }

    static func int(_ json: JSON?, _ what: String) throws -> Int {
        guard let number = json?.int else { throw unreadable(what) }
        return number
    }

    static func duration(_ json: JSON?, _ what: String) throws -> Duration {
        .microseconds(Int64(try int(json, what)))
    }

    static func optionalDuration(_ json: JSON?) throws -> Duration? {
        guard let json, !json.isNull else { return nil }
        return try duration(json, "timeout")
    }

    static func template(_ json: JSON?) throws -> Template? {
        guard let json, !json.isNull else { return nil }
        return try Template(json)
    }

    static func value<Value: RawRepresentable>(_ json: JSON?, _ what: String) throws -> Value
    where Value.RawValue == String {
        guard let value = json?.string.flatMap(Value.init(rawValue:)) else { throw unreadable(what) }
        return value
    }

    static func named(_ json: JSON?) throws -> [Named<Template>] {
        try (json?.array ?? []).map { Named(try text($0["name"], "name"), try Template($0["value"] ?? .null)) }
    }
}
