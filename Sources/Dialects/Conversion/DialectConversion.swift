public import Core
import JSON

/// Chat completions (OpenAI) said as messages (Anthropic), and the other way. What cannot be carried over is refused by
/// name: a member that is not taken by a conversion is an error, never left out.
///
/// Left out without harm are `cache_control` (a hint about cost), `index`, and what only names the answer (`id` of a block).
public struct DialectConversion: Sendable {
    public enum Direction: Sendable, Hashable {
        /// The client speaks OpenAI's chat, the provider Anthropic's messages.
        case chatToMessages
        case messagesToChat
    }

    public let direction: Direction
    /// For a chat that does not bound its output, since messages must.
    private let defaultOutput: Int

    public init(_ direction: Direction, defaultOutput: Int = 4096) {
        self.direction = direction
        self.defaultOutput = defaultOutput
    }

    /// The client's request as the provider takes it. Throws `unsupported` with the place of what cannot be carried over.
    public func request(_ body: [UInt8]) throws(GatehouseError) -> [UInt8] {
        let members = try Members(parse(body, .invalid), at: "")
        switch direction {
        case .chatToMessages: return try ChatToMessages(defaultOutput: defaultOutput).request(members).bytes()
        case .messagesToChat: return try MessagesToChat().request(members).bytes()
        }
    }

    /// The provider's answer as the client expects it. `created` is Unix time in seconds, which messages do not tell.
    public func answer(_ body: [UInt8], created: Int) throws(GatehouseError) -> [UInt8] {
        let answer = try parse(body, .unavailable)
        switch direction {
        case .chatToMessages: return try AnswerConversion.chat(of: answer, created: created).bytes()
        case .messagesToChat: return try AnswerConversion.message(of: answer).bytes()
        }
    }

    private func parse(_ body: [UInt8], _ code: GatehouseError.Code) throws(GatehouseError) -> JSON {
        do {
            return try JSON.parse(body)
        } catch {
            throw GatehouseError(
                "models", error.code == .tooLarge ? .tooLarge : code, "the body is not JSON that can be read",
                from: error)
        }
    }

    static func refusal(_ place: String) -> GatehouseError {
        GatehouseError(
            "models", .unsupported, "\(place) cannot be carried over to the provider's API",
            hint: "leave it out, or choose a model whose provider speaks the same API")
    }
}

/// The members of an object, each to be taken; what is left at the end cannot be carried over.
struct Members {
    let place: String
    private var left: JSONObject

    init(_ value: JSON, at place: String) throws(GatehouseError) {
        guard let object = value.object else { throw DialectConversion.refusal(place.isEmpty ? "the body" : place) }
        self.place = place
        left = object
    }

    /// The member's value; nil for null and for none.
    mutating func take(_ key: String) -> JSON? {
        guard let value = left.removeValue(forKey: key), !value.isNull else { return nil }
        return value
    }

    mutating func text(_ key: String) throws(GatehouseError) -> String? {
        guard let value = take(key) else { return nil }
        guard let text = value.string else { throw refusal(key) }
        return text
    }

    /// Takes a member that means nothing when it has one of these values.
    mutating func leave(_ key: String, when values: JSON...) throws(GatehouseError) {
        guard let value = take(key), !values.contains(value) else { return }
        throw refusal(key)
    }

    mutating func drop(_ key: String) { _ = take(key) }

    func refusal(_ key: String) -> GatehouseError { DialectConversion.refusal("\(place)/\(key)") }

    func done() throws(GatehouseError) {
        for (key, value) in left where !value.isNull { throw refusal(key) }
    }
}
