public import Core
import Dialects
public import JSON

extension Council {
    /// As `POST /v1/councils` answers. Times in milliseconds, money in US dollars.
    public var json: JSON {
        let agreed = hasAgreed ? groups.first : nil
        return [
            "id": .string(id), "object": "council", "name": name.map { .string($0) } ?? .null,
            "result": .string(result.rawValue), "value": speaker?.vote?.value ?? .null,
            "answers": .array(members.map(\.json)),
            "agreement": .array(groups.map(group)),
            "dissent": .array(
                members.indices.filter { members[$0].vote != nil && agreed?.contains($0) != true }.map(dissent)),
            "usage": Self.usage(tokens.input, tokens.output), "cost_usd": Self.dollars(cost),
        ]
    }

    private func group(_ places: [Int]) -> JSON {
        [
            "value": places.first.flatMap { members[$0].vote?.value } ?? .null,
            "models": .array(places.map { .string(members[$0].model) }),
        ]
    }

    private func dissent(_ place: Int) -> JSON {
        ["model": .string(members[place].model), "value": members[place].vote?.value ?? .null]
    }

    static func usage(_ input: Int, _ output: Int) -> JSON {
        ["prompt_tokens": JSON(input), "completion_tokens": JSON(output), "total_tokens": JSON(input + output)]
    }

    /// Exactly, and not as the nearest double.
    static func dollars(_ millionths: Int64) -> JSON {
        let digits = String(max(0, millionths) % 1_000_000)
        let spelling = "\(max(0, millionths) / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
        return JSONNumber(spelling: spelling).map { .number($0) } ?? .null
    }

    /// As a chat completion: what the members agree on is its content, and the whole council a member of its own.
    /// - Throws: ``failure`` of a council that nobody, or too few, answered.
    /// - Parameter created: Unix time in seconds.
    public func chatCompletion(model: String, created: Int) throws(GatehouseError) -> JSON {
        if result == .failed, let failure { throw failure }
        return [
            "id": .string(id), "object": "chat.completion", "created": JSON(created), "model": .string(model),
            "choices": [
                [
                    "index": 0,
                    "message": [
                        "role": "assistant", "content": speaker?.text.map { .string($0) } ?? .null,
                        "refusal": hasAgreed ? .null : "The members of the council do not agree.",
                    ],
                    "finish_reason": "stop", "logprobs": .null,
                ]
            ],
            "usage": Self.usage(tokens.input, tokens.output), "council": json,
        ]
    }

    /// For the record: who said the same as whom, and nothing of what.
    var facts: JSON {
        var facts: JSONObject = [
            "result": .string(result.rawValue),
            "members": .array(
                members.indices.map { place in
                    let member = members[place]
                    return [
                        "action": .string(member.actionID), "model": .string(member.model),
                        "state": member.error.map { .string($0.code.rawValue) } ?? "done",
                        "group": groups.firstIndex { $0.contains(place) }.map { JSON($0) } ?? .null,
                    ]
                }),
            "input_tokens": JSON(tokens.input), "output_tokens": JSON(tokens.output), "money_micros": JSON(cost),
        ]
        if let name { facts["council"] = .string(name) }
        return .object(facts)
    }
}

extension Council.Member {
    fileprivate var json: JSON {
        let tokens = report?.tokens
        var json: JSONObject = [
            "model": .string(model), "provider": report?.model.map { .string($0.provider) } ?? .null,
            "answered_by": report?.model.map { .string($0.description) } ?? .null,
            "action": .string(actionID), "text": text.map { .string($0) } ?? .null, "value": vote?.value ?? .null,
            "usage": Council.usage(tokens?.input ?? 0, tokens?.output ?? 0),
            "cost_usd": isPriced ? Council.dollars(cost) : .null,
            "ms": JSON(Int((report?.took ?? .zero).microseconds / 1000)),
        ]
        if let error {
            var told: JSONObject = ["code": .string(error.code.rawValue), "message": .string(error.message)]
            if let hint = error.hint { told["hint"] = .string(hint) }
            json["error"] = .object(told)
        }
        return .object(json)
    }
}
