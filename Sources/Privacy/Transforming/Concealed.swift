public import Core

/// What came of concealing a text.
public struct Concealed: Sendable, Hashable {
    /// How often an action was applied to a kind. Findings that were allowed are counted too.
    public struct Applied: Sendable, Hashable {
        public var kind: PrivacyKind
        public var action: PrivacyAction
        public var count: Int

        public init(kind: PrivacyKind, action: PrivacyAction, count: Int) {
            self.kind = kind
            self.action = action
            self.count = count
        }
    }

    /// Why a text does not pass at all.
    public struct Block: Sendable, Hashable, CustomStringConvertible {
        public var kind: PrivacyKind
        public var label: Label
        /// The id of the detector.
        public var detector: String

        public var description: String { "a text holds \(kind), which may not pass" }
    }

    /// What may pass; nil: the text as it is. Empty where ``blocked`` is set.
    public var text: [UInt8]?
    /// Of all findings that are sure enough for a rule, allowed ones included.
    public var labels: Set<Label> = []
    /// By kind and action.
    public var applied: [Applied] = []
    /// Of what passes although it is private: it was let through by a label's rule or the general one. A kind that is
    /// allowed by a rule of its own is nothing private.
    public var remaining: Set<Label> = []
    public var blocked: Block?

    public init(
        text: [UInt8]? = nil, labels: Set<Label> = [], applied: [Applied] = [], remaining: Set<Label> = [],
        blocked: Block? = nil
    ) {
        self.text = text
        self.labels = labels
        self.applied = applied
        self.remaining = remaining
        self.blocked = blocked
    }
}

/// Adds up what was applied, over one text or the pieces of one.
struct AppliedTally: Sendable {
    private struct Key: Hashable {
        var kind: PrivacyKind
        var action: PrivacyAction
    }

    private var counts: [Key: Int] = [:]
    private(set) var labels: Set<Label> = []
    private(set) var remaining: Set<Label> = []

    mutating func add(_ mark: Mark, by filter: PrivacyFilter) {
        // What only looked like a token is nothing private.
        guard !mark.isLiteral else { return }
        counts[Key(kind: mark.kind, action: mark.action), default: 0] += 1
        guard filter.isSure(mark) else { return }
        labels.insert(mark.label)
        if mark.action == .allow, filter.rules.byKind[mark.kind] != .allow { remaining.insert(mark.label) }
    }

    mutating func withheld(_ kind: PrivacyKind, _ label: Label) {
        counts[Key(kind: kind, action: .redact), default: 0] += 1
        labels.insert(label)
    }

    var applied: [Concealed.Applied] {
        counts.map { Concealed.Applied(kind: $0.key.kind, action: $0.key.action, count: $0.value) }
            .sorted { ($0.kind, $0.action) < ($1.kind, $1.action) }
    }
}
