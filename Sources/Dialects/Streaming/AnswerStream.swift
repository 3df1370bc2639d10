public import Core
import JSON
public import Web

/// Reads the events of one streamed answer: which channel each piece of text belongs to, where channels end, what the
/// call used and how it went. Keeps no text.
public struct AnswerStream: Sendable {
    public let surface: Surface
    /// What the provider has said so far; each number is the greatest it named, since it counts up.
    public private(set) var usage: TokenUsage?
    public private(set) var stopReason: String?
    /// The type or code of an error that the provider sent within the stream.
    public private(set) var failure: String?
    /// Whether the provider said that the answer is complete.
    public private(set) var isFinished = false
    private let hidesUsage: Bool

    /// `hidesUsage` leaves out the chunk that tells a chat's usage, for a client that did not ask for it
    /// (see ``ModelRequest/rewritten(model:texts:asksUsage:)``).
    public init(surface: Surface, hidesUsage: Bool = false) {
        self.surface = surface
        self.hidesUsage = hidesUsage
    }

    /// Throws `unavailable` for an event that cannot be read and `unsupported` for content that cannot be inspected.
    public mutating func read(_ event: StreamEvent) throws(GatehouseError) -> EventReading {
        var reading = EventReading()
        guard event.hasData else { return reading }
        let data = event.data
        if data.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return reading }
        if data.elementsEqual("[DONE]".utf8) {
            isFinished = true
            reading.ends = [.all]
            return reading
        }
        let document = try parse(data)
        let root = document.root
        guard root.kind == .object else { throw Self.unreadable("is no object") }
        let type = root["type"]?.string
        if surface != .openAIChat, let name = event.name, let type, name != type {
            throw Self.unreadable("calls itself both \(name.prefix(60)) and \(type.prefix(60))")
        }
        reading.document = document
        switch surface {
        case .anthropicMessages, .anthropicCountTokens: AnthropicEvents.read(root, type ?? "", &reading)
        case .openAIResponses, .openAITranscriptions: ResponsesEvents.read(root, type ?? "", &reading)
        case .openAIChat, .openAIEmbeddings: ChatEvents.read(root, &reading)
        }
        try findWholes(root, &reading)
        note(root, type, &reading)
        return reading
    }

    private func parse(_ data: [UInt8]) throws(GatehouseError) -> JSONDocument {
        do {
            return try JSONDocument(data)
        } catch {
            throw GatehouseError(
                "models", error.code == .tooLarge ? .tooLarge : .unavailable,
                "an event of the provider's stream is not JSON that can be read", from: error)
        }
    }

    private func findWholes(_ root: JSONView, _ reading: inout EventReading) throws(GatehouseError) {
        var finder = TextFinder(skipping: reading.deltas.map(\.view.raw.lowerBound), takesJSONApart: false)
        var context = TextFinder.Context()
        context.writer = .assistant
        try finder.walk(root, context)
        reading.wholes = finder.positions
    }

    private mutating func note(_ root: JSONView, _ type: String?, _ reading: inout EventReading) {
        if let told = UsageReading.usage(in: root) {
            usage = usage.map { $0.merged(with: told) } ?? told
            reading.saysMore = true
            let isBare = root["choices"]?.elements.first { _ in true } == nil
            if hidesUsage, surface == .openAIChat, isBare { reading.isHidden = true }
        }
        if let reason = StopReading.reason(in: root), reason != "in_progress", reason != "queued" {
            stopReason = reason
            reading.saysMore = true
        }
        switch type {
        case "message_stop", "response.completed", "response.incomplete", "transcript.text.done":
            isFinished = true
            reading.saysMore = true
        case "error", "response.failed": noteFailure(root, &reading)
        default: if surface == .openAIChat, root["error"]?.kind == .object { noteFailure(root, &reading) }
        }
    }

    private mutating func noteFailure(_ root: JSONView, _ reading: inout EventReading) {
        reading.saysMore = true
        let error = root["error"] ?? root["response"]?["error"]
        failure = error?["type"]?.string ?? error?["code"]?.string ?? root["code"]?.string ?? "error"
    }

    static func unreadable(_ what: String) -> GatehouseError {
        GatehouseError("models", .unavailable, "an event of the provider's stream \(what)")
    }
}

extension TokenUsage {
    func merged(with other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: max(input, other.input), output: max(output, other.output),
            cachedInput: max(cachedInput, other.cachedInput), cacheWrites: max(cacheWrites, other.cacheWrites),
            reasoning: max(reasoning, other.reasoning))
    }
}
