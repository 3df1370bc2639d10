public import Core

/// A text signed by one or more keys (https://c2sp.org/signed-note).
///
/// The form: the text, which ends in a newline; an empty line; then one line for each signature, `— NAME BASE64`.
/// A parsed note is well-formed and no more: its text may be believed only after ``text(verifiedBy:)``.
public struct SignedNote: Sendable, Hashable {
    public struct Signature: Sendable, Hashable {
        public var name: String
        public var keyID: UInt32
        public var bytes: [UInt8]
    }

    /// Larger notes are refused before anything is read.
    public static let maximumBytes = 1 << 20
    public static let maximumSignatures = 100

    /// Unverified. Ends in a newline.
    public let text: String
    public let signatures: [Signature]

    /// Signs a text.
    /// - Throws: `invalid` when the text does not end in a newline or holds another control character.
    public init(text: String, signedBy keys: [SigningKey]) throws(GatehouseError) {
        guard text.utf8.last == newline, SignedNote.hasNoControls(text.utf8) else {
            throw GatehouseError(
                "ledger", .invalid, "a note's text must end in a newline and hold no other control character")
        }
        var signatures: [Signature] = []
        for key in keys {
            signatures.append(
                Signature(name: key.name, keyID: key.verifierKey.keyID, bytes: try key.sign(Array(text.utf8))))
        }
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note strictly: valid UTF-8, no control characters but newline, at least one and at most 100 signatures,
    /// each line exactly of the form.
    /// - Throws: `invalid`, `tooLarge`.
    public init(parsing bytes: some Collection<UInt8>) throws(GatehouseError) {
        guard bytes.count <= SignedNote.maximumBytes else {
            throw GatehouseError(
                "ledger", .tooLarge, "signed note has \(bytes.count) bytes, at most \(SignedNote.maximumBytes) are read"
            )
        }
        let bytes = Array(bytes)
        guard SignedNote.hasNoControls(bytes), String(validating: bytes, as: UTF8.self) != nil else {
            throw SignedNote.malformed("is not UTF-8 text without control characters")
        }
        guard bytes.last == newline else { throw SignedNote.malformed("does not end in a newline") }
        guard let split = SignedNote.lastEmptyLine(in: bytes) else {
            throw SignedNote.malformed("has no empty line between text and signatures")
        }
        text = String(decoding: bytes[...split], as: UTF8.self)
        let lines = bytes[(split + 2)...].dropLast().split(separator: newline, omittingEmptySubsequences: false)
        guard !bytes[(split + 2)...].isEmpty else { throw SignedNote.malformed("has no signature") }
        guard lines.count <= SignedNote.maximumSignatures else {
            throw GatehouseError(
                "ledger", .tooLarge, "signed note has more than \(SignedNote.maximumSignatures) signatures")
        }
        var signatures: [Signature] = []
        for line in lines {
            guard let signature = Signature(line: line) else {
                throw SignedNote.malformed("has a malformed signature line (number \(signatures.count + 1))")
            }
            signatures.append(signature)
        }
        self.signatures = signatures
    }

    /// The whole note as it is stored and sent.
    public var description: String {
        var out = text + "\n"
        for signature in signatures { out += signature.line }
        return out
    }

    public enum Trust: Sendable, Hashable {
        /// At least one known key signed, and no signature of a known key is bad.
        case verified
        /// A signature carries the name and id of a known key but does not verify.
        case badSignature(name: String)
        /// No signature is of a known key.
        case unknownKeys
    }

    /// What the note is worth to someone who trusts `keys`. Signatures of other keys are ignored.
    public func trust(_ keys: [VerifierKey]) -> Trust {
        var verified = false
        for signature in signatures {
            for key in keys where key.name == signature.name && key.keyID == signature.keyID {
                guard key.verifies(signature.bytes, of: Array(text.utf8)) else { return .badSignature(name: key.name) }
                verified = true
            }
        }
        return verified ? .verified : .unknownKeys
    }

    /// The text, if it may be believed.
    /// - Throws: `corrupt` for a bad signature, `denied` when no trusted key signed.
    public func text(verifiedBy keys: [VerifierKey]) throws(GatehouseError) -> String {
        switch trust(keys) {
        case .verified: return text
        case .badSignature(let name):
            throw GatehouseError("ledger", .corrupt, "the note's signature by \(name) does not verify")
        case .unknownKeys:
            let names = signatures.map(\.name).joined(separator: ", ")
            throw GatehouseError(
                "ledger", .denied, "the note is not signed by a trusted key", cause: "it is signed by \(names)",
                hint: "compare the key's name and id with those of the verifier key you were given")
        }
    }

    // MARK: - Form

    /// The position of the newline that ends the text, before the last empty line.
    private static func lastEmptyLine(in bytes: [UInt8]) -> Int? {
        var index = bytes.count - 2
        while index >= 0 {
            if bytes[index] == newline, bytes[index + 1] == newline { return index }
            index -= 1
        }
        return nil
    }

    private static func hasNoControls(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 || $0 == newline }
    }

    private static func malformed(_ what: String) -> GatehouseError {
        GatehouseError("ledger", .invalid, "signed note \(what)", hint: "see https://c2sp.org/signed-note")
    }
}

private let newline = UInt8(ascii: "\n")
/// An em dash (U+2014) and a space.
private let lead: [UInt8] = [0xE2, 0x80, 0x94, 0x20]

extension SignedNote.Signature {
    fileprivate init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: lead) else { return nil }
        let rest = line.dropFirst(lead.count)
        guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let name = String(decoding: rest[..<space], as: UTF8.self)
        let encoded = String(decoding: rest[(space + 1)...], as: UTF8.self)
        guard VerifierKey.isValidName(name), let decoded = Base64.decode(encoded), decoded.count > 4 else { return nil }
        self.init(name: name, keyID: UInt32(bigEndian: decoded[..<4]), bytes: Array(decoded[4...]))
    }

    fileprivate var line: String {
        var value: [UInt8] = []
        value.append(bigEndian: keyID)
        return "— \(name) \(Base64.encode(value + bytes))\n"
    }
}

extension SignedNote: CustomStringConvertible {}
