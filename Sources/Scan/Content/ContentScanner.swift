public import Core
public import Privacy

/// Looks for one kind of flaw in the content of files. Scanners are values in an explicit list; each is asked about
/// every window of every text file, from many threads at a time.
public protocol ContentScanner: Sendable {
    /// Namespaced: `scan.secrets`.
    var id: String { get }
    /// Everything that it may report.
    var rules: [ScanRule] { get }
    /// - Parameters:
    ///   - window: a part of the file; offsets in the answer count from its start.
    ///   - path: relative to the root.
    func scan(_ window: UnsafeRawBufferPointer, path: String) throws(GatehouseError) -> ContentMatches
    /// The same, which gives the values of what these rules match along, for verification.
    func keepingValues(of rules: Set<String>) -> any ContentScanner
    /// The same with rules of one's own beside. Takes as long as making it did.
    /// - Throws: `invalid` where they do not go together.
    func adding(_ own: OwnRules) throws(GatehouseError) -> any ContentScanner
}

extension ContentScanner {
    public func adding(_ own: OwnRules) throws(GatehouseError) -> any ContentScanner { self }
    public func keepingValues(of rules: Set<String>) -> any ContentScanner { self }
}

/// What a scanner reports, as reports and the console describe it.
public struct ScanRule: Sendable, Hashable {
    /// Stable, in kebab case: `aws-access-key-id`.
    public var id: String
    public var title: String
    public var severity: Severity
    public var remedy: String

    public init(id: String, title: String, severity: Severity, remedy: String) {
        self.id = id
        self.title = title
        self.severity = severity
        self.remedy = remedy
    }
}

public struct ContentMatches: Sendable {
    public struct Match: Sendable {
        /// Index into the scanner's rules.
        public var rule: Int
        /// Bytes of the window that must not be shown.
        public var secret: Range<Int>
        public var confidence: Confidence
        /// Proven by a checksum or an inner structure.
        public var isVerified: Bool
        /// The secret itself, where it is to be shown to its issuer.
        var value: Secret?
        /// Where the scanner's own rules accept it; else comments in the code may.
        var allowance: Allowance?

        public init(rule: Int, secret: Range<Int>, confidence: Confidence, isVerified: Bool) {
            self.rule = rule
            self.secret = secret
            self.confidence = confidence
            self.isVerified = isVerified
        }
    }

    /// Something from `offset` in the window on that could not be judged, and why.
    public struct Unjudged: Sendable {
        public var offset: Int
        public var reason: CouldNotCheck.Reason
        public var detail: String
    }

    public var matches: [Match] = []
    public var unjudged: [Unjudged] = []

    public init() {}
}

/// Credentials in the content of files, by the detectors that the gate uses on what passes through it.
public struct SecretScanner: ContentScanner {
    public let id = "scan.secrets"
    public let rules: [ScanRule]
    private let detector: SecretDetector
    private let places: [String: Int]
    private let own: OwnRules
    private var kept: Set<String> = []

    /// - Parameter own: the filters and acceptances of rules that the detector has already.
    public init(_ detector: SecretDetector, own: OwnRules = OwnRules()) {
        self.detector = detector
        self.own = own
        rules = detector.rules.filter { !$0.isHarmless }.map {
            ScanRule(id: $0.id, title: $0.title, severity: $0.severity, remedy: $0.remedy)
        }
        places = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func scan(_ window: UnsafeRawBufferPointer, path: String) throws(GatehouseError) -> ContentMatches {
        let findings = try detector.detect(in: window, path: path)
        var out = ContentMatches()
        for match in findings.matches {
            guard let rule = places[match.rule.id] else { continue }
            var found = ContentMatches.Match(
                rule: rule, secret: match.secret, confidence: match.confidence, isVerified: match.isVerified)
            let value = UnsafeRawBufferPointer(rebasing: window[match.secret])
            switch own.isEmpty ? .reported : own.verdict(on: value, of: match.rule.id, in: path) {
            case .dropped: continue
            case .accepted(let reason): found.allowance = .granted(reason: reason)
            case .unsure:
                let detail = "a pattern of your own rules took more steps than it may at a \(match.rule.id)"
                out.unjudged.append(.init(offset: match.secret.lowerBound, reason: .ruleLimit, detail: detail))
            case .reported: break
            }
            if kept.contains(match.rule.id) { found.value = Secret(String(decoding: value, as: UTF8.self)) }
            out.matches.append(found)
        }
        for place in findings.couldNotCheck {
            switch place.reason {
            case .matchLimit:
                let detail = "rule \(place.ruleID ?? "of secrets") took more steps than it may"
                out.unjudged.append(.init(offset: place.offset, reason: .ruleLimit, detail: detail))
            case .tooManyFindings:
                let detail = "more than \(detector.limit) findings in one window; the rest of it was not judged"
                out.unjudged.append(.init(offset: place.offset, reason: .tooManyFindings, detail: detail))
            }
        }
        return out
    }

    public func adding(_ own: OwnRules) throws(GatehouseError) -> any ContentScanner {
        let all = try self.own.joined(with: own)
        var detector = detector
        if !own.rules.isEmpty {
            detector = try SecretDetector(detector.rules + own.rules, limit: detector.limit)
        }
        return SecretScanner(detector, own: all).keepingValues(of: kept)
    }

    public func keepingValues(of rules: Set<String>) -> any ContentScanner {
        var scanner = self
        scanner.kept = rules
        return scanner
    }
}
