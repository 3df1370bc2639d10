import Core
package import Gate
import JSON
package import Privacy

/// The gate's inspector of texts: looks for secrets, personal data and instructions in what goes to all tools and comes
/// back, by the rules for tools, with the detectors and the sessions' tokens that calls to models share.
///
/// What is found labels the action and its session. The answer to a `reveal` passes as it is: what it holds is its purpose.
package struct PrivacyInspector: Inspector {
    package let id = "privacy.texts"
    private let shared: SharedPrivacy

    package init(_ shared: SharedPrivacy) { self.shared = shared }

    /// From this score on, a text of a tool is suspected of giving instructions.
    private static let suspicion = 0.5
    /// Bytes of an answer's texts below which there is no room for an instruction.
    private static let shortest = 16

    /// - Throws: where a part could not be judged: what is not inspected does not pass.
    package func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
        let texts = ValueTexts(of: subject.value)
        guard !texts.bytes.isEmpty else { return InspectionResult() }
        let setup = shared.setup
        let external = try await found(by: setup.toolClassifiers, in: texts)
        let rule = setup.tools.rule(for: subject.tool)
        return switch subject.direction {
        case .request: try request(subject, texts, rule, external)
        case .answer: try answer(subject, texts, rule, external)
        }
    }

    private func found(by classifiers: Classifiers, in texts: ValueTexts) async throws -> [PrivacyFinding] {
        guard !classifiers.isEmpty else { return [] }
        return try await classifiers.ask(about: [texts.bytes]).findings(in: texts.bytes)
    }

    /// Tokens in what a caller says were given to it. Target and reason keep them.
    private func request(
        _ subject: InspectionSubject, _ texts: ValueTexts, _ rule: ToolPrivacy.Rule, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> InspectionResult {
        let vault = shared.vault(of: subject.sessionID, for: rule)
        let seen = try rule.requestFilter.conceal(
            subject.value, texts, vault: vault, keepingTokens: true, external: external)
        var result = InspectionResult(seen)
        guard rule.restores, seen.blocked == nil, case .object(var request) = seen.value ?? subject.value,
            let restored = TokenRestorer.restore(request["arguments"] ?? [:], from: vault)
        else { return result }
        request["arguments"] = restored.value
        result.rewritten = .object(request)
        result.restored = restored.tokens
        result.labels.formUnion(rule.filter.labels(of: restored.tokens))
        return result
    }

    /// Where tokens are given out, one that stands in an answer already is what somebody planted or typed.
    private func answer(
        _ subject: InspectionSubject, _ texts: ValueTexts, _ rule: ToolPrivacy.Rule, _ external: [PrivacyFinding]
    ) throws(GatehouseError) -> InspectionResult {
        let seen = try rule.filter.conceal(
            subject.value, texts, vault: shared.vault(of: subject.sessionID, for: rule),
            keepingTokens: !rule.remembers, external: external, restored: rule.restores ? subject.restored : nil)
        var result = InspectionResult(seen)
        if subject.effect == .reveal { (result.rewritten, result.blocked) = (nil, nil) }
        if try instructs(subject.value, texts) { result.labels.insert(.untrusted) }
        return result
    }

    /// Whether one of the texts reads like instructions to a model. All together are looked at first, which is cheap and
    /// finds more than there is.
    private func instructs(_ value: JSON, _ texts: ValueTexts) throws(GatehouseError) -> Bool {
        guard texts.bytes.count >= Self.shortest else { return false }
        // Where it cannot be looked at whole, it is not trusted.
        guard let whole = try? shared.injections.assess(texts.bytes) else { return true }
        guard whole.score >= Self.suspicion / 2 else { return false }
        for text in texts.all where text.count >= Self.shortest {
            if try shared.injections.assess(text).score >= Self.suspicion { return true }
        }
        return false
    }
}

extension InspectionResult {
    fileprivate init(_ seen: ConcealedValue) {
        self.init(labels: seen.labels, rewritten: seen.value, blocked: seen.blocked?.description)
    }
}
