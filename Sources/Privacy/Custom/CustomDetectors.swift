public import Core
import Matching

/// Detectors of an organisation. They take part like those of the house: in views behind disguises, in overlaps, in
/// streams.
extension Detector {
    /// Words and phrases, in any case.
    ///
    /// - Throws: `invalid` as ``ExactDictionary/init(_:key:)`` does, with the detector's id.
    public static func words(
        _ id: String, _ kind: PrivacyKind, _ label: Label, _ words: [String], regions: Set<Region> = [],
        confidence: Double = 0.9
    ) throws(GatehouseError) -> Detector {
        var random = SystemRandomNumberGenerator()
        let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        do {
            let dictionary = try ExactDictionary(words, key: key)
            return self.dictionary(id, kind, label, dictionary, regions: regions, confidence: confidence)
        } catch {
            throw GatehouseError("privacy", .invalid, "detector \(id) is not valid", from: error)
        }
    }

    public static func dictionary(
        _ id: String, _ kind: PrivacyKind, _ label: Label, _ dictionary: ExactDictionary, regions: Set<Region> = [],
        confidence: Double = 0.95
    ) -> Detector {
        Detector(id, kind, label, in: regions, confidence: confidence, withContext: confidence, .dictionary(dictionary))
    }

    public static func fingerprints(
        _ id: String, _ kind: PrivacyKind, _ label: Label, _ fingerprints: DocumentFingerprints,
        regions: Set<Region> = [], confidence: Double = 0.95
    ) -> Detector {
        Detector(
            id, kind, label, in: regions, confidence: confidence, withContext: confidence, .fingerprints(fingerprints))
    }

    /// A pattern in PCRE2 syntax over UTF-8 bytes. Its first group, if it has one, is what is found; else the whole match.
    ///
    /// In a stream, what a pattern may still match is held back: one that begins with `.*` holds back everything.
    ///
    /// - Throws: `invalid` with the detector's id where it does not compile, matches the empty text, or is longer than
    ///   2000 bytes.
    public static func pattern(
        _ id: String, _ kind: PrivacyKind, _ label: Label, _ pattern: String, isCaseless: Bool = false,
        regions: Set<Region> = [], confidence: Double = 0.8
    ) throws(GatehouseError) -> Detector {
        let finder = try CustomPattern(id, pattern, isCaseless: isCaseless)
        return Detector(id, kind, label, in: regions, confidence: confidence, withContext: confidence, .pattern(finder))
    }
}

struct CustomPattern: Sendable {
    static let longest = 2000

    let expression: Expression
    let source: String
    let isCaseless: Bool

    init(_ id: String, _ pattern: String, isCaseless: Bool) throws(GatehouseError) {
        guard pattern.utf8.count <= CustomPattern.longest else {
            throw GatehouseError(
                "privacy", .invalid, "the pattern of detector \(id) has \(pattern.utf8.count) bytes",
                hint: "it may have \(CustomPattern.longest)")
        }
        do {
            expression = try Expression(pattern, options: isCaseless ? .caseless : [], limits: .init(matches: 200_000))
        } catch {
            throw GatehouseError("privacy", .invalid, "the pattern of detector \(id) is not valid", from: error)
        }
        if case .match(let captures) = expression.firstMatch(in: [] as [UInt8]), captures.range.isEmpty {
            throw GatehouseError("privacy", .invalid, "the pattern of detector \(id) matches the empty text")
        }
        source = pattern
        self.isCaseless = isCaseless
    }

    func found(_ captures: Expression.Captures) -> Range<Int> { captures[1] ?? captures.range }
}
