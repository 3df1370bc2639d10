public import Core
public import JSON

/// What a model answers in one piece, as the bytes that it came in.
public struct ModelAnswer: Sendable {
    public let surface: Surface
    /// Every text, in order.
    public let positions: [TextPosition]
    public let passedOver: [PassedOver]
    public let usage: TokenUsage?
    /// Why the model stopped, in the provider's word; of several answers, the first's.
    public let stopReason: String?
    private let document: JSONDocument

    /// Throws `unavailable` when the bytes are no JSON and `too_large` when a limit is passed.
    public init(_ bytes: [UInt8], surface: Surface, limits: JSON.Limits = .default) throws(GatehouseError) {
        do {
            document = try JSONDocument(bytes, limits: limits)
        } catch {
            let code: GatehouseError.Code = error.code == .tooLarge ? .tooLarge : .unavailable
            throw GatehouseError("models", code, "the provider's answer is not JSON that can be read", from: error)
        }
        var finder = TextFinder()
        var context = TextFinder.Context()
        context.writer = .assistant
        try finder.walk(document.root, context)
        self.surface = surface
        positions = finder.positions
        passedOver = finder.passedOver
        usage = UsageReading.usage(in: document.root)
        stopReason = StopReading.reason(in: document.root)
    }

    /// The body as it came.
    public var bytes: [UInt8] { document.bytes }

    /// The body with other texts, given as plain UTF-8, in their places. Where a text changes, the log of the
    /// answer's single tokens goes, since it would tell the text again.
    /// Throws `denied` when a signed text would change.
    public func rewritten(texts: [(TextPosition, [UInt8])]) throws(GatehouseError) -> [UInt8] {
        let replacements = try TextRewriting.replacements(texts)
        guard !replacements.isEmpty else { return document.bytes }
        return document.replacing(Logprobs.emptied(in: document.root) + replacements)
    }
}

/// `logprobs` repeat an answer token by token, so that nothing in them can be inspected as the text that it is.
enum Logprobs {
    /// What replaces every log in the document: null, or an empty array where there was an array.
    static func emptied(in view: JSONView) -> [(range: Range<Int>, bytes: [UInt8])] {
        var found: [(range: Range<Int>, bytes: [UInt8])] = []
        collect(view, &found)
        return found
    }

    /// A segment of a transcript has its tokens as numbers.
    private static func isLog(_ name: String, _ value: JSONView) -> Bool {
        name == "logprobs"
            || name == "tokens" && value.kind == .array && value.elements.allSatisfy { $0.kind == .number }
    }

    private static func collect(_ view: JSONView, _ found: inout [(range: Range<Int>, bytes: [UInt8])]) {
        for element in view.elements { collect(element, &found) }
        for member in view.members {
            let value = member.value
            guard value.kind == .object || value.kind == .array else { continue }
            if isLog(member.key, value) {
                found.append((value.raw, [UInt8]((value.kind == .array ? "[]" : "null").utf8)))
            } else {
                collect(value, &found)
            }
        }
    }
}
