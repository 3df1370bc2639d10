public import Core
import Crypto
import JSON

/// A file with a signature, in one of the forms that are known: an envelope, a Sigstore bundle, or the base64 that
/// `cosign sign-blob` writes.
public enum Attestation: Sendable, Hashable {
    case envelope(Envelope, bundle: SigstoreBundle?)
    /// Over a file, by its digest where the form says it.
    case signature([UInt8], digest: [UInt8]?, bundle: SigstoreBundle?)

    /// - Throws: `invalid` for none of these.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let signature = Envelope.decoded(text.filter { !$0.isWhitespace }), !signature.isEmpty {
            self = .signature(signature, digest: nil, bundle: nil)
            return
        }
        let json: JSON
        do {
            json = try JSON.parse(text)
        } catch {
            throw GatehouseError(
                "attestation", .invalid, "is neither JSON nor a signature in base64", cause: String(describing: error))
        }
        if SigstoreBundle.isOne(json) {
            let bundle = try SigstoreBundle(json)
            switch bundle.content {
            case .envelope(let envelope): self = .envelope(envelope, bundle: bundle)
            case .message(let digest, let signature): self = .signature(signature, digest: digest, bundle: bundle)
            }
        } else if let signature = json["base64Signature"]?.string.flatMap(Envelope.decoded) {
            // What cosign wrote before bundles were Sigstore's.
            self = .signature(signature, digest: nil, bundle: nil)
        } else {
            self = .envelope(try Envelope(json), bundle: nil)
        }
    }

    /// What holds once a signature was verified.
    public struct Verified: Sendable, Hashable {
        /// Nil where a file itself was signed, or something that is no in-toto statement.
        public var statement: Statement?
        public var payloadType: String?
        /// What was there and was not looked at, in words.
        public var unchecked: [String] = []
    }

    /// - Parameters:
    ///   - key: that must have signed it.
    ///   - subject: the file that it must be about.
    /// - Throws: `denied` where the signature is not the key's, or it is about something else; `invalid` where a subject
    ///   is needed and none is given, or the payload is not what its type says.
    public func verify(with key: VerifyingKey, subject: [UInt8]?) throws(GatehouseError) -> Verified {
        var verified = Verified()
        switch self {
        case .envelope(let envelope, let bundle):
            guard envelope.isSigned(by: key) else { throw Self.notSigned }
            verified.payloadType = envelope.payloadType
            if envelope.payloadType == Statement.payloadType {
                let statement = try Statement(envelope.payload)
                if let subject, !statement.isAbout(sha256: Hex.encode(SHA256.hash(data: subject))) {
                    throw GatehouseError(
                        "attestation", .denied, "the statement is signed, and about something else than this file",
                        hint: "it is about \(statement.subjects.map(\.name).joined(separator: ", ").prefix(200))")
                }
                verified.statement = statement
            } else if subject != nil {
                throw Envelope.invalid("what is signed is no in-toto statement, so that it names no subject")
            }
            if subject == nil { verified.unchecked.append("no subject was given to compare with what it is about") }
            verified.unchecked += Self.passed(bundle)
        case .signature(let signature, let digest, let bundle):
            guard let subject else {
                throw GatehouseError(
                    "attestation", .invalid, "a signature over a file is verified with that file",
                    hint: "give --subject")
            }
            if let digest, digest != Array(SHA256.hash(data: subject)) {
                throw GatehouseError("attestation", .denied, "the signature is over another file than this one")
            }
            guard key.isValid(signature, of: subject) else { throw Self.notSigned }
            verified.unchecked += Self.passed(bundle)
        }
        return verified
    }

    private static func passed(_ bundle: SigstoreBundle?) -> [String] {
        guard let bundle else { return [] }
        var words: [String] = []
        if bundle.hasCertificate {
            words.append("the bundle's certificate was not looked at: the key given is trusted")
        }
        if bundle.logEntries > 0 { words.append("the bundle's entries of transparency logs were not looked at") }
        return words
    }

    private static var notSigned: GatehouseError {
        GatehouseError(
            "attestation", .denied, "no signature is of this key",
            hint: "was it changed, or signed with another key?")
    }
}
