import Core
import JSON

/// What a model says in one turn, read from a chat completion that nobody vouches for.
struct ModelReply: Sendable {
    struct Call: Sendable {
        /// What the model calls the function; it may be anything.
        let name: String
        /// Nil where what it wrote is no JSON object.
        let arguments: JSON?
    }

    /// Of one turn; what is more is left out.
    static let mostCalls = 8
    static let longestName = 128
    static let greatestArguments = 64 << 10

    /// Nil where it wrote none.
    var text: String?
    var calls: [Call] = []

    init(text: String? = nil, calls: [Call] = []) {
        self.text = text
        self.calls = calls
    }

    /// - Throws: `unavailable` for what is no chat completion; `denied` where the model refuses.
    init(completion bytes: [UInt8]) throws(GatehouseError) {
        var limits = JSON.Limits()
        limits.values = 200_000
        limits.depth = 64
        guard let answer = try? JSON.parse(bytes, limits: limits),
            let message = answer["choices"]?[0]?["message"], message.object != nil
        else {
            throw GatehouseError("agents", .unavailable, "its answer is no chat completion")
        }
        if message["refusal"]?.string?.isEmpty == false {
            throw GatehouseError("agents", .denied, "it refuses to answer")
        }
        if let said = message["content"]?.string, !said.isEmpty { text = said }
        calls = (message["tool_calls"]?.array ?? []).prefix(Self.mostCalls).map { Self.call($0["function"] ?? .null) }
    }

    private static func call(_ function: JSON) -> Call {
        let name = String(decoding: (function["name"]?.string ?? "").utf8.prefix(longestName), as: UTF8.self)
        // Some servers give the object itself instead of its text.
        if let object = function["arguments"], object.object != nil { return Call(name: name, arguments: object) }
        let written = function["arguments"]?.string ?? "{}"
        guard written.utf8.count <= greatestArguments,
            let arguments = try? JSON.parse(written.isEmpty ? "{}" : written),
            arguments.object != nil
        else { return Call(name: name, arguments: nil) }
        return Call(name: name, arguments: arguments)
    }

    /// The text as JSON: models like to put it between the marks of Markdown for code.
    static func json(in text: String) -> JSON? {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        if rest.hasPrefix("```"), rest.hasSuffix("```"), let line = rest.firstIndex(where: \.isNewline),
            rest.utf8.count >= 6
        {
            rest = rest[line...].dropLast(3)
        }
        var limits = JSON.Limits()
        limits.values = 100_000
        limits.depth = 64
        return try? JSON.parse(String(rest), limits: limits)
    }
}
