public import Core
public import JSON

/// An in-toto attestation (Statement v1; v0.1 is read too): a predicate about subjects, each by its digests.
public struct Statement: Sendable, Hashable {
    public struct Subject: Sendable, Hashable {
        public var name: String
        /// By algorithm, in hexadecimal.
        public var digests: [String: String]

        public init(name: String, digests: [String: String]) {
            self.name = name
            self.digests = digests
        }
    }

    public static let payloadType = "application/vnd.in-toto+json"
    private static let version = "https://in-toto.io/Statement/v1"
    private static let older = "https://in-toto.io/Statement/v0.1"

    public var subjects: [Subject]
    /// An address that says what the predicate is.
    public var predicateType: String
    public var predicate: JSON

    public init(subjects: [Subject], predicateType: String, predicate: JSON) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// - Throws: `invalid`, with what is missing.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        let json: JSON
        do {
            json = try JSON.parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw GatehouseError("attestation", .invalid, "the statement is no JSON", cause: String(describing: error))
        }
        guard let type = json["_type"]?.string, [Self.version, Self.older].contains(type) else {
            throw Envelope.invalid("the payload is no in-toto statement of version 1 or 0.1")
        }
        guard let predicateType = json["predicateType"]?.string, !predicateType.isEmpty else {
            throw Envelope.invalid("the statement has no predicateType")
        }
        guard let listed = json["subject"]?.array, !listed.isEmpty else {
            throw Envelope.invalid("the statement has no subject")
        }
        self.predicateType = predicateType
        predicate = json["predicate"] ?? .null
        subjects = []
        for entry in listed {
            let digests = entry["digest"]?.object.map { object in
                Dictionary(object.compactMap { key, value in value.string.map { (key, $0) } }) { first, _ in first }
            }
            guard let digests, !digests.isEmpty else {
                throw Envelope.invalid("a subject of the statement has no digest")
            }
            subjects.append(Subject(name: entry["name"]?.string ?? "", digests: digests))
        }
    }

    public var json: JSON {
        [
            "_type": .string(Self.version),
            "subject": .array(
                subjects.map { subject in
                    let digests = subject.digests.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
                    return ["name": .string(subject.name), "digest": .object(JSONObject(digests))]
                }),
            "predicateType": .string(predicateType), "predicate": predicate,
        ]
    }

    /// Whether one of the subjects is what this digest (SHA-256, in hexadecimal) is of.
    public func isAbout(sha256 digest: String) -> Bool {
        subjects.contains { $0.digests["sha256"]?.lowercased() == digest.lowercased() }
    }

    public var envelope: Envelope { Envelope(payloadType: Self.payloadType, payload: Array(json.text().utf8)) }
}
