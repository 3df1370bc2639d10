import Core
import JSON

/// How a conversation is kept.
extension Conversation {
    var json: JSON {
        var object: JSONObject = [
            "id": .string(id), "waiting": waiting.json, "remembered": .array(remembered.map(\.json)),
            "deeds": JSON(deeds),
        ]
        object["doing"] = doing?.json
        object["refused"] = refused?.json
        object["repository"] = repository.map { .string($0) }
        object["last_intent"] = lastIntent.map { .string($0) }
        return .object(object)
    }

    init?(json: JSON) {
        guard let id = json["id"]?.string, let waiting = json["waiting"].flatMap(Waiting.init(json:)),
            let deeds = json["deeds"]?.int
        else { return nil }
        self.init(id: id)
        self.waiting = waiting
        self.deeds = deeds
        if let kept = json["doing"] {
            guard let deed = Deed(json: kept) else { return nil }
            doing = deed
        }
        remembered = (json["remembered"]?.array ?? []).compactMap(Remembered.init(json:))
        refused = json["refused"].flatMap(Deed.init(json:))
        repository = json["repository"]?.string
        lastIntent = json["last_intent"]?.string
    }
}

extension Conversation.Waiting {
    var json: JSON {
        switch self {
        case .nothing: ["for": "nothing"]
        case .value(let request, let slot, let tries):
            [
                "for": "value", "intent": .string(request.intent), "slots": .slots(request.slots),
                "slot": .string(slot), "tries": JSON(tries),
            ]
        case .consent(let plan):
            [
                "for": "consent", "deed": plan.deed.json, "effect": .string(plan.effect.rawValue),
                "expires": JSON(plan.expires.microseconds),
            ]
        }
    }

    init?(json: JSON) {
        switch json["for"]?.string {
        case "nothing": self = .nothing
        case "value":
            guard let intent = json["intent"]?.string, let slot = json["slot"]?.string, let tries = json["tries"]?.int
            else { return nil }
            self = .value(.init(intent: intent, slots: json["slots"]?.slots ?? [:]), slot: slot, tries: tries)
        case "consent":
            guard let deed = json["deed"].flatMap(Deed.init(json:)), let expires = json["expires"]?.int,
                let effect = json["effect"]?.string.flatMap(Effect.init(rawValue:))
            else { return nil }
            self = .consent(PlannedDeed(deed, effect, expires: Timestamp(microseconds: Int64(expires))))
        default: return nil
        }
    }
}

extension Deed {
    var json: JSON {
        var object: JSONObject = [
            "intent": .string(intent), "title": .string(title), "slots": .slots(slots), "key": .string(key),
            "began": JSON(began.microseconds),
        ]
        switch work {
        case .submit(let tool, let target, let arguments):
            object["tool"] = .string(tool)
            object["target"] = .string(target)
            object["arguments"] = arguments
        case .undo(let action): object["undo"] = .string(action)
        case .look(let action): object["look"] = .string(action)
        }
        return .object(object)
    }

    init?(json: JSON) {
        guard let intent = json["intent"]?.string, let title = json["title"]?.string, let key = json["key"]?.string,
            let began = json["began"]?.int
        else { return nil }
        if let action = json["undo"]?.string {
            work = .undo(action: action)
        } else if let action = json["look"]?.string {
            work = .look(action: action)
        } else if let tool = json["tool"]?.string, let target = json["target"]?.string {
            work = .submit(tool: tool, target: target, arguments: json["arguments"] ?? [:])
        } else {
            return nil
        }
        (self.intent, self.title, self.key) = (intent, title, key)
        slots = json["slots"]?.slots ?? [:]
        self.began = Timestamp(microseconds: Int64(began))
    }
}

extension Remembered {
    var json: JSON {
        var object: JSONObject = ["intent": .string(intent), "change": .bool(isChange)]
        object["action"] = action.map { .string($0) }
        object["run"] = run.map { .string($0) }
        return .object(object)
    }

    init?(json: JSON) {
        guard let intent = json["intent"]?.string, let isChange = json["change"]?.bool else { return nil }
        self.init(intent: intent, action: json["action"]?.string, run: json["run"]?.string, isChange: isChange)
    }
}

extension JSON {
    static func slots(_ slots: [String: String]) -> JSON {
        .object(JSONObject(slots.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    var slots: [String: String] {
        (object ?? [:]).reduce(into: [:]) { slots, member in slots[member.key] = member.value.string }
    }
}
