import ArgumentParser
import Core
import Policy

/// Bundles, and the key that they are verified with.
struct PolicyBundleOptions: ParsableArguments {
    @Option(
        name: [.customShort("b"), .long],
        help: ArgumentHelp("A bundle: an archive or a folder; may be given again.", valueName: "path"))
    var bundle: [String] = []
    @Option(
        help: ArgumentHelp(
            "Refuse bundles not signed with the key in this file: PEM, JSON Web Keys, or the secret for HS.",
            valueName: "file"))
    var verificationKey: String?
    @Option(help: ArgumentHelp("RS256, PS256, ES256, HS256 and the like, or EdDSA.", valueName: "name"))
    var verificationAlg = "RS256"
    @Option(help: ArgumentHelp("What the signature must say that the bundle is for.", valueName: "text"))
    var verificationScope = ""

    func validate() throws {
        guard verificationKey == nil || !bundle.isEmpty else {
            throw ValidationError("--verification-key is for what --bundle names")
        }
    }

    /// Without a key, signatures are passed over: a file that is named is taken as it is.
    func read() throws -> [(path: String, bundle: Bundle)] {
        var reader = BundleReader()
        if let verificationKey {
            let key = try PolicyKey.read(verificationKey, algorithm: verificationAlg)
            reader.verification = BundleVerification(
                keys: [Self.keyID: BundleVerification.Key(key, algorithm: verificationAlg)], keyID: Self.keyID,
                scope: verificationScope)
        } else {
            reader.ignoresSignatures = true
        }
        return try bundle.map { try Self.read($0, reader) }
    }

    private static func read(_ path: String, _ reader: BundleReader) throws -> (path: String, bundle: Bundle) {
        do throws(GatehouseError) { return (path, try reader.read(path: path)) } catch {
            var error = error
            error.message = "\(path): \(error.message)"
            throw error
        }
    }

    /// The one key there is serves whatever id a signature names.
    private static let keyID = "given"
}

enum PolicyKey {
    private static let largest = 64 << 10

    /// A key in a file; the line end after a shared secret is not a part of it.
    static func read(_ path: String, algorithm: String) throws -> Secret {
        let text = String(decoding: try WholeFile.read(path, limit: largest), as: UTF8.self)
        return Secret(algorithm.uppercased().hasPrefix("HS") ? text.trimmingNewlines : text)
    }
}
