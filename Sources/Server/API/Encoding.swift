import Core
import Gate
import JSON

/// Writes what the gate keeps as the API's JSON. A member that has nothing to say is left out.
extension JSONObject {
    mutating func put(_ name: String, _ text: String?) {
        if let text { self[name] = .string(text) }
    }
    mutating func put(_ name: String, _ time: Timestamp?) {
        if let time { self[name] = .string(time.description) }
    }
}

extension JSON {
    static func time(_ time: Timestamp) -> JSON { .string(time.description) }
    static func whole(_ value: Int64) -> JSON { .number(JSONNumber(value)) }
    static func whole(_ value: UInt64) -> JSON { .number(JSONNumber(Int64(clamping: value))) }
    static func texts(_ values: some Sequence<String>) -> JSON { .array(values.sorted().map { .string($0) }) }
}

extension ToolDescriptor {
    var json: JSON {
        [
            "id": .string(id), "title": .string(title), "summary": .string(summary), "effect": .string(effect.rawValue),
            "arguments": arguments, "timeout_seconds": .whole(timeout.components.seconds),
        ]
    }
}

extension Preview {
    var json: JSON {
        var out: JSONObject = ["summary": .string(summary), "diff": .string(diff), "facts": facts]
        if let undo {
            out["undo"] = [
                "tool": .string(undo.tool), "target": .string(undo.target), "arguments": undo.arguments,
                "summary": .string(undo.summary),
            ]
        }
        return .object(out)
    }
}

extension ActionRecord {
    var json: JSON {
        var out: JSONObject = [
            "id": .string(action.id), "tool": .string(action.tool), "target": .string(action.target),
            "arguments": action.arguments, "principal": .string(principalID), "session": .string(sessionID),
            "effect": .string(effect.rawValue), "state": .string(state.rawValue), "submitted": .time(submitted),
        ]
        out.put("reason", reason)
        out.put("error", error)
        out.put("undoes", action.undoes)
        out.put("undone_by", undoneBy)
        out.put("finished", finished)
        if let preview { out["preview"] = preview.json }
        if let answer { out["answer"] = answer }
        return .object(out)
    }
}

extension Submission {
    var json: JSON {
        switch self {
        case .answered(let id, let answer, let leaf):
            var out: JSONObject = ["action_id": .string(id), "state": "done", "answer": answer.value]
            if let leaf { out["leaf"] = .whole(leaf) }
            if answer.usage != Usage() {
                out["usage"] = ["money": .whole(answer.usage.money), "tokens": .whole(answer.usage.tokens)]
            }
            return .object(out)
        case .waiting(let id, let approval):
            return ["action_id": .string(id), "state": "waiting", "approval": approval.json]
        }
    }
}

extension Approval {
    var json: JSON {
        var out: JSONObject = [
            "id": .string(id), "action_id": .string(actionID), "requester": .string(requesterID), "tool": .string(tool),
            "target": .string(target), "effect": .string(effect.rawValue), "preview": preview.json,
            "binding": .string(binding),
        ]
        out["policy"] = .string(policyRevision)
        out["roles"] = .texts(rule.roles)
        out["quorum"] = .number(JSONNumber(rule.quorum))
        out["votes"] = .array(votes.map(\.json))
        out["state"] = .string(state.rawValue)
        out.put("requested", requested)
        out.put("expires", expires)
        out.put("reason", reason)
        return .object(out)
    }
}

extension ApprovalVote {
    var json: JSON {
        [
            "principal": .string(principalID), "approves": .bool(approves), "reason": .string(reason),
            "time": .time(time),
        ]
    }
}

extension SessionClass.Approval {
    var text: String {
        switch self {
        case .none: "none"
        case .auto: "auto"
        case .role(let role): role
        }
    }
}

extension Session {
    var json: JSON {
        var out: JSONObject = [
            "id": .string(id), "principal": .string(principalID), "class": .string(sessionClass.name),
            "labels": .texts(labels.map(\.rawValue)), "started": .time(started), "expires": .time(expires),
        ]
        out["logging"] = .string(sessionClass.logging.rawValue)
        out["approval"] = .string(sessionClass.approval.text)
        out["retention_seconds"] = .whole(sessionClass.retention.components.seconds)
        if sessionClass.bodies { out["bodies"] = true }
        out.put("break_glass", breakGlass)
        return .object(out)
    }
}

extension BreakGlassReview {
    var json: JSON {
        var out: JSONObject = [
            "id": .string(id), "session": .string(sessionID), "principal": .string(principalID),
            "reason": .string(reason),
            "opened": .time(opened), "expires": .time(expires), "open": .bool(isOpen),
        ]
        out.put("closed_by", closing?.by)
        out.put("note", closing?.note)
        out.put("closed", closing?.time)
        return .object(out)
    }
}

extension Principal {
    var json: JSON {
        ["id": .string(id), "kind": .string(kind.rawValue), "name": .string(name), "roles": .texts(roles)]
    }
}

extension APIKey {
    func json(at now: Timestamp) -> JSON {
        var out: JSONObject = [
            "id": .string(id), "principal": .string(principalID), "name": .string(name), "created": .time(created),
            "state": .string(revoked != nil ? "revoked" : expires.map { $0 <= now } == true ? "expired" : "active"),
        ]
        out.put("expires", expires)
        out.put("last_used", lastUsed)
        out.put("revoked", revoked)
        return .object(out)
    }
}

extension BudgetStanding {
    var json: JSON {
        var out: JSONObject = [
            "budget": .string(budget), "meter": .string(meter.rawValue), "limit": .whole(limit), "spent": .whole(spent),
            "reserved": .whole(reserved),
        ]
        out.put("holder", holder)
        out.put("resets", resets)
        return .object(out)
    }
}

extension GateEvent {
    var json: JSON {
        var out: JSONObject = ["kind": .string(kind.rawValue), "time": .time(time), "detail": detail]
        out.put("action", actionID)
        out.put("principal", principalID)
        return .object(out)
    }
}
