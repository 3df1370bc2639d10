public import Core
import Dialects
import Gate
public import Privacy

/// Conceals what must not leave in requests, and guards and restores what comes back.
public final class ModelPrivacy: Sendable {
    /// From this score on, a text of a tool or a document is suspected of giving instructions.
    static let suspicion = 0.5

    /// With whatever else looks into texts: a value has one token for all of them.
    public let shared: SharedPrivacy

    public init(_ shared: SharedPrivacy) { self.shared = shared }

    /// What holds now.
    var setup: PrivacySetup { shared.setup }
    private var filter: PrivacyFilter { setup.filter }

    /// Labels of what is never in a request that was inspected, wherever it comes from.
    var concealed: Set<Label> { setup.concealed }

    func vault(of session: Session) -> TokenVault { shared.vault(of: session.id) }

    // MARK: Requests

    /// - Parameter classified: what classifiers found in the request's texts.
    /// - Throws: `denied` for what may not pass at all, and what the inspectors throw: the request must not be sent then.
    func conceal(
        _ request: ModelRequest, _ vault: TokenVault, _ setup: PrivacySetup, _ classified: ClassifiedTexts
    ) throws(GatehouseError) -> ConcealedRequest {
        let filter = setup.filter
        var concealed = ConcealedRequest()
        try refuseIfPrivate(request.model, vault)
        for position in request.positions {
            let text = position.text
            let external = try classified.findings(in: text)
            if position.isSigned {
                try concealed.add(signed(text, vault, filter, external), at: position)
            } else {
                try concealed.add(filter.conceal(text, vault: vault, external: external), at: position)
            }
            if position.isUntrusted, try shared.injections.assess(text).score >= Self.suspicion {
                concealed.found.labels.insert(.untrusted)
                concealed.found.counts["INJECTION", default: 0] += 1
            }
        }
        return concealed
    }

    /// Headers that hold something private stay behind.
    func harmless(
        _ headers: [(name: String, value: String)], _ vault: TokenVault
    ) throws(GatehouseError) -> [(name: String, value: String)] {
        let filter = filter
        var passing: [(name: String, value: String)] = []
        for header in headers where HeaderRules.passesToProvider(header.name) {
            let concealed = try filter.conceal([UInt8](header.value.utf8), vault: vault)
            if concealed.text == nil, concealed.blocked == nil { passing.append(header) }
        }
        return passing
    }

    /// Whether nothing private is found in a text of the caller's that would go somewhere else. An inspector that fails
    /// finds something.
    public func isHarmless(_ text: String) -> Bool {
        guard let concealed = try? filter.conceal([UInt8](text.utf8), vault: TokenVault()) else { return false }
        return concealed.applied.isEmpty && concealed.blocked == nil
    }

    /// A model's name is written to the record, and becomes part of what is sent.
    func refuseIfPrivate(_ model: String, _ vault: TokenVault) throws(GatehouseError) {
        guard try filter.conceal([UInt8](model.utf8), vault: vault).text == nil else {
            throw GatehouseError("models", .denied, "the model's name holds something that must not pass")
        }
    }

    /// An error as it may be recorded: without its message where that quotes something private.
    public func harmless(_ error: GatehouseError) -> GatehouseError {
        if let seen = try? filter.conceal([UInt8](error.message.utf8), vault: TokenVault()), seen.text == nil {
            return error
        }
        return GatehouseError(error.domain, error.code, "refused as \(error.code.rawValue)")
    }

    /// Tokens in a signed text are the model's own words about what it was given, and stay.
    private func signed(
        _ text: [UInt8], _ vault: TokenVault, _ filter: PrivacyFilter, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> Concealed {
        var guardian = StreamGuard(filter: filter, vault: vault, restoring: nil)
        let out = try guardian.whole(text, external: external)
        return Concealed(
            text: out == text ? nil : out, applied: guardian.applied, remaining: guardian.remaining,
            blocked: guardian.blocked)
    }

    // MARK: Answers

    /// What a text of an answer runs through. A signed one gets no values back: it would lose its signature by it.
    func guardian(_ vault: TokenVault, isSigned: Bool, _ meter: CallMeter) -> GuardedText {
        GuardedText(
            StreamGuard(filter: filter, vault: vault, restoring: isSigned ? nil : .init()), meter.tally,
            meter.copy?.open())
    }

    // MARK: The record

    /// A text of a request as it may be recorded, which is as it was sent; nil where it may not.
    func recordable(
        said text: [UInt8], _ vault: TokenVault, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> [UInt8]? {
        let concealed = try filter.conceal(text, vault: vault, external: external)
        return concealed.blocked == nil ? concealed.text ?? text : nil
    }

    /// A text of an answer as it may be recorded: without the values that the client got back.
    func recordable(
        answered text: [UInt8], _ vault: TokenVault, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> [UInt8]? {
        let concealed = try signed(text, vault, filter, external)
        return concealed.blocked == nil ? concealed.text ?? text : nil
    }
}

/// What was found, by kind, and the labels of what is left.
struct Found: Sendable {
    var counts: [String: Int] = [:]
    var labels: Set<Label> = []

    mutating func add(_ applied: [Concealed.Applied], _ remaining: Set<Label>) {
        for one in applied { counts[one.kind.rawValue, default: 0] += one.count }
        labels.formUnion(remaining)
    }
}

/// The texts of a request that are replaced before it is sent.
struct ConcealedRequest: Sendable {
    var texts: [(TextPosition, [UInt8])] = []
    var found = Found()

    mutating func add(_ concealed: Concealed, at position: TextPosition) throws(GatehouseError) {
        found.add(concealed.applied, concealed.remaining)
        if let blocked = concealed.blocked {
            throw GatehouseError(
                "models", .denied, "the request is not sent: \(blocked)", hint: "leave it out of the request")
        }
        if let text = concealed.text { texts.append((position, text)) }
    }
}
