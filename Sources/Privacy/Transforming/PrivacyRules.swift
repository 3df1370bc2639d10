public import Core

/// Which action a finding gets: by its kind, else by its label, else the general one.
public struct PrivacyRules: Sendable, Hashable {
    public var byKind: [PrivacyKind: PrivacyAction]
    public var byLabel: [Label: PrivacyAction]
    public var otherwise: PrivacyAction
    /// Findings that are less sure are counted and left alone.
    public var minimumConfidence: Double

    public init(
        byKind: [PrivacyKind: PrivacyAction] = [:], byLabel: [Label: PrivacyAction] = [:],
        otherwise: PrivacyAction = .allow, minimumConfidence: Double = 0.5
    ) {
        self.byKind = byKind
        self.byLabel = byLabel
        self.otherwise = otherwise
        self.minimumConfidence = minimumConfidence
    }

    /// Secrets are redacted; personal, health and card data become tokens. Dates that are nobody's birth and plain web
    /// addresses stay, since a model can do little without them; what stands inside an address (a password, a key, an
    /// e-mail address, a number of a card) is found for itself.
    public static let `default` = PrivacyRules(
        byKind: [.date: .allow, .url: .allow],
        byLabel: [.secret: .redact, .pci: .token, .pii: .token, .phi: .token, .confidential: .redact])

    public func action(for finding: PrivacyFinding) -> PrivacyAction {
        action(finding.kind, finding.label, finding.confidence)
    }

    func action(_ kind: PrivacyKind, _ label: Label, _ confidence: Double) -> PrivacyAction {
        guard confidence >= minimumConfidence else { return .allow }
        return byKind[kind] ?? byLabel[label] ?? otherwise
    }
}
