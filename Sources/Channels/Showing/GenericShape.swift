import Integrations
import JSON

/// What a program of one's own is told: the house's own JSON, with a word for what it is.
struct GenericShape: ChannelShape {
    func reply(_ said: Said, code: String?) -> JSON {
        var json: JSON = ["kind": "reply", "text": .string(said.text)]
        if let plan = said.plan {
            json["plan"] = ["title": .string(plan.title), "facts": Self.facts(plan.facts)]
        }
        if let code { json["code"] = .string(code) }
        return json
    }

    private static func facts(_ facts: [Said.Fact]) -> JSON {
        JSON(JSONObject(facts.map { ($0.name, JSON.string($0.value)) }))
    }

    func approval(_ view: ApprovalView, code: String?) -> JSON {
        var json: JSON = [
            "kind": "approval", "approval": .string(view.id), "title": .string(view.title),
            "facts": Self.facts(view.facts),
        ]
        if let outcome = view.outcome { json["outcome"] = .string(outcome) }
        if let code { json["code"] = .string(code) }
        if let link = view.link { json["link"] = .string(link) }
        return json
    }

    func notice(_ notice: Notice, mention: String?) -> JSON {
        var json: JSON = ["kind": "notice", "notice": notice.json]
        if let mention { json["mention"] = .string(mention) }
        return json
    }
}
