public import Core
public import Policy

/// What configuration says about policy: where the organisation's own comes from, and what the default one is told.
public struct PolicySettings: Sendable, Hashable {
    /// Files and folders with Rego and data of one's own.
    public var paths: [String]
    /// Bundles that are fetched, by name.
    public var bundles: [String: BundleSettings]
    /// Globs over targets by the name of an environment: `data.gatehouse.environments`.
    public var environments: [String: [String]]
    /// What the gate asks for, below `data`.
    public var entryPoint: String
    /// The servers that policy may ask with `http.send`.
    public var httpHosts: AllowedHosts

    public init(
        paths: [String] = [], bundles: [String: BundleSettings] = [:], environments: [String: [String]] = [:],
        entryPoint: String = BuiltInPolicy.entryPoint, httpHosts: AllowedHosts = .none
    ) {
        self.paths = paths
        self.bundles = bundles
        self.environments = environments
        self.entryPoint = entryPoint
        self.httpHosts = httpHosts
    }
}

/// Where a bundle comes from, and what vouches for it.
public struct BundleSettings: Sendable, Hashable {
    public enum Location: Sendable, Hashable {
        /// An archive or a folder.
        case path(String)
        case url(String)
    }

    /// What a bundle has to be signed with.
    public struct Signing: Sendable, Hashable {
        /// A public key in PEM, or a shared secret for the HS algorithms.
        public var key: Secret
        public var algorithm: String
        /// The `keyid` of signatures that count; nil for any.
        public var keyID: String?
        /// The `scope` that signatures have to name; nil for any.
        public var scope: String?

        public init(key: Secret, algorithm: String, keyID: String? = nil, scope: String? = nil) {
            self.key = key
            self.algorithm = algorithm
            self.keyID = keyID
            self.scope = scope
        }
    }

    public var location: Location
    /// How often it is looked for anew.
    public var polling: Duration
    /// Sent as `Authorization: Bearer`.
    public var token: Secret?
    /// Nil takes the bundle unsigned.
    public var signing: Signing?

    public init(
        location: Location, polling: Duration = .seconds(60), token: Secret? = nil, signing: Signing? = nil
    ) {
        self.location = location
        self.polling = polling
        self.token = token
        self.signing = signing
    }
}
