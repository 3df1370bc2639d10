public import Core
internal import JSON
internal import Rego

/// How a bundle is signed.
public struct BundleSigning: Sendable {
    /// A private key in PEM or as JSON Web Key, or the shared secret for HS.
    public var key: Secret
    public var keyID: String
    /// RS, PS, ES or HS with 256, 384 or 512, or EdDSA.
    public var algorithm: String
    /// What the bundle is for; empty for nothing in particular.
    public var scope: String

    public init(_ key: Secret, keyID: String = "default", algorithm: String = "RS256", scope: String = "") {
        self.key = key
        self.keyID = keyID
        self.algorithm = algorithm
        self.scope = scope
    }

    /// `.signatures.json` for a folder, to be put into it.
    ///
    /// - Throws: `invalid` when the key cannot sign; `not_found`, `too_large`, `unavailable`.
    public func signatures(forFolder path: String, limits: BundleLimits = .default) throws(GatehouseError) -> [UInt8] {
        try signatures(for: try FolderReader.files(in: path, limits))
    }

    func signatures(for files: [BundleFile]) throws(GatehouseError) -> [UInt8] {
        var entries: [JSON] = []
        for file in files.sorted(by: { $0.path < $1.path }) where file.path != BundleContent.signatures {
            entries.append([
                "name": .string(file.path), "hash": .string(Hex.encode(try FileDigest.of(file, "SHA-256"))),
                "algorithm": "SHA-256",
            ])
        }
        var claims: JSONObject = ["files": .array(entries), "keyid": .string(keyID)]
        if !scope.isEmpty { claims["scope"] = .string(scope) }
        let payload = JSON.object(claims).bytes()
        let token = try SignedToken.signed(payload, key: key, algorithm: algorithm, id: keyID)
        return JSON.object(["signatures": [.string(token)]]).bytes()
    }
}
