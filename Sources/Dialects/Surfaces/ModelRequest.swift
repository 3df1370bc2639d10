public import Core
public import JSON

/// What a client sends to a model. It stays the bytes that it was: only the model's name and inspected texts change.
public struct ModelRequest: Sendable {
    public let surface: Surface
    public let model: String
    public let isStreamed: Bool
    /// The most tokens that the answer may have, for each of ``answers``; nil when the request does not say.
    public let greatestOutput: Int?
    /// How many answers are asked for.
    public let answers: Int
    /// Every text, in order.
    public let positions: [TextPosition]
    public let passedOver: [PassedOver]
    /// Whether a stream will tell its usage. OpenAI's chat does so only when asked.
    public let asksUsage: Bool
    /// Of a form its fields; the file is beside them.
    private let document: JSONDocument
    private let form: MultipartForm?

    /// - Parameter contentType: of the body; only a form's matters.
    ///
    /// Throws `invalid` (no JSON or form, no model), `too_large` (a limit), `unsupported` (content that cannot be
    /// inspected).
    public init(
        _ bytes: [UInt8], surface: Surface, contentType: String = "application/json", limits: JSON.Limits = .default
    ) throws(GatehouseError) {
        let form = surface == .openAITranscriptions ? try MultipartForm(bytes, contentType: contentType) : nil
        let document = try RequestBody.document(form?.fields.bytes() ?? bytes, limits)
        let root = document.root
        guard root.kind == .object else { throw RequestBody.invalid("the body is no JSON object") }
        guard let model = root["model"]?.string, !model.isEmpty else {
            throw RequestBody.invalid("model is missing or no text", hint: "name a model, as in \"openai/gpt-5.4\"")
        }
        try RequestBody.refuseTokens(root, surface)
        var finder = TextFinder()
        var context = TextFinder.Context()
        context.writer = surface == .openAIEmbeddings ? .user : .unknown
        try finder.walk(root, context)
        let modelPlace = root["model"]?.raw
        self.document = document
        self.form = form
        self.surface = surface
        self.model = model
        let filePlace = form == nil ? nil : root[MultipartForm.fileField]
        positions = finder.positions.filter {
            $0.held != nil || $0.view.raw != modelPlace && $0.view.raw != filePlace?.raw
        }
        passedOver =
            finder.passedOver
            + (filePlace.map { [PassedOver(view: $0, content: .binary(mediaType: form?.mediaType ?? ""))] } ?? [])
        isStreamed = root["stream"]?.bool ?? false
        greatestOutput = ["max_completion_tokens", "max_output_tokens", "max_tokens"].lazy
            .compactMap { root[$0]?.int }.first.map { max($0, 0) }
        answers = min(max(root["n"]?.int ?? 1, 1), 1 << 20)
        asksUsage = surface != .openAIChat || root["stream_options"]?["include_usage"]?.bool == true
    }

    /// The body as it came; of a form, its fields as JSON.
    public var bytes: [UInt8] { document.bytes }

    /// The bytes that a tokenizer may make tokens of, one each at most. Of sound it makes about ten a second, for which no
    /// format has fewer than 64 bytes each.
    public var countedBytes: Int { document.bytes.count + (form.map { $0.file.count / 64 } ?? 0) }

    public var systemTexts: [TextPosition] { positions.filter { $0.writer == .system } }

    /// The body with another model's name and other texts, given as plain UTF-8, in their places.
    ///
    /// With `asksUsage`, a streamed OpenAI chat asks for its usage where it did not
    /// (see ``AnswerStream/init(surface:hidesUsage:)``).
    /// Throws `denied` when a signed text would change: a signature holds for the text as it was.
    public func rewritten(
        model: String? = nil, texts: [(TextPosition, [UInt8])] = [], asksUsage: Bool = false
    ) throws(GatehouseError) -> [UInt8] {
        let bytes = try rewrittenDocument(model, texts, asksUsage)
        return try form?.written(RequestBody.document(bytes, .default).value) ?? bytes
    }

    /// Of what ``rewritten(model:texts:asksUsage:)`` gives.
    public var contentType: String { form.map { "multipart/form-data; boundary=\($0.boundary)" } ?? "application/json" }

    private func rewrittenDocument(
        _ model: String?, _ texts: [(TextPosition, [UInt8])], _ asksUsage: Bool
    ) throws(GatehouseError) -> [UInt8] {
        var replacements = try TextRewriting.replacements(texts)
        if let model, model != self.model, let place = document["model"]?.raw {
            replacements.append((place, JSON.string(model).bytes()))
        }
        if asksUsage, isStreamed, !self.asksUsage { replacements.append(usageRequest()) }
        return replacements.isEmpty ? document.bytes : document.replacing(replacements)
    }

    private func usageRequest() -> (range: Range<Int>, bytes: [UInt8]) {
        let asked = [UInt8](#""include_usage":true"#.utf8)
        guard let options = document["stream_options"], options.kind == .object else {
            let object = [UInt8](#""stream_options":{"#.utf8) + asked + [UInt8(ascii: "}")]
            if let other = document["stream_options"] {
                return (other.raw, [UInt8(ascii: "{")] + asked + [UInt8(ascii: "}")])
            }
            let start = document.root.raw.lowerBound + 1
            return (start..<start, object + [UInt8(ascii: ",")])
        }
        if let present = options["include_usage"] { return (present.raw, [UInt8]("true".utf8)) }
        let start = options.raw.lowerBound + 1
        let isEmpty = options.members.first { _ in true } == nil
        return (start..<start, asked + (isEmpty ? [] : [UInt8(ascii: ",")]))
    }
}

enum RequestBody {
    static func document(_ bytes: [UInt8], _ limits: JSON.Limits) throws(GatehouseError) -> JSONDocument {
        do {
            return try JSONDocument(bytes, limits: limits)
        } catch {
            let code: GatehouseError.Code = error.code == .tooLarge ? .tooLarge : .invalid
            throw GatehouseError("models", code, "the body is not JSON that can be read", from: error)
        }
    }

    static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("models", .invalid, message, hint: hint)
    }

    /// Numbers of tokens say a text in a way that no inspector reads.
    static func refuseTokens(_ root: JSONView, _ surface: Surface) throws(GatehouseError) {
        for name in ["prompt_token_ids", "prompt_embeds", "input_ids"] where root[name].map({ !$0.isNull }) == true {
            throw unreadable(name)
        }
        guard surface == .openAIEmbeddings, let input = root["input"] else { return }
        let holdsNumbers = input.elements.contains { element in
            element.kind == .number || element.elements.contains { $0.kind == .number }
        }
        if holdsNumbers { throw unreadable("input") }
    }

    private static func unreadable(_ name: String) -> GatehouseError {
        GatehouseError(
            "models", .unsupported, "\(name) gives tokens as numbers, which cannot be inspected",
            hint: "send the text itself")
    }
}
