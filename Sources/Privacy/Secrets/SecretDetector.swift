public import Core
import Matching

/// Finds credentials in bytes of any kind: source, configuration, logs, prompts, answers.
///
/// One Vectorscan pass looks for the anchors of all rules; PCRE2 confirms at each. Takes time linear in the input.
/// Build once (tens of milliseconds where it was built before, else hundreds) and share: it is immutable.
public final class SecretDetector: Sendable {
    /// Inputs that are scanned in pieces must overlap by this many bytes, or a secret on the seam is lost.
    public static let overlap = 16_384

    public let rules: [SecretRule]
    /// Most findings that one input may give.
    public let limit: Int
    private let compiled: [Compiled]
    private let anchors: PatternSet
    /// For each anchor, by its id, the rules (by index) that it calls.
    private let callees: [[Int]]
    private let fileRules: [SecretRule]

    /// An object, and what is asked at every anchor beside the rule: anchors are many, and a rule is large to copy.
    fileprivate final class Compiled: Sendable {
        let index: Int
        let rule: SecretRule
        let expression: Expression
        let next: Expression?
        let lookBehind: Int
        let reach: Int
        let isForOpenText: Bool
        let isForPaths: Bool

        init(_ index: Int, _ rule: SecretRule, _ expression: Expression, _ next: Expression?) {
            (self.index, self.rule, self.expression, self.next) = (index, rule, expression, next)
            (lookBehind, reach) = (rule.lookBehind, rule.reach)
            (isForOpenText, isForPaths) = (rule.isForOpenText, !rule.pathSuffixes.isEmpty)
        }
    }

    /// - Throws: `invalid` with the rule's id where a pattern does not compile or an anchor has no fixed width.
    public init(_ rules: [SecretRule] = SecretRule.builtin, limit: Int = 1000) throws(GatehouseError) {
        self.rules = rules
        self.limit = limit
        var compiled: [Compiled] = []
        var ids: [SecretRule.Anchor: Int] = [:]
        var callees: [[Int]] = []
        for (index, rule) in rules.enumerated() {
            compiled.append(try SecretDetector.compile(index, rule))
            for anchor in rule.anchors {
                if let id = ids[anchor] {
                    callees[id].append(index)
                } else {
                    ids[anchor] = callees.count
                    callees.append([index])
                }
            }
        }
        self.compiled = compiled
        self.callees = callees
        fileRules = rules.filter { $0.anchors.isEmpty && !$0.pathSuffixes.isEmpty }
        anchors = try SecretDetector.compile(ids, rules, callees)
    }

    private static func compile(
        _ ids: [SecretRule.Anchor: Int], _ rules: [SecretRule], _ callees: [[Int]]
    ) throws(GatehouseError) -> PatternSet {
        // Always in one order: what was compiled before is known by it.
        let set = try PatternSet(
            ids.sorted { $0.value < $1.value }.map {
                Pattern(id: $1, $0.expression, options: $0.isCaseless ? .caseless : [])
            })
        if let id = set.variableWidth.min() {
            let names = callees[id].map { rules[$0].id }.joined(separator: ", ")
            throw GatehouseError("privacy", .invalid, "an anchor of secret rule \(names) has no fixed width")
        }
        return set
    }

    private static func compile(_ index: Int, _ rule: SecretRule) throws(GatehouseError) -> Compiled {
        do {
            let options: Expression.Options = rule.lookBehind == 0 ? .anchored : []
            let limits = Expression.Limits(matches: rule.steps)
            let expression = try Expression(rule.pattern, options: options, limits: limits)
            var next: Expression?
            if let pattern = rule.nextPattern { next = try Expression(pattern, options: .anchored, limits: limits) }
            guard rule.group <= min(expression.groupCount, next?.groupCount ?? .max) else {
                throw GatehouseError("privacy", .invalid, "its pattern has no group \(rule.group)")
            }
            return Compiled(index, rule, expression, next)
        } catch {
            throw GatehouseError("privacy", .invalid, "secret rule \(rule.id) is not valid", from: error)
        }
    }

    /// Looks at all of `bytes`.
    ///
    /// - Parameter path: where they come from; some places lower the confidence, some rules are for certain files.
    /// - Throws: `tooLarge` beyond 4 GiB.
    public func detect(in bytes: UnsafeRawBufferPointer, path: String? = nil) throws(GatehouseError) -> SecretFindings {
        var collector = Collector(bytes: bytes, place: PathPlace(path), limit: limit)
        try anchors.scan(bytes, limit: .max) { match in
            guard let start = match.start else { return .proceed }
            for index in callees[match.id] { collector.consider(compiled[index], at: start) }
            return collector.isFull ? .stop : .proceed
        }
        if path != nil { for rule in fileRules { collector.considerFile(rule) } }
        return collector.findings()
    }

    /// Looks at a text of which more will come.
    ///
    /// - Returns: what is sure whatever comes, and what may still become a secret.
    func detectOpen(
        in bytes: UnsafeRawBufferPointer
    ) throws(GatehouseError) -> (findings: SecretFindings, open: [OpenSecret]) {
        var collector = Collector(bytes: bytes, place: PathPlace(nil), limit: limit, isOpenEnded: true)
        try anchors.scan(bytes, limit: .max) { match in
            guard let start = match.start else { return .proceed }
            for index in callees[match.id] { collector.consider(compiled[index], at: start) }
            return collector.isFull ? .stop : .proceed
        }
        return (collector.findings(), collector.open)
    }

    public func detect(in bytes: [UInt8], path: String? = nil) throws(GatehouseError) -> SecretFindings {
        try detect(in: bytes.span.bytes, path: path)
    }

