public import Core
import JSON

/// What is said to and by a classifier with the interface of Presidio's analyzer (`POST /analyze`). The call itself is
/// made elsewhere.
public struct PresidioExchange: Sendable, Hashable {
    /// Entities that an answer may hold.
    public static let limit = 50_000

    /// What its findings name as their detector.
    public var id: String
    /// ISO 639-1, as the classifier was set up for.
    public var language: String
    /// Its names of what to look for; nil for all.
    public var entities: [String]?
    /// From 0 to 1; what it is less sure of is no finding.
    public var minimumScore: Double
    /// What its names mean here, where that differs from Presidio's own.
    public var kinds: [String: PrivacyKind]
    public var labels: [String: Label]

    public init(
        id: String = "external.presidio", language: String = "en", entities: [String]? = nil, minimumScore: Double = 0,
        kinds: [String: PrivacyKind] = [:], labels: [String: Label] = [:]
    ) {
        self.id = id
        self.language = language
        self.entities = entities
        self.minimumScore = minimumScore
        self.kinds = kinds
        self.labels = labels
    }

    /// The body of a request: a JSON object.
    /// - Throws: `invalid` where the text is not UTF-8: offsets in it would mean nothing.
    public func request(for text: [UInt8]) throws(GatehouseError) -> [UInt8] {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw GatehouseError("privacy", .invalid, "a text for an external classifier is not UTF-8")
        }
        var request: JSONObject = ["text": .string(text), "language": .string(language)]
        if minimumScore > 0 { request["score_threshold"] = JSON(minimumScore) ?? 0 }
        if let entities { request["entities"] = .array(entities.map { .string($0) }) }
        return JSON.object(request).bytes()
    }

    /// The findings that an answer names in the text that was asked about. Offsets in it are code points of Unicode.
    ///
    /// - Throws: `unavailable` where the answer is not one, or points outside the text: it fails closed.
    public func findings(in answer: [UInt8], for text: [UInt8]) throws(GatehouseError) -> [PrivacyFinding] {
        guard case .array(let entities)? = try? JSON.parse(answer) else { throw broken("it is no JSON list") }
        guard entities.count <= Self.limit else { throw broken("it has more than \(Self.limit) entities") }
        let offsets = CodePoints(text)
        var findings: [PrivacyFinding] = []
        for (index, entity) in entities.enumerated() {
            guard let type = entity["entity_type"]?.string, Self.isName(type), let start = integer(entity["start"]),
                let end = integer(entity["end"]), let score = number(entity["score"]), (0...1).contains(score)
            else { throw broken("entity \(index) lacks a type, a place or a score") }
            guard start < end, let range = offsets.bytes(start..<end) else {
                throw broken("entity \(index) lies outside the text")
            }
            guard score >= minimumScore else { continue }
            findings.append(
                PrivacyFinding(
                    range: range, kind: kind(of: type), label: label(of: type), confidence: score, detector: id,
                    reasons: [.form]))
        }
        return findings
    }

    private func broken(_ reason: String) -> GatehouseError {
        GatehouseError(
            "privacy", .unavailable, "the answer of \(id) cannot be read: \(reason)",
            hint: "check that its address is that of Presidio's /analyze")
    }

    private func integer(_ value: JSON?) -> Int? {
        guard case .number(let number)? = value else { return nil }
        return Int(number.spelling)
    }

    private func number(_ value: JSON?) -> Double? {
        guard case .number(let number)? = value else { return nil }
        return Double(number.spelling)
    }

    /// Names go to records and figures: one that could be a piece of the text is none.
    private static func isName(_ type: String) -> Bool {
        (1...64).contains(type.utf8.count)
            && type.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-. ".utf8.contains($0) }
    }
}

extension PresidioExchange {
    /// Presidio's own names of what it finds, and what they are here. Names that are not known stay as they are.
    public static let names: [String: PrivacyKind] = [
        "EMAIL_ADDRESS": .email, "PHONE_NUMBER": .phone, "CREDIT_CARD": .creditCard, "IBAN_CODE": .iban,
        "US_SSN": .ssn, "IP_ADDRESS": .ip, "PERSON": .person, "LOCATION": .address, "DATE_TIME": .date, "URL": .url,
        "CRYPTO": .crypto, "US_PASSPORT": .passport, "US_DRIVER_LICENSE": .drivingLicence,
        "MEDICAL_LICENSE": .medicalRecord, "MAC_ADDRESS": .mac, "NRP": PrivacyKind("NRP"),
        "ORGANIZATION": PrivacyKind("ORGANIZATION"),
    ]

    /// All kinds that findings can have, as far as they are known beforehand.
    public var knownKinds: Set<PrivacyKind> {
        let asked = (entities ?? []) + kinds.keys + labels.keys
        return Set(Self.names.values).union(kinds.values).union(asked.map { kind(of: $0) })
    }

    private func kind(of type: String) -> PrivacyKind { kinds[type] ?? Self.names[type] ?? PrivacyKind(type) }

    private func label(of type: String) -> Label {
        if let label = labels[type] { return label }
        let kind = kind(of: type)
        if kind == .creditCard || kind == .iban { return .pci }
        return kind == .medicalRecord || type.hasPrefix("MEDICAL") ? .phi : .pii
    }
}

/// Where the code points of a text begin, for offsets that count them.
private struct CodePoints {
    /// Nil where each is one byte.
    private var starts: [UInt32]?
    private let count: Int

    init(_ text: [UInt8]) {
        count = text.count
        guard text.contains(where: { $0 >= 0x80 }) else { return }
        var starts: [UInt32] = []
        starts.reserveCapacity(text.count + 1)
        for (index, byte) in text.enumerated() where byte & 0xc0 != 0x80 { starts.append(UInt32(clamping: index)) }
        starts.append(UInt32(clamping: text.count))
        self.starts = starts
    }

    func bytes(_ range: Range<Int>) -> Range<Int>? {
        guard let starts else { return range.lowerBound >= 0 && range.upperBound <= count ? range : nil }
        guard range.lowerBound >= 0, range.upperBound < starts.count else { return nil }
        return Int(starts[range.lowerBound])..<Int(starts[range.upperBound])
    }
}
