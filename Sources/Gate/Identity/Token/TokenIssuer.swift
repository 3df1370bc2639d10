/// Who may vouch for callers by JSON Web Token, and what a token of theirs must say.
public struct TokenIssuer: Sendable, Hashable {
    /// Signature algorithms of RFC 7518 and RFC 8037 that can be allowed. `none` and the HMAC family are not among
    /// them: an issuer's keys are public, and whoever knows an HMAC key can sign.
    public enum Algorithm: String, Sendable, Hashable, CaseIterable {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"
        case ps256 = "PS256"
        case ps384 = "PS384"
        case ps512 = "PS512"
        case es256 = "ES256"
        case es384 = "ES384"
        case es512 = "ES512"
        case eddsa = "EdDSA"
    }

    public enum Keys: Sendable, Hashable {
        /// Where the issuer publishes its key set (RFC 7517). Fetched when needed, and seldom.
        case url(String)
        /// The key set itself, as JSON text.
        case inline(String)
    }

    /// As it stands in the tokens' `iss`, compared byte for byte.
    public let issuer: String
    /// What must be among the tokens' `aud`.
    public let audience: String
    public let keys: Keys
    public let algorithms: Set<Algorithm>
    /// What its subjects are.
    public let kind: Principal.Kind
    /// Path to the claim that lists groups or roles, for ``roles``: `["groups"]`, `["realm_access", "roles"]`.
    public let rolesClaim: [String]
    /// From a value of the roles claim to roles here. Values that are not listed give nothing.
    public let roles: [String: Set<String>]
    /// What every subject gets.
    public let defaultRoles: Set<String>

    public static let standardAlgorithms: Set<Algorithm> = [.rs256, .es256, .eddsa, .ps256]

    public init(
        issuer: String, audience: String, keys: Keys, algorithms: Set<Algorithm> = standardAlgorithms,
        kind: Principal.Kind = .person, rolesClaim: [String] = ["roles"], roles: [String: Set<String>] = [:],
        defaultRoles: Set<String> = []
    ) {
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
        self.algorithms = algorithms
        self.kind = kind
        self.rolesClaim = rolesClaim
        self.roles = roles
        self.defaultRoles = defaultRoles
    }
}
