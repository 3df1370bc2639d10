public import Core
public import JSON

/// What came of looking through a JSON value.
public struct ConcealedValue: Sendable {
    /// Nil: it passes as it is.
    public var value: JSON?
    /// Of what was found, whether it passes or not. A kind that is allowed by a rule of its own is nothing private.
    public var labels: Set<Label> = []
    public var blocked: Concealed.Block?

    public init() {}
}

extension PrivacyFilter {
    /// Looks through all texts of a value at once: a look has its price, however short the text.
    ///
    /// - Parameters:
    ///   - texts: of `value`.
    ///   - keepingTokens: whether what is spelled like a token stays, as it does in what somebody says who was given tokens.
    ///   - external: what others found in the texts.
    ///   - restored: tokens that were given back their values for this: the values become the tokens again wherever
    ///     they stand. Nil where none can have been; else values that have a token are not let through in the clear.
    /// - Throws: what ``PrivacyScanner/findings(in:)-([UInt8])`` throws, and `exhausted` where the vault is full. The value
    ///   was not inspected then, and must not pass.
    public func conceal(
        _ value: JSON, _ texts: ValueTexts, vault: TokenVault, keepingTokens: Bool,
        external: [PrivacyFinding] = [], restored: Set<String>? = nil
    ) throws(GatehouseError) -> ConcealedValue {
        try texts.bytes.span.bytes.withUnsafeBytes { (bytes) throws(GatehouseError) in
            var result = ConcealedValue()
            var candidates: [Candidate] = []
            do throws(GatehouseError) { candidates = try scanner.candidates(in: bytes) } catch {
                guard rules.rewritesSecretsOnly, error.code == .exhausted || error.code == .tooLarge else {
                    throw error
                }
                candidates = try scanner.secretCandidates(in: bytes)
                // What could not be looked at is taken for what it may be: it would pass in any case.
                result.labels = [.pii, .untrusted]
            }
            let found = marks(candidates, in: bytes, vault, keepingTokens: keepingTokens, external: external)
            let marks = restored.map { known($0, found, in: bytes, vault) } ?? found
            for mark in marks.changed + marks.allowed where isSure(mark) && !mark.isLiteral {
                if mark.action == .allow, rules.byKind[mark.kind] == .allow { continue }
                result.labels.insert(mark.label)
            }
            result.blocked = marks.changed.first { $0.action == .block }.map(block)
            guard result.blocked == nil, !marks.changed.isEmpty else { return result }
            result.value = texts.rewriting(value, try edits(of: texts, marks.changed, in: bytes, vault))
            return result
        }
    }

    /// What spans several texts is taken out of each of them.
    private func edits(
        of texts: ValueTexts, _ marks: [Mark], in bytes: UnsafeRawBufferPointer, _ vault: TokenVault
    ) throws(GatehouseError) -> [ValueTexts.Edit] {
        var edits: [ValueTexts.Edit] = []
        var next = 0
        for mark in marks {
            while next < texts.places.count, texts.places[next].upperBound <= mark.range.lowerBound { next += 1 }
            var index = next
            while index < texts.places.count, texts.places[index].lowerBound < mark.range.upperBound {
                let range = mark.range.clamped(to: texts.places[index])
                index += 1
                guard !range.isEmpty else { continue }
                let new =
                    range == mark.range
                    ? try replacement(of: mark, Array(bytes[range]), vault) : Self.redaction(mark.kind)
                edits.append(ValueTexts.Edit(range: range, bytes: new))
            }
        }
        return edits
    }

    /// The marks, with values that have a token made tokens again.
    private func known(
        _ restored: Set<String>, _ marks: Marks, in bytes: UnsafeRawBufferPointer, _ vault: TokenVault
    ) -> Marks {
        var all = marks.changed
        for var mark in marks.allowed {
            if vault.knownToken(for: Array(bytes[mark.range]), kind: mark.kind) != nil { mark.action = .token }
            all.append(mark)
        }
        for token in restored {
            guard let value = vault.value(of: token), value.count >= Self.shortestKnown else { continue }
            let kind = TokenName.kind(of: token)
            for range in Bytes.ranges(of: value, in: bytes) {
                all.append(
                    Mark(range: range, detector: nil, kind: kind, label: label(of: kind), confidence: 1, action: .token)
                )
            }
        }
        return Marks(all, in: bytes)
    }

    /// Of the values behind tokens, as far as their kinds tell.
    public func labels(of tokens: Set<String>) -> Set<Label> { Set(tokens.map { label(of: TokenName.kind(of: $0)) }) }

    private func label(of kind: PrivacyKind) -> Label {
        scanner.detectors.first { $0.kind == kind }?.label ?? .pii
    }

    /// Shorter values stand by chance in too many words.
    private static var shortestKnown: Int { 4 }
}

extension PrivacyRules {
    /// Whether nothing but secrets is ever changed.
    var rewritesSecretsOnly: Bool {
        otherwise == .allow && byKind.values.allSatisfy { $0 == .allow }
            && byLabel.allSatisfy { $0.key == .secret || $0.value == .allow }
    }

    /// Whether something becomes a token or a stand-in, which a session remembers.
    var remembers: Bool {
        let all = Array(byKind.values) + Array(byLabel.values) + [otherwise]
        return all.contains(.token) || all.contains(.standIn)
    }

    /// The rules with what one action would change let through.
    func passing(_ action: PrivacyAction) -> PrivacyRules {
        func passed(_ own: PrivacyAction) -> PrivacyAction { own == action ? .allow : own }
        return PrivacyRules(
            byKind: byKind.mapValues(passed), byLabel: byLabel.mapValues(passed), otherwise: passed(otherwise),
            minimumConfidence: minimumConfidence)
    }

    /// Labels of people's data that never passes these rules as it is. Not among them is what no detector can tell
    /// from its form: that a text is confidential.
    public var concealedLabels: Set<Label> {
        Set([Label.pii, .phi, .pci].filter { byLabel[$0] ?? otherwise != .allow })
    }
}
