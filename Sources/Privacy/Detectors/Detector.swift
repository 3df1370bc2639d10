public import Core

/// How one kind of sensitive text is recognised: a value in a registry.
///
/// What finds candidates is shared by all detectors and runs once over a text; a detector says which candidates are
/// its own, what proves them, which words nearby speak for them, and how sure that makes it.
public struct Detector: Sendable {
    /// Namespaced and stable: `pii.email`, `id.de.steuer`.
    public var id: String
    public var kind: PrivacyKind
    public var label: Label
    /// Empty: everywhere.
    public var regions: Set<Region>
    /// Without and with a context word nearby. Zero without means that a context word is needed.
    public var confidence: Double
    public var contextConfidence: Double
    /// In lower case; a word ending in a letter also begins longer words.
    public var context: [String]
    let finder: Finder

    enum Finder: Sendable {
        /// Digits with or without separators. Without a layout in `layouts` the digits stand together; `plain` is the
        /// confidence then (zero: a context word is needed).
        case number(counts: ClosedRange<Int>, layouts: [[Int]], plain: Double, check: @Sendable (Digits) -> Bool)
        /// Letters and digits that stand together, in upper case.
        case token(counts: ClosedRange<Int>, check: @Sendable (Digits) -> Bool)
        /// Any number or token of this length: only with context.
        case code(counts: ClosedRange<Int>)
        /// Recognised by the walk over the text itself.
        case form(Form)
        case secrets
        case dictionary(ExactDictionary)
        case fingerprints(DocumentFingerprints)
        case pattern(CustomPattern)
    }

    /// Kinds whose grammar is more than a run of digits or letters.
    enum Form: Int, Sendable, CaseIterable {
        case email, phone, iban, ip, mac, date, address, person, coordinates, url, highEntropy, crypto, nino, hetu,
            urlPassword
    }

    init(
        _ id: String, _ kind: PrivacyKind, _ label: Label = .pii, in regions: Set<Region> = [], confidence: Double,
        withContext: Double, context: [String] = [], _ finder: Finder
    ) {
        self.id = id
        self.kind = kind
        self.label = label
        self.regions = regions
        self.confidence = confidence
        contextConfidence = withContext
        self.context = context
        self.finder = finder
    }
}

/// ASCII digits and capital letters without their separators. Lives as long as the call that it is given to.
struct Digits {
    let bytes: UnsafeBufferPointer<UInt8>

    var count: Int { bytes.count }
    /// The value of the digit at `index`; letters count on from 10 (A is 10).
    subscript(index: Int) -> Int {
        let byte = bytes[index]
        return byte < 0x3a ? Int(byte) - 0x30 : Int(byte) - 55
    }

    func isDigits(_ range: Range<Int>) -> Bool { range.allSatisfy { (0x30...0x39).contains(bytes[$0]) } }
    func isLetters(_ range: Range<Int>) -> Bool { range.allSatisfy { (0x41...0x5a).contains(bytes[$0]) } }
    func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + self[$1] } }
    /// The sum of digits times weights, from the first digit on.
    func weighted(_ weights: [Int]) -> Int { weights.indices.reduce(0) { $0 + weights[$1] * self[$1] } }
    var allSame: Bool { bytes.allSatisfy { $0 == bytes[0] } }
}
