public import Core
public import JSON

/// What a person has let us do at one resource, for as long as it holds. The token in it leaves it for that resource
/// only: there is no other way to it, and no way in for a token that came from somewhere else.
public struct Grant: Sendable, Hashable {
    /// Of the authorization server that gave it.
    public let issuer: String
    public let resource: ResourceIdentifier
    /// Space-separated in OAuth; in the order given.
    public let scopes: [String]
    /// Nil where the server did not say.
    public let expiry: Timestamp?
    let accessToken: Secret
    let refreshToken: Secret?
    let tokenEndpoint: String
    /// As what client it was got, and how that showed who it is; both again to renew it.
    let clientID: String
    let method: String
    /// Nil for a bearer's token.
    let proofKey: ProofKey?

    /// The value of `Authorization` for a request to an address; nil when the address is not the resource.
    public func authorization(for address: String) -> Secret? {
        guard let uri = SecureAddress.parse(address), resource.covers(uri) else { return nil }
        return Secret("\(proofKey == nil ? "Bearer" : "DPoP") \(accessToken.expose())")
    }

    func isFresh(at now: Timestamp) -> Bool { expiry.map { now + .seconds(30) < $0 } ?? true }

    /// All of it, secrets included, for a ``TokenStore`` to encrypt.
    public func exported() -> JSON {
        .made([
            "issuer": JSON(issuer), "resource": JSON(resource.text), "scopes": .texts(scopes),
            "expiry": expiry.map { JSON($0.microseconds) }, "access": JSON(accessToken.expose()),
            "refresh": refreshToken.map { JSON($0.expose()) }, "endpoint": JSON(tokenEndpoint),
            "client": JSON(clientID), "method": JSON(method), "proof": proofKey.map { JSON($0.exported) },
        ])
    }

    /// Nil for what ``exported()`` has not made.
    public init?(exported json: JSON) {
        guard let issuer = json["issuer"]?.string, let endpoint = json["endpoint"]?.string,
            let resource = json["resource"]?.string.flatMap(ResourceIdentifier.init),
            let access = json["access"]?.string, let client = json["client"]?.string,
            let method = json["method"]?.string
        else { return nil }
        let proofKey = json["proof"]?.string.flatMap(ProofKey.init(exported:))
        // A token that is bound to a key is nothing without it.
        guard proofKey != nil || json["proof"] == nil else { return nil }
        self.init(
            issuer: issuer, resource: resource, scopes: json["scopes"]?.array?.compactMap(\.string) ?? [],
            expiry: json["expiry"]?.int.map { Timestamp(microseconds: Int64($0)) }, accessToken: Secret(access),
            refreshToken: json["refresh"]?.string.map(Secret.init), tokenEndpoint: endpoint,
            clientID: client, method: method, proofKey: proofKey)
    }

    init(
        issuer: String, resource: ResourceIdentifier, scopes: [String], expiry: Timestamp?, accessToken: Secret,
        refreshToken: Secret?, tokenEndpoint: String, clientID: String, method: String, proofKey: ProofKey?
    ) {
        self.issuer = issuer
        self.resource = resource
        self.scopes = scopes
        self.expiry = expiry
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.tokenEndpoint = tokenEndpoint
        self.clientID = clientID
        self.method = method
        self.proofKey = proofKey
    }
}

/// Whom and what a grant is for.
public struct GrantKey: Sendable, Hashable {
    /// As the application names the person.
    public var user: String
    /// The server's address.
    public var server: ResourceIdentifier

    public init(user: String, server: ResourceIdentifier) {
        self.user = user
        self.server = server
    }
}

/// Who we are to one authorization server.
public struct OAuthIdentity: Sendable, Hashable {
    public var clientID: String
    public var clientSecret: Secret?
    /// By which it shows who it is without telling a secret; it goes before the secret.
    public var key: ClientKey?
    /// `none`, `client_secret_basic`, `client_secret_post` or `private_key_jwt`; nil where nobody has said.
    public var method: String?

    public init(clientID: String, clientSecret: Secret? = nil, key: ClientKey? = nil, method: String? = nil) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.key = key
        self.method = method
    }

    static let none = "none"
    static let basic = "client_secret_basic"
    static let posted = "client_secret_post"
    static let signed = "private_key_jwt"

    /// How it shows who it is to a server that knows these ways; nil for one that has not said (RFC 8414, section 2).
    func method(among known: [String]?) -> String {
        if let method { return method }
        if key != nil { return Self.signed }
        guard clientSecret != nil else { return Self.none }
        guard let known, !known.contains(Self.basic), known.contains(Self.posted) else { return Self.basic }
        return Self.posted
    }
}

/// Where grants and identities are kept. The application encrypts them.
public protocol TokenStore: Sendable {
    func grant(for key: GrantKey) async throws -> Grant?
    /// Nil forgets it.
    func keep(_ grant: Grant?, for key: GrantKey) async throws
    func identity(at issuer: String) async throws -> OAuthIdentity?
    func keep(_ identity: OAuthIdentity, at issuer: String) async throws
}
