import Core
import Crypto
public import Dialects
public import Gate
public import JSON
import Privacy
import Synchronization

/// A request to a model on its way through the gate: the client's bytes, and where the answer goes.
public final class ModelCall: Cargo {
    public let request: ModelRequest
    let sink: any AnswerSink
    /// See ``ModelGateway/call(_:on:headers:answeringTo:observe:)``.
    let observe: (@Sendable (ModelReport) -> Void)?
    private let headers: [(name: String, value: String)]
    private let privacy: ModelPrivacy
    private let state = Mutex<Ready?>(nil)
    private let answered = Mutex<AnswerCopy?>(nil)

    /// What may be sent, once it was inspected.
    struct Ready: Sendable {
        var texts: [(TextPosition, [UInt8])]
        /// What was found in the request, by kind.
        var found: [String: Int]
        /// What is sensitive in it.
        var labels: Set<Label>
        var headers: [(name: String, value: String)]
        var vault: TokenVault
        /// What classifiers found in it.
        var classified: ClassifiedTexts
        /// Whether the session's class has what is said on the record.
        var keepsBodies: Bool
        /// Goes with the request where providers may know of it.
        var traceparent: String?
    }

    init(
        _ request: ModelRequest, headers: [(name: String, value: String)], sink: any AnswerSink, privacy: ModelPrivacy,
        observe: (@Sendable (ModelReport) -> Void)? = nil
    ) {
        self.request = request
        self.headers = headers
        self.sink = sink
        self.privacy = privacy
        self.observe = observe
    }

    /// The digest is of the body in the client's dialect; only the model's name in it may still change.
    public func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
        let setup = privacy.setup
        let isClassified = !setup.classifiers.isEmpty
        let classified = isClassified ? try await setup.classifiers.ask(about: request.positions.map(\.text)) : .none
        return try inspect(
            with: privacy.vault(of: session), setup, classified, keepsBodies: session.sessionClass.bodies)
    }

    private func inspect(
        with vault: TokenVault, _ setup: PrivacySetup, _ classified: ClassifiedTexts, keepsBodies: Bool
    ) throws -> CargoInspection {
        let concealed = try privacy.conceal(request, vault, setup, classified)
        let body = try request.rewritten(texts: concealed.texts)
        let ready = Ready(
            texts: concealed.texts, found: concealed.found.counts, labels: concealed.found.labels,
            headers: try privacy.harmless(headers, vault),
            vault: vault, classified: classified, keepsBodies: keepsBodies)
        state.withLock { $0 = ready }
        return CargoInspection(
            labels: concealed.found.labels, digest: Hex.encode(SHA256.hash(data: body)),
            counts: concealed.found.counts)
    }

    /// - Throws: `internal` before ``inspect(for:in:)`` has passed it.
    func ready() throws(GatehouseError) -> Ready {
        guard let ready = state.withLock({ $0 }) else {
            throw GatehouseError("models", .internal, "the request was not inspected")
        }
        return ready
    }

    /// Whether the client takes no answer that was given before (RFC 9111, section 5.2.1).
    var wantsNew: Bool {
        headers.contains { name, value in
            name.lowercased() == "cache-control" && (value.contains("no-cache") || value.contains("no-store"))
        }
    }

    /// What came of it, where it is kept.
    func keep(_ copy: AnswerCopy) { answered.withLock { $0 = copy } }

    public func bodies() throws -> JSON? {
        guard let ready = state.withLock({ $0 }), ready.keepsBodies else { return nil }
        return try BodyWriting(privacy: privacy, vault: ready.vault, classified: ready.classified).bodies(
            of: request, answer: answered.withLock { $0 })
    }

    /// What is submitted to the gate beside this cargo.
    public var action: ActionRequest {
        let passedOver = Dictionary(grouping: request.passedOver, by: \.content.word).mapValues { JSON($0.count) }
        return ActionRequest(
            tool: ModelsTool.id, target: "model:\(request.model.prefix(ModelName.greatestLength))",
            arguments: [
                "model": .string(request.model), "surface": .string(request.surface.rawValue),
                "stream": .bool(request.isStreamed), "input_bytes": JSON(request.countedBytes),
                "max_output": request.greatestOutput.map { JSON($0) } ?? .null, "answers": JSON(request.answers),
                "not_inspected": .object(JSONObject(passedOver.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
            ])
    }
}

extension PassedOver.Content {
    fileprivate var word: String {
        switch self {
        case .binary: "binary"
        case .sealed: "sealed"
        case .reference: "reference"
        }
    }
}
