import Core
import Matching

/// The detectors of an organisation among the enabled ones, made ready.
struct CustomPlan: Sendable {
    private let patterns: [(detector: Int, pattern: CustomPattern)]
    /// All patterns in one pass: most texts match none.
    private let anyPattern: PatternSet?
    private let dictionaries: [(detector: Int, dictionary: ExactDictionary)]
    private let fingerprints: [(detector: Int, fingerprints: DocumentFingerprints)]
    private let confidences: [Double]
    private let kinds: [PrivacyKind]
    /// How many words at the end of a text more words could make into a finding.
    let words: Int

    init(_ detectors: [Detector]) throws(GatehouseError) {
        confidences = detectors.map(\.confidence)
        kinds = detectors.map(\.kind)
        var patterns: [(detector: Int, pattern: CustomPattern)] = []
        var dictionaries: [(detector: Int, dictionary: ExactDictionary)] = []
        var fingerprints: [(detector: Int, fingerprints: DocumentFingerprints)] = []
        for (index, detector) in detectors.enumerated() {
            switch detector.finder {
            case .pattern(let pattern): patterns.append((index, pattern))
            case .dictionary(let dictionary): dictionaries.append((index, dictionary))
            case .fingerprints(let prints): fingerprints.append((index, prints))
            default: break
            }
        }
        (self.patterns, self.dictionaries, self.fingerprints) = (patterns, dictionaries, fingerprints)
        anyPattern = try CustomPlan.set(patterns, detectors)
        words = max(
            dictionaries.compactMap(\.dictionary.lengths.first).max() ?? 0,
            fingerprints.isEmpty ? 0 : DocumentFingerprints.shingle)
    }

    private static func set(
        _ patterns: [(detector: Int, pattern: CustomPattern)], _ detectors: [Detector]
    ) throws(GatehouseError) -> PatternSet? {
        guard !patterns.isEmpty else { return nil }
        do {
            return try PatternSet(
                patterns.enumerated().map { index, entry in
                    let options: Pattern.Options = entry.pattern.isCaseless ? [.caseless, .singleMatch] : .singleMatch
                    return Pattern(id: index, entry.pattern.source, options: options)
                })
        } catch {
            let ids = patterns.map { detectors[$0.detector].id }.joined(separator: ", ")
            throw GatehouseError("privacy", .invalid, "the patterns of \(ids) do not compile together", from: error)
        }
    }

    var isEmpty: Bool { patterns.isEmpty && words == 0 }

    func candidates(in bytes: UnsafeRawBufferPointer) throws(GatehouseError) -> [Candidate] {
        var found = candidatesOfWords(in: bytes)
        var hits: [Int] = []
        try anyPattern?.scan(bytes) { match in
            hits.append(match.id)
            return .proceed
        }
        for index in Set(hits).sorted() {
            let (detector, pattern) = patterns[index]
            let end = pattern.expression.matches(in: bytes) { captures in
                found.append(candidate(pattern.found(captures), detector, .form))
                return .proceed
            }
            if case .limit = end { throw CustomPlan.unjudged }
        }
        return found
    }

    private func candidatesOfWords(in bytes: UnsafeRawBufferPointer) -> [Candidate] {
        guard words > 0 else { return [] }
        var found: [Candidate] = []
        let row = WordRow(bytes)
        for (detector, dictionary) in dictionaries {
            dictionary.find(in: row) { found.append(candidate($0, detector, .list)) }
        }
        for (detector, prints) in fingerprints {
            prints.find(in: row) { found.append(candidate($0, detector, .list)) }
        }
        return found
    }

    /// The same for a text of which more will come.
    func candidatesOpen(
        in bytes: UnsafeRawBufferPointer, _ scan: inout OpenScan
    ) throws(GatehouseError) -> [Candidate] {
        var found = candidatesOfWords(in: bytes)
        if words > 0 {
            let place = OpenScan.lastWords(bytes, words)
            scan.note(open: place, reaching: place)
        }
        for (detector, pattern) in patterns {
            var place = 0
            search: while place < bytes.count {
                switch pattern.expression.firstOpenMatch(in: bytes, range: place..<bytes.count) {
                case .noMatch: break search
                case .limit: throw CustomPlan.unjudged
                case .open(let from):
                    scan.note(open: from, reaching: from)
                    break search
                case .match(let captures):
                    found.append(candidate(pattern.found(captures), detector, .form))
                    place = max(place + 1, captures.range.upperBound)
                }
            }
        }
        return found
    }

    private func candidate(_ range: Range<Int>, _ detector: Int, _ reason: PrivacyFinding.Reason) -> Candidate {
        Candidate(
            range: range, kind: kinds[detector], detector: detector, confidence: confidences[detector],
            reasons: [reason])
    }

    private static let unjudged = GatehouseError(
        "privacy", .exhausted, "a text could not be searched for a pattern within the limits")
}
