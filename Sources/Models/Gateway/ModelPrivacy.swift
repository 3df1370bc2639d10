public import Core
import Dialects
import Gate
public import Privacy
import Synchronization

/// Conceals what must not leave in requests, and guards and restores what comes back.
public final class ModelPrivacy: Sendable {
    /// From this score on, a text of a tool or a document is suspected of giving instructions.
    static let suspicion = 0.5

    private let current: Mutex<PrivacyFilter>
    private let injections: InjectionScanner
    private let vaults = Mutex<[String: TokenVault]>([:])

    public init(filter: PrivacyFilter) throws {
        current = Mutex(filter)
        injections = try InjectionScanner()
    }

    public convenience init(_ settings: PrivacySettings = PrivacySettings()) throws {
        try self.init(filter: settings.makeFilter())
    }

    /// What holds now.
    private var filter: PrivacyFilter { current.withLock { $0 } }

    /// Texts that are looked at from now on go by this; what the sessions' tokens stand for stays.
    public func adopt(_ filter: PrivacyFilter) { current.withLock { $0 = filter } }

    // MARK: Vaults

    /// Of the session, in memory only: it is gone with the process, and with ``sweep(isLive:)`` after the session.
    func vault(of session: Session) -> TokenVault {
        vaults.withLock { vaults in
            if let vault = vaults[session.id] { return vault }
            let vault = TokenVault()
            vaults[session.id] = vault
            return vault
        }
    }

    /// Forgets the values of sessions that are over.
    public func sweep(isLive: (_ sessionID: String) -> Bool) {
        let over = vaults.withLock { $0.keys.filter { !isLive($0) } }
        vaults.withLock { vaults in for id in over { vaults[id] = nil } }
    }

    // MARK: Requests

    /// - Throws: `denied` for what may not pass at all, and what the inspectors throw: the request must not be sent then.
    func conceal(_ request: ModelRequest, _ vault: TokenVault) throws(GatehouseError) -> ConcealedRequest {
        let filter = filter
        var concealed = ConcealedRequest()
        try refuseIfPrivate(request.model, vault)
        for position in request.positions {
            let text = position.text
            if position.isSigned {
                try concealed.add(signed(text, vault), at: position)
            } else {
                try concealed.add(filter.conceal(text, vault: vault), at: position)
            }
            if position.isUntrusted, try injections.assess(text).score >= Self.suspicion {
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
    private func signed(_ text: [UInt8], _ vault: TokenVault) throws(GatehouseError) -> Concealed {
        var guardian = StreamGuard(filter: filter, vault: vault, restoring: nil)
        var out = try guardian.push(text)
        out += try guardian.finish()
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
    func recordable(said text: [UInt8], _ vault: TokenVault) throws(GatehouseError) -> [UInt8]? {
        let concealed = try filter.conceal(text, vault: vault)
        return concealed.blocked == nil ? concealed.text ?? text : nil
    }

    /// A text of an answer as it may be recorded: without the values that the client got back.
    func recordable(answered text: [UInt8], _ vault: TokenVault) throws(GatehouseError) -> [UInt8]? {
        let concealed = try signed(text, vault)
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