    public func detect(in bytes: RawSpan, path: String? = nil) throws(GatehouseError) -> SecretFindings {
        try bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in try detect(in: buffer, path: path) }
    }
}

/// A place where a rule may match once more of the text has come.
struct OpenSecret {
    /// Where the match would begin.
    var start: Int
    /// Where the match or its anchor begins, whichever is first: to be kept.
    var anchor: Int
    var isFarFromAnchor: Bool
    var isPrivateKey: Bool
}

/// Gathers what the candidates of one input come to.
private struct Collector {
    let bytes: UnsafeRawBufferPointer
    let place: PathPlace
    let limit: Int
    var matches: [SecretMatch] = []
    /// What is known to be no secret: a lockfile has thousands, which leave no less room for findings.
    var harmless: [Range<Int>] = []
    var couldNotCheck: [SecretUnchecked] = []
    /// For rules that look behind their anchors: where the last match ended, so that it is not found again.
    var lastEnds: [Int: Int] = [:]
    var isOpenEnded = false
    var open: [OpenSecret] = []

    var isFull: Bool { matches.count >= limit || couldNotCheck.count >= limit }

    mutating func consider(_ compiled: SecretDetector.Compiled, at anchor: Int) {
        guard isOpenEnded || !compiled.isForOpenText else { return }
        if compiled.isForPaths, !place.allows(compiled.rule) { return }
        let (looksBehind, index) = (compiled.lookBehind > 0, compiled.index)
        var start = anchor
        if looksBehind { start = max(0, anchor - compiled.lookBehind, lastEnds[index] ?? 0) }
        guard start <= anchor else { return }
        let range = start..<min(bytes.count, anchor + compiled.reach)
        guard let match = search(compiled, compiled.expression, range, anchor) else { return }
        if looksBehind { lastEnds[index] = match.range.upperBound }
        guard let next = compiled.next else { return }
        var end = match.range.upperBound
        while end - anchor < SecretDetector.overlap, !isFull,
            let more = search(
                compiled, next, end..<min(bytes.count, end + compiled.reach), min(match.range.lowerBound, anchor))
        {
            end = more.range.upperBound
            if looksBehind { lastEnds[index] = end }
        }
    }

    /// Judges what the expression finds in the range, and notes what it may still find once more has come.
    private mutating func search(
        _ compiled: SecretDetector.Compiled, _ expression: Expression, _ range: Range<Int>, _ anchor: Int
    ) -> Expression.Captures? {
        if isOpenEnded, range.upperBound == bytes.count,
            case .open(let from) = expression.firstOpenMatch(in: bytes, range: range)
        {
            open.append(
                OpenSecret(
                    start: from, anchor: min(from, anchor), isFarFromAnchor: compiled.rule.isFarFromAnchor,
                    isPrivateKey: compiled.rule.check == .privateKey))
        }
        switch expression.firstMatch(in: bytes, range: range) {
        case .noMatch: return nil
        case .limit:
            couldNotCheck.append(
                SecretUnchecked(ruleID: compiled.rule.id, offset: range.lowerBound, reason: .matchLimit))
            return nil
        case .match(let captures):
            if let secret = captures[compiled.rule.group] { judge(compiled.rule, captures.range, secret) }
            return captures
        }
    }

    mutating func considerFile(_ rule: SecretRule) {
        guard place.allows(rule) else { return }
        let confidence = place.isUnlikely ? Confidence.low : .medium
        matches.append(
            SecretMatch(rule: rule, range: 0..<0, secret: 0..<0, entropy: 0, confidence: confidence, isVerified: false))
    }

    private mutating func judge(_ rule: SecretRule, _ range: Range<Int>, _ secret: Range<Int>) {
        let value = UnsafeRawBufferPointer(rebasing: bytes[secret])
        let entropy = Entropy.bitsPerByte(value)
        guard entropy >= rule.minimumEntropy, !Placeholder.isOne(value, refusesRepeats: rule.refusesRepeats) else {
            return
        }
        let verdict = rule.check?.verdict(on: value, in: bytes, at: range) ?? .unknown
        guard verdict != .wrong else { return }
        if rule.isHarmless { return harmless.append(secret) }
        var confidence: Confidence
        switch (verdict, rule.specificity) {
        case (.proven, _): confidence = .high
        case (.doubtful, _): confidence = .low
        case (_, .format): confidence = .high
        case (_, .assignment): confidence = .medium
        case (_, .generic): confidence = entropy >= 4 ? .medium : .low
        }
        if place.isUnlikely { confidence = confidence.lowered }
        matches.append(
            SecretMatch(
                rule: rule, range: range, secret: secret, entropy: entropy, confidence: confidence,
                isVerified: verdict == .proven))
    }

    /// Of overlapping matches the most specific stays, then the surer, then the longer.
    func findings() -> SecretFindings {
        let harmless = SortedRanges(harmless)
        var kept: [SecretMatch] = []
        for match in matches.sorted(by: { ($0.secret.lowerBound, $0.rule.id) < ($1.secret.lowerBound, $1.rule.id) }) {
            if match.rule.specificity < .format, harmless.overlap(match.secret) { continue }
            guard let last = kept.last, last.secret.overlaps(match.secret) else {
                kept.append(match)
                continue
            }
            if rank(match) > rank(last) { kept[kept.count - 1] = match }
        }
        var unchecked = couldNotCheck
        if isFull {
            let offset = matches.map(\.range.upperBound).max() ?? 0
            unchecked.append(SecretUnchecked(ruleID: nil, offset: offset, reason: .tooManyFindings))
        }
        return SecretFindings(matches: kept, couldNotCheck: unchecked)
    }

    private func rank(_ match: SecretMatch) -> (Int, Int, Int) {
        (match.rule.specificity.rawValue, match.confidence.rawValue, match.secret.count)
    }
}
