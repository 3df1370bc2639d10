public import Core
import Matching

/// Finds what is sensitive in a text: personal data, numbers of cards and accounts, secrets, and what an organisation
/// adds. Make one (tens of milliseconds) and share it: it is immutable, and safe to use from any thread.
///
/// Fails closed: a text that is too large, or in which there is more than the limits allow, is an error and never an
/// incomplete answer.
public final class PrivacyScanner: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Of one text, in bytes.
        public var bytes: Int
        /// Candidates before overlaps are resolved.
        public var findings: Int

        public init(bytes: Int = 16 << 20, findings: Int = 50_000) {
            self.bytes = bytes
            self.findings = findings
        }
    }

    public let detectors: [Detector]
    public let limits: Limits
    let plan: DetectorPlan
    let secrets: SecretDetector?
    let phrases: PatternSet
    let custom: CustomPlan

    /// - Parameters:
    ///   - regions: nil for all; else detectors of these and of no region in particular.
    /// - Throws: `invalid` with the detector's id where a pattern does not compile.
    public init(
        _ detectors: [Detector] = Detector.builtin, regions: Set<Region>? = nil, limits: Limits = Limits()
    ) throws(GatehouseError) {
        let enabled = detectors.filter { detector in
            detector.regions.isEmpty || regions.map { !detector.regions.isDisjoint(with: $0) } ?? true
        }
        self.detectors = enabled
        self.limits = limits
        plan = try DetectorPlan(enabled)
        custom = try CustomPlan(enabled)
        let rules = SecretRule.builtin + [.kubernetesDataFirst]
        secrets = plan.secrets == nil ? nil : try SecretDetector(rules, limit: limits.findings)
        phrases = try PatternSet(
            TextWalk.namePhrases.filter { $0.count > 5 }.enumerated().map { index, phrase in
                Pattern(id: index, PrivacyScanner.escaped(phrase), options: .caseless)
            })
    }

    /// By position, without overlaps.
    ///
    /// - Throws: `tooLarge` beyond ``Limits/bytes``, `exhausted` where there are more candidates than allowed or a
    ///   secret could not be judged.
    public func findings(in bytes: UnsafeRawBufferPointer) throws(GatehouseError) -> [PrivacyFinding] {
        Overlaps.resolved(try candidates(in: bytes), detectors)
    }

    /// Everything that a detector claims, in no order.
    func candidates(in bytes: UnsafeRawBufferPointer) throws(GatehouseError) -> [Candidate] {
        guard bytes.count <= limits.bytes else {
            throw GatehouseError(
                "privacy", .tooLarge, "a text of \(bytes.count) bytes", hint: "the limit is \(limits.bytes) bytes")
        }
        var walk = TextWalk(bytes, plan, limit: limits.findings)
        try walk.run()
        return try candidates(in: bytes, walked: walk)
    }

    /// Secrets alone, in the text as it stands: one walk, whatever the text.
    func secretCandidates(in bytes: UnsafeRawBufferPointer) throws(GatehouseError) -> [Candidate] {
        var candidates: [Candidate] = []
        if let secrets, let index = plan.secrets { try add(secrets.detect(in: bytes), index, &candidates) }
        return candidates
    }

    /// What else is found in a text that was walked over.
    func candidates(in bytes: UnsafeRawBufferPointer, walked walk: TextWalk) throws(GatehouseError) -> [Candidate] {
        var candidates = try look(at: bytes, after: walk)
        guard let views = Normaliser.views(of: bytes) else {
            throw PrivacyScanner.tooDisguised
        }
        for view in views {
            let found = try view.bytes.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in
                var walk = TextWalk(buffer, plan, limit: limits.findings)
                try walk.run()
                return try look(at: buffer, after: walk)
            }
            candidates += found.map { candidate in
                var candidate = candidate
                candidate.range = view.original(candidate.range)
                candidate.reasons.append(.disguised)
                return candidate
            }
            guard candidates.count <= limits.findings else { throw PrivacyScanner.tooMany(limits.findings) }
        }
        return candidates.filter { !$0.range.isEmpty }
    }

    public func findings(in bytes: [UInt8]) throws(GatehouseError) -> [PrivacyFinding] {
        try bytes.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in try findings(in: buffer) }
    }

    private func look(
        at bytes: UnsafeRawBufferPointer, after walk: TextWalk
    ) throws(GatehouseError) -> [Candidate] {
        var walk = walk
        if plan[.person] != nil {
            try phrases.scan(bytes, limit: limits.findings) { match in
                walk.introduced(at: match.end)
                return .proceed
            }
        }
        if let secrets, let index = plan.secrets { try add(secrets.detect(in: bytes), index, &walk.candidates) }
        if !custom.isEmpty { walk.candidates += try custom.candidates(in: bytes) }
        return walk.candidates
    }

    func add(_ found: SecretFindings, _ detector: Int, _ candidates: inout [Candidate]) throws(GatehouseError) {
        guard found.couldNotCheck.isEmpty else {
            throw GatehouseError("privacy", .exhausted, "a text could not be searched for secrets within the limits")
        }
        for match in found.matches {
            let confidence = match.confidence == .high ? 0.95 : match.isToBeKeptBack ? 0.7 : 0.35
            candidates.append(
                Candidate(
                    range: match.secret, kind: .secret, detector: detector, confidence: confidence,
                    reasons: match.isVerified ? [.form, .checksum] : [.form]))
        }
    }

    static let tooDisguised = GatehouseError(
        "privacy", .exhausted, "a text is disguised in more places, or more deeply, than can be looked at",
        hint: "send it as plain text")

    static func tooMany(_ limit: Int) -> GatehouseError {
        GatehouseError(
            "privacy", .exhausted, "a text holds more than \(limit) sensitive places", hint: "send it in parts")
    }

    private static func escaped(_ text: [UInt8]) -> String {
        text.map { "\\x" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
