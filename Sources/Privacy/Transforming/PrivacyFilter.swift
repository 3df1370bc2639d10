public import Core

/// Applies rules to texts: what may not pass is covered, replaced or refused.
///
/// Immutable and safe to share; what belongs to a session is in its ``TokenVault``.
public struct PrivacyFilter: Sendable {
    public let scanner: PrivacyScanner
    public let rules: PrivacyRules
    /// Names that tokens made here can have; nil for any, where others find what they will.
    private let names: Set<String>?

    /// - Parameter hasExternal: whether there are classifiers, whose kinds are not known beforehand.
    public init(scanner: PrivacyScanner, rules: PrivacyRules = .default, hasExternal: Bool = false) {
        self.scanner = scanner
        self.rules = rules
        guard !hasExternal else {
            names = nil
            return
        }
        let kinds = scanner.detectors.map(\.kind) + [.dateOfBirth]
        names = Set(kinds.map { TokenName.name(of: $0) } + [TokenName.literal])
    }

    /// - Returns: `text` is nil where nothing had to be changed; nothing is copied then.
    /// - Throws: what ``PrivacyScanner/findings(in:)-(UnsafeRawBufferPointer)`` throws, and `exhausted` where the vault is
    ///   full. A text that gave an error was not inspected and must not pass.
    ///
    /// - Parameter external: what others found in the text, such as classifiers (``ClassifiedTexts``).
    public func conceal(
        _ text: [UInt8], vault: TokenVault, external: [PrivacyFinding] = []
    ) throws(GatehouseError) -> Concealed {
        try text.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in
            try conceal(buffer, vault: vault, external: external)
        }
    }

    public func conceal(
        _ text: UnsafeRawBufferPointer, vault: TokenVault, external: [PrivacyFinding] = []
    ) throws(GatehouseError) -> Concealed {
        let marks = try marks(scanner.candidates(in: text), in: text, vault, external: external)
        guard !marks.changed.isEmpty || !marks.allowed.isEmpty else { return Concealed() }
        var tally = AppliedTally()
        for mark in marks.changed + marks.allowed { tally.add(mark, by: self) }
        var result = Concealed(labels: tally.labels, applied: tally.applied, remaining: tally.remaining)
        if let mark = marks.changed.first(where: { $0.action == .block }) {
            result.blocked = block(mark)
            result.text = []
        } else if !marks.changed.isEmpty {
            result.text = try render(text, 0..<text.count, marks.changed, vault)
        }
        return result
    }

    /// What is found in a text, by position and without overlaps: by us and by others.
    /// - Throws: what ``PrivacyScanner/findings(in:)-([UInt8])`` throws.
    public func findings(
        in text: [UInt8], external: [PrivacyFinding] = []
    ) throws(GatehouseError) -> [PrivacyFinding] {
        let own = try scanner.findings(in: text)
        return external.isEmpty ? own : Overlaps.resolved(own + external)
    }

    // MARK: - Steps, shared with streams

    func isSure(_ mark: Mark) -> Bool { mark.confidence >= rules.minimumConfidence }

    func marks(
        _ candidates: [Candidate], in text: UnsafeRawBufferPointer, _ vault: TokenVault, keepingTokens: Bool = false,
        external: [PrivacyFinding] = []
    ) -> Marks {
        var marks = keepingTokens ? [] : literals(in: text, vault)
        let external = keepingTokens ? TokenName.apart(external, in: text) : external
        marks += external.filter { !$0.range.isEmpty && $0.range.upperBound <= text.count }.map { finding in
            Mark(
                range: finding.range, detector: nil, kind: finding.kind, label: finding.label,
                confidence: finding.confidence, action: rules.action(for: finding))
        }
        guard !candidates.isEmpty || !marks.isEmpty else { return Marks([], in: text) }
        marks += candidates.map { candidate in
            let label = scanner.detectors[candidate.detector].label
            return Mark(
                range: candidate.range, detector: candidate.detector, kind: candidate.kind, label: label,
                confidence: candidate.confidence, action: rules.action(candidate.kind, label, candidate.confidence),
                isPlain: !candidate.reasons.contains(.disguised))
        }
        if marks.contains(where: { $0.action == .standIn }) {
            let invented = marks.map(\.range).filter { vault.isInvented(Array(text[$0])) }
            marks.removeAll { mark in
                invented.contains { $0.lowerBound <= mark.range.lowerBound && mark.range.upperBound <= $0.upperBound }
            }
        }
        return Marks(marks, in: text)
    }

    /// What is spelled like a token of ours.
    private func literals(in text: UnsafeRawBufferPointer, _ vault: TokenVault) -> [Mark] {
        var marks: [Mark] = []
        Bytes.forEach(UInt8(ascii: "<"), in: text) { index in
            guard let token = TokenName.read(text, at: index) else { return }
            let name = String(decoding: text[token.name], as: UTF8.self)
            guard names?.contains(name) ?? true || vault.knows(name) else { return }
            marks.append(
                Mark(
                    range: index..<token.end, detector: nil, kind: PrivacyKind(TokenName.literal), label: .untrusted,
                    confidence: 1, action: .token, isLiteral: true))
        }
        return marks
    }

    func block(_ mark: Mark) -> Concealed.Block {
        let detector = mark.detector.map { scanner.detectors[$0].id } ?? "external"
        return Concealed.Block(kind: mark.kind, label: mark.label, detector: detector)
    }

    /// The bytes of `range` with the places in it replaced. No place crosses its ends.
    func render(
        _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ places: [Mark], _ vault: TokenVault
    ) throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(range.count + 32)
        var position = range.lowerBound
        for mark in places {
            out += text[position..<mark.range.lowerBound]
            out += try replacement(of: mark, Array(text[mark.range]), vault)
            position = mark.range.upperBound
        }
        out += text[position..<range.upperBound]
        return out
    }

    func replacement(of mark: Mark, _ value: [UInt8], _ vault: TokenVault) throws(GatehouseError) -> [UInt8] {
        switch mark.action {
        case .allow: return value
        case .mask: return Mask.cover(value)
        case .redact, .block: return PrivacyFilter.redaction(mark.kind)
        case .token: return Array(try vault.token(for: value, kind: mark.kind).utf8)
        case .standIn:
            let detector = mark.detector.map { scanner.detectors[$0] }
            let invented = try vault.standIn(for: value, name: mark.kind.rawValue) { seed in
                StandIn(value: value, kind: mark.kind, detector: detector, isPlain: mark.isPlain).invent(seed)
            }
            return invented ?? PrivacyFilter.redaction(mark.kind)
        }
    }

    /// `[EMAIL]`.
    static func redaction(_ kind: PrivacyKind) -> [UInt8] { Array("[\(TokenName.name(of: kind))]".utf8) }
}
