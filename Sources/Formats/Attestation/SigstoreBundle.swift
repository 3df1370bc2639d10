public import Core
import Crypto
public import JSON

/// A Sigstore bundle (version 0.3 is written, 0.1 to 0.3 are read) of a signature that was made with a key. Certificates
/// and entries of transparency logs are passed over: the key is what is trusted.
public struct SigstoreBundle: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case envelope(Envelope)
        /// Over the file itself, by its SHA-256.
        case message(digest: [UInt8], signature: [UInt8])
    }

    public static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
    private static let older = "application/vnd.dev.sigstore.bundle+json;version=0."

    public var content: Content
    /// Whether it holds a certificate instead of a hint at a key.
    public var hasCertificate = false
    public var logEntries = 0

    public init(_ content: Content) { self.content = content }

    static func isOne(_ json: JSON) -> Bool { json["mediaType"]?.string?.contains("sigstore.bundle") == true }

    /// - Throws: `invalid`, naming the member; `unsupported` for a version that is not known.
    public init(_ json: JSON) throws(GatehouseError) {
        let type = json["mediaType"]?.string ?? ""
        guard type == Self.mediaType || type.hasPrefix(Self.older) else {
            throw GatehouseError("attestation", .unsupported, "bundles of the type \(type.prefix(100)) are not read")
        }
        let material = json["verificationMaterial"]
        hasCertificate = material?["certificate"] != nil || material?["x509CertificateChain"] != nil
        logEntries = material?["tlogEntries"]?.array?.count ?? 0
        if let envelope = json["dsseEnvelope"] {
            content = .envelope(try Envelope(envelope))
            return
        }
        let message = json["messageSignature"]
        guard let signature = message?["signature"]?.string.flatMap(Envelope.decoded) else {
            throw Envelope.invalid("the bundle has neither a dsseEnvelope nor a messageSignature")
        }
        guard message?["messageDigest"]?["algorithm"]?.string == "SHA2_256",
            let digest = message?["messageDigest"]?["digest"]?.string.flatMap(Envelope.decoded), digest.count == 32
        else { throw Envelope.invalid("the bundle's messageDigest is no SHA-256") }
        content = .message(digest: digest, signature: signature)
    }

    public func json(key: VerifyingKey) -> JSON {
        var json: JSON = [
            "mediaType": .string(Self.mediaType),
            "verificationMaterial": ["publicKey": ["hint": .string(key.hint)], "tlogEntries": []],
        ]
        switch content {
        case .envelope(let envelope): json["dsseEnvelope"] = envelope.json
        case .message(let digest, let signature):
            json["messageSignature"] = [
                "messageDigest": ["algorithm": "SHA2_256", "digest": .string(Base64.encode(digest))],
                "signature": .string(Base64.encode(signature)),
            ]
        }
        return json
    }
}
