public import Core
public import JSON

/// A signed envelope (DSSE 1.0.2): bytes with their type, and signatures over both.
public struct Envelope: Sendable, Hashable {
    public struct Signature: Sendable, Hashable {
        /// A hint at the key; never trusted.
        public var keyID: String?
        public var bytes: [UInt8]

        public init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    public var payloadType: String
    public var payload: [UInt8]
    public var signatures: [Signature]

    public static let maximumBytes = 128 << 20
    static let maximumSignatures = 100

    public init(payloadType: String, payload: [UInt8], signatures: [Signature] = []) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// - Throws: `invalid`, naming the member.
    public init(_ json: JSON) throws(GatehouseError) {
        guard let type = json["payloadType"]?.string, let text = json["payload"]?.string,
            let listed = json["signatures"]?.array
        else { throw Self.invalid("an envelope has payloadType, payload and signatures") }
        guard let payload = Self.decoded(text) else { throw Self.invalid("payload is no base64") }
        guard !listed.isEmpty, listed.count <= Self.maximumSignatures else {
            throw Self.invalid("an envelope has from 1 to \(Self.maximumSignatures) signatures")
        }
        payloadType = type
        self.payload = payload
        signatures = []
        for (index, entry) in listed.enumerated() {
            guard let bytes = entry["sig"]?.string.flatMap(Self.decoded) else {
                throw Self.invalid("signature \(index + 1) is no base64")
            }
            signatures.append(Signature(keyID: entry["keyid"]?.string, bytes: bytes))
        }
    }

    public var json: JSON {
        [
            "payloadType": .string(payloadType), "payload": .string(Base64.encode(payload)),
            "signatures": .array(
                signatures.map { ["keyid": .string($0.keyID ?? ""), "sig": .string(Base64.encode($0.bytes))] }),
        ]
    }

    /// What is signed (section "Pre-Authentication Encoding").
    public var signed: [UInt8] {
        let head = "DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) "
        return Array(head.utf8) + payload
    }

    public mutating func sign(with key: SigningKey) throws(GatehouseError) {
        signatures.append(Signature(keyID: key.publicKey.id, bytes: try key.signature(of: signed)))
    }

    /// Whether the key made one of the signatures, whatever key they name.
    public func isSigned(by key: VerifyingKey) -> Bool {
        let bytes = signed
        return signatures.contains { key.isValid($0.bytes, of: bytes) }
    }

    /// Either alphabet, as the specification lets writers choose.
    static func decoded(_ text: String) -> [UInt8]? {
        Base64.decode(text) ?? Base64.decode(text.prefix { $0 != "=" }, .url)
    }

    static func invalid(_ message: String) -> GatehouseError {
        GatehouseError("attestation", .invalid, message)
    }
}
