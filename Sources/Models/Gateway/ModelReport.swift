public import Core
public import Dialects
import Gate
import JSON

/// What became of a call to a model: for figures and for the record. It holds nothing of what was said.
public struct ModelReport: Sendable {
    public var surface: Surface
    public var isStreamed: Bool
    /// That answered, or was asked last; nil where none was asked.
    public var model: ModelName?
    /// Of the answer that the client got.
    public var status: Int?
    /// Whether the answer was kept here from an earlier call.
    public var isCached = false
    /// The cosine to the question that the kept answer was given to, where that was another.
    public var likeness: Float?
    /// That compared the question with others, and what that cost.
    public var comparedBy: (model: ModelName, cost: Int64)?
    /// Requests that went out.
    public var attempts = 0
    /// Asked as well because the other was slow, and not answered by, with what that cost.
    public var alsoAsked: (model: ModelName, cost: Int64)?
    /// Over all attempts: as told by providers, else counted.
    public var tokens = TokenUsage()
    /// Millionths of a US dollar.
    public var cost: Int64 = 0
    public var took: Duration = .zero
    /// Until the first byte went to the client.
    public var firstByte: Duration?
    /// What was found in the request, by kind: the record has it beside the request's hash.
    public var foundInRequest: [String: Int] = [:]
    /// What was found in the answer, by kind.
    public var found: [String: Int] = [:]
    /// Tokens of the session that became values again.
    public var restored = 0
    public var stopReason: String?
    /// SHA-256 of what the client got.
    public var answerHash: String?
    public var answerBytes = 0
    public var failure: GatehouseError?

    init(_ request: ModelRequest) {
        surface = request.surface
        isStreamed = request.isStreamed
    }

    var usage: Usage { Usage(money: cost, tokens: Int64(tokens.input + tokens.output)) }

    /// See ``Answer/facts``.
    func facts(prices: String) -> JSON {
        var facts: JSONObject = [
            "surface": .string(surface.rawValue), "stream": .bool(isStreamed), "attempts": JSON(attempts),
            "input_tokens": JSON(tokens.input), "output_tokens": JSON(tokens.output), "prices": .string(prices),
            "milliseconds": JSON(Int(took.microseconds / 1000)), "answer_bytes": JSON(answerBytes),
        ]
        if let model {
            facts["model"] = .string(model.description)
            facts["provider"] = .string(model.provider)
        }
        if let alsoAsked {
            facts["also_asked"] = [
                "model": .string(alsoAsked.model.description), "money_micros": JSON(alsoAsked.cost),
            ]
        }
        if isCached { facts["cached"] = true }
        if let likeness { facts["likeness_percent"] = JSON(Int(likeness * 100)) }
        if let comparedBy {
            facts["compared_by"] = [
                "model": .string(comparedBy.model.description), "money_micros": JSON(comparedBy.cost),
            ]
        }
        if let status { facts["status"] = JSON(status) }
        if tokens.cachedInput > 0 { facts["cached_input_tokens"] = JSON(tokens.cachedInput) }
        if tokens.cacheWrites > 0 { facts["cache_write_tokens"] = JSON(tokens.cacheWrites) }
        if tokens.reasoning > 0 { facts["reasoning_tokens"] = JSON(tokens.reasoning) }
        if let firstByte { facts["first_byte_milliseconds"] = JSON(Int(firstByte.microseconds / 1000)) }
        if !found.isEmpty {
            facts["found"] = .object(JSONObject(found.sorted { $0.key < $1.key }.map { ($0, JSON($1)) }))
        }
        if restored > 0 { facts["restored"] = JSON(restored) }
        if let stopReason { facts["stop_reason"] = .string(stopReason) }
        if let answerHash { facts["answer_sha256"] = .string(answerHash) }
        return .object(facts)
    }
}
