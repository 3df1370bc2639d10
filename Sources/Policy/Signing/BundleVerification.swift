public import Core
internal import JSON
internal import Rego

/// Which keys a bundle may be signed with.
public struct BundleVerification: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        /// A public key or certificate in PEM, JSON Web Keys, or the shared secret for HS.
        public var key: Secret
        /// RS, PS, ES or HS with 256, 384 or 512, or EdDSA.
        public var algorithm: String
        /// What the signature must say where ``BundleVerification/scope`` is empty.
        public var scope: String

        public init(_ key: Secret, algorithm: String = "RS256", scope: String = "") {
            self.key = key
            self.algorithm = algorithm
            self.scope = scope
        }
    }

    /// By id.
    public var keys: [String: Key]
    /// The id of the key to use, whatever the signature says; nil to go by the signature.
    public var keyID: String?
    /// What the signature must say of its purpose.
    public var scope: String
    /// Patterns of paths that need not be listed, `docs/**`.
    public var excludedFiles: [String]

    public init(keys: [String: Key], keyID: String? = nil, scope: String = "", excludedFiles: [String] = []) {
        self.keys = keys
        self.keyID = keyID
        self.scope = scope
        self.excludedFiles = excludedFiles
    }

    private static let limits = JSON.Limits(bytes: 16 << 20, depth: 32, values: 500_000)

    /// - Throws: `denied` unless the signature is right and lists exactly these files with their digests.
    func verify(_ files: [BundleFile], signatures: [UInt8]?) throws(GatehouseError) {
        guard let signatures else {
            throw .bundle(.denied, "is not signed", hint: "Sign it, or remove the verification key for it.")
        }
        var listed = try entries(in: try payload(of: try token(in: signatures)))
        let excluded = try excludedFiles.map { text throws(GatehouseError) in
            guard let pattern = PathPattern(text) else {
                throw GatehouseError("policy", .invalid, "\(text) is no pattern of files: use *, ** and ?")
            }
            return pattern
        }
        for file in files where file.path != BundleContent.signatures {
            let entry = listed.removeValue(forKey: file.path)
            if excluded.contains(where: { $0.matches(file.path) }) { continue }
            guard let entry else { throw .bundle(.denied, "has a file that its signature does not list: \(file.path)") }
            guard ConstantTime.equal(try FileDigest.of(file, entry.algorithm), entry.digest) else {
                throw .bundle(.denied, "has a file that was changed after signing: \(file.path)")
            }
        }
        let missing = listed.keys.filter { path in !excluded.contains { $0.matches(path) } }.sorted()
        guard missing.isEmpty else {
            throw .bundle(.denied, "lacks files that its signature lists: \(missing.prefix(5).joined(separator: ", "))")
        }
    }

    private func token(in bytes: [UInt8]) throws(GatehouseError) -> String {
        guard let json = try? JSON.parse(bytes, limits: Self.limits), let tokens = json["signatures"]?.array,
            tokens.count == 1, let token = tokens[0].string
        else { throw .bundle(.denied, "has a .signatures.json without exactly one signature") }
        guard json["plugin"]?.string ?? "" == "" else {
            throw .bundle(.unsupported, "is signed by a plugin, which is not known here")
        }
        return token
    }

    /// The claims of the signature, once it and its scope are found right.
    private func payload(of token: String) throws(GatehouseError) -> JSON {
        let header = try SignedToken.header(of: token)
        let id = keyID ?? header["kid"]?.text ?? claimedKey(in: token)
        guard let id, let key = keys[id] else {
            throw .bundle(
                .denied, "is signed with a key that is not known: \(id ?? "it does not say which")",
                hint: "Known are: \(keys.keys.sorted().joined(separator: ", ")).")
        }
        let bytes: [UInt8]
        do throws(GatehouseError) {
            bytes = try SignedToken.verified(token, key: key.key, algorithm: key.algorithm)
        } catch {
            throw GatehouseError("policy", error.code, "the bundle's signature by key \(id)", cause: error.message)
        }
        guard let claims = try? JSON.parse(bytes, limits: Self.limits) else {
            throw .bundle(.denied, "has a signature over what is no JSON")
        }
        let wanted = scope.isEmpty ? key.scope : scope
        guard claims["scope"]?.string ?? "" == wanted else {
            throw .bundle(.denied, "is signed for another scope than \"\(wanted)\"")
        }
        return claims
    }

    /// Older signatures name the key among their claims. It only chooses among the keys that are configured.
    private func claimedKey(in token: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(parts[1], .url) else { return nil }
        return (try? JSON.parse(bytes, limits: Self.limits))?["keyid"]?.string
    }

    private func entries(in claims: JSON) throws(GatehouseError) -> [String: (algorithm: String, digest: [UInt8])] {
        var files: [String: (algorithm: String, digest: [UInt8])] = [:]
        for entry in claims["files"]?.array ?? [] {
            guard let name = entry["name"]?.string, let digest = entry["hash"]?.string.flatMap({ Hex.decode($0) })
            else {
                throw .bundle(.denied, "has a signature with an entry that is no file")
            }
            let path = String(name.drop { $0 == "/" })
            guard files.updateValue((entry["algorithm"]?.string ?? "", digest), forKey: path) == nil else {
                throw .bundle(.denied, "has a signature that lists \(path) twice")
            }
        }
        return files
    }
}
