public import Core
public import JSON

/// What is said to and by an external classifier with the interface of Presidio's analyzer (`POST /analyze`). The call
/// itself is made elsewhere; where it fails, the text was not inspected and must not pass.
public enum PresidioExchange {
    /// Entities that an answer may hold.
    public static let limit = 50_000

    /// - Parameters:
    ///   - language: ISO 639-1, as the classifier was set up for.
    ///   - entities: Presidio's names of what to look for; nil for all.
    /// - Throws: `invalid` where the text is not UTF-8: offsets in it would mean nothing.
    public static func request(
        for text: [UInt8], language: String = "en", threshold: Double? = nil, entities: [String]? = nil
    ) throws(GatehouseError) -> JSON {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw GatehouseError("privacy", .invalid, "a text for an external classifier is not UTF-8")
        }
        var request: JSONObject = ["text": .string(text), "language": .string(language)]
        if let number = threshold.flatMap({ JSONNumber($0) }) { request["score_threshold"] = .number(number) }
        if let entities { request["entities"] = .array(entities.map { .string($0) }) }
        return .object(request)
    }

    /// The findings that an answer names in the text that was asked about. Offsets in it are code points of Unicode.
    ///
    /// - Throws: `unavailable` where the answer is not one, or points outside the text: it fails closed.
    public static func findings(
        in answer: JSON, for text: [UInt8], detector: String = "external.presidio"
    ) throws(GatehouseError) -> [PrivacyFinding] {
        guard case .array(let entities) = answer, entities.count <= limit else { throw broken("it is no list") }
        let offsets = CodePoints(text)
        var findings: [PrivacyFinding] = []
        for (index, entity) in entities.enumerated() {
            guard let type = entity["entity_type"]?.string, !type.isEmpty, let start = integer(entity["start"]),
                let end = integer(entity["end"]), let score = number(entity["score"]), (0...1).contains(score)
            else { throw broken("entity \(index) lacks a type, a place or a score") }
            guard start < end, let range = offsets.bytes(start..<end) else {
                throw broken("entity \(index) lies outside the text")
            }
            let (kind, label) = meaning(of: type)
            findings.append(
                PrivacyFinding(
                    range: range, kind: kind, label: label, confidence: score, detector: detector, reasons: [.form]))
        }
        return findings
    }

    private static func broken(_ reason: String) -> GatehouseError {
        GatehouseError(
            "privacy", .unavailable, "the external classifier's answer cannot be read: \(reason)",
            hint: "check that the address is Presidio's /analyze")
    }

    private static func integer(_ value: JSON?) -> Int? {
        guard case .number(let number) = value else { return nil }
        return Int(number.spelling)
    }

    private static func number(_ value: JSON?) -> Double? {
        guard case .number(let number) = value else { return nil }
        return Double(number.spelling)
    }

    private static let meanings: [String: (PrivacyKind, Label)] = [
        "EMAIL_ADDRESS": (.email, .pii), "PHONE_NUMBER": (.phone, .pii), "CREDIT_CARD": (.creditCard, .pci),
        "IBAN_CODE": (.iban, .pci), "US_SSN": (.ssn, .pii), "IP_ADDRESS": (.ip, .pii), "PERSON": (.person, .pii),
        "LOCATION": (.address, .pii), "DATE_TIME": (.date, .pii), "URL": (.url, .pii), "CRYPTO": (.crypto, .pii),
        "US_PASSPORT": (.passport, .pii), "US_DRIVER_LICENSE": (.drivingLicence, .pii),
        "MEDICAL_LICENSE": (.medicalRecord, .phi), "MAC_ADDRESS": (.mac, .pii),
    ]

    /// Kinds that are not known keep their name.
    private static func meaning(of type: String) -> (PrivacyKind, Label) {
        meanings[type] ?? (PrivacyKind(type), type.hasPrefix("MEDICAL") ? .phi : .pii)
    }
}

/// Where the code points of a text begin, for offsets that count them.
struct CodePoints {
    private var starts: [Int] = []

    init(_ text: [UInt8]) {
        starts.reserveCapacity(text.count + 1)
        for (index, byte) in text.enumerated() where byte & 0xc0 != 0x80 { starts.append(index) }
        starts.append(text.count)
    }

    func bytes(_ range: Range<Int>) -> Range<Int>? {
        guard range.lowerBound >= 0, range.upperBound < starts.count else { return nil }
        return starts[range.lowerBound]..<starts[range.upperBound]
    }
}
