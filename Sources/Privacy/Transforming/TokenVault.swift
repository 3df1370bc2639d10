public import Core
import Crypto
import Synchronization

/// The tokens and stand-ins of one session, and the values behind the tokens.
///
/// - The same value of the same kind has the same token for as long as the vault lives. Values are compared as written.
/// - A token says nothing about its value but the kind and the order of appearance. It is no credential either: a model
///   can be talked into writing any token, so a vault must hold nothing that one of those who are given restored text
///   may not see. Make one for each session, and where several principals share a session, one for each audience.
/// - A text that is concealed can hold a token already, typed by a person or planted in a document. It is taken for a
///   value itself and passes as `<LITERAL_1>`, so that each token that a model sees was made here; it comes back as it
///   was typed, never as the value of another.
///
/// Thread-safe. It never prints its values, and goes to disk only sealed.
public final class TokenVault: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Different values, stand-ins included.
        public var values: Int
        /// Bytes of all values together.
        public var bytes: Int

        public init(values: Int = 20_000, bytes: Int = 4 << 20) {
            self.values = values
            self.bytes = bytes
        }
    }

    struct Key: Hashable, Sendable {
        var name: String
        var value: [UInt8]
    }

    struct State: Sendable {
        var tokens: [Key: String] = [:]
        var values: [String: [UInt8]] = [:]
        /// How many tokens of a kind there are.
        var counts: [String: Int] = [:]
        var standIns: [Key: [UInt8]] = [:]
        /// Stand-ins that were given out.
        var invented: Set<[UInt8]> = []
        var bytes = 0
        /// Stand-ins are drawn by it.
        var key: [UInt8]
    }

    public let limits: Limits
    let state: Mutex<State>

    public convenience init(limits: Limits = Limits()) {
        self.init(limits: limits, State(key: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }))
    }

    init(limits: Limits, _ state: State) {
        self.limits = limits
        self.state = Mutex(state)
    }

    /// Tokens held.
    public var count: Int { state.withLock { $0.values.count } }
    public var isEmpty: Bool { count == 0 }
    /// Tokens and stand-ins held: grows with each that is made.
    public var size: Int { state.withLock { $0.values.count + $0.standIns.count } }

    /// `<EMAIL_1>`: the token of a value.
    ///
    /// - Throws: `exhausted` beyond ``limits``.
    public func token(for value: [UInt8], kind: PrivacyKind) throws(GatehouseError) -> String {
        try token(for: value, name: TokenName.name(of: kind))
    }

    func token(for value: [UInt8], name: String) throws(GatehouseError) -> String {
        let limits = limits
        let token: String? = state.withLock { state in
            let key = Key(name: name, value: value)
            if let token = state.tokens[key] { return token }
            guard state.hasRoom(for: value.count, limits) else { return nil }
            state.counts[name, default: 0] += 1
            let token = TokenName.token(name, state.counts[name, default: 1])
            state.tokens[key] = token
            state.values[token] = value
            state.bytes += value.count
            return token
        }
        guard let token else { throw TokenVault.full(limits) }
        return token
    }

    /// Nil for a token that was not made here.
    public func value(of token: String) -> [UInt8]? { state.withLock { $0.values[token] } }

    /// The token that a value has already.
    func knownToken(for value: [UInt8], kind: PrivacyKind) -> String? {
        state.withLock { $0.tokens[Key(name: TokenName.name(of: kind), value: value)] }
    }

    /// Whether there are tokens of this kind.
    func knows(_ name: String) -> Bool { state.withLock { $0.counts[name] != nil } }

    /// Forgets everything; what was sealed before can still be opened with its key.
    public func removeAll() {
        state.withLock { $0 = State(key: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }
    }

    static func full(_ limits: Limits) -> GatehouseError {
        GatehouseError(
            "privacy", .exhausted, "a session holds more than \(limits.values) private values or \(limits.bytes) bytes",
            hint: "begin a new session")
    }
}

// MARK: - Stand-ins

extension TokenVault {
    /// The stand-in of a value: drawn by a key of this vault, and remembered.
    ///
    /// - Parameter invent: makes one from a seed; nil where it cannot.
    /// - Throws: `exhausted` beyond ``limits``.
    func standIn(for value: [UInt8], name: String, _ invent: (UInt64) -> [UInt8]?) throws(GatehouseError) -> [UInt8]? {
        let limits = limits
        let outcome: (made: [UInt8]?, isFull: Bool) = state.withLock { state in
            let key = Key(name: name, value: value)
            if let known = state.standIns[key] { return (known, false) }
            guard state.hasRoom(for: value.count, limits) else { return (nil, true) }
            guard let made = invent(state.seed(name, value)) else { return (nil, false) }
            state.standIns[key] = made
            state.invented.insert(made)
            state.bytes += value.count + made.count
            return (made, false)
        }
        if outcome.isFull { throw TokenVault.full(limits) }
        return outcome.made
    }

    /// Whether this is a stand-in that was given out before: nothing to hide.
    func isInvented(_ value: [UInt8]) -> Bool { state.withLock { $0.invented.contains(value) } }
}

extension TokenVault.State {
    func hasRoom(for count: Int, _ limits: TokenVault.Limits) -> Bool {
        values.count + standIns.count < limits.values && bytes + count <= limits.bytes
    }

    /// The first bytes of an HMAC: whoever sees a stand-in cannot try values against it.
    func seed(_ name: String, _ value: [UInt8]) -> UInt64 {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(name.utf8) + [0] + value, using: SymmetricKey(data: key))
        return code.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension TokenVault: CustomStringConvertible, CustomReflectable {
    public var description: String { "TokenVault(\(count) tokens)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
