/// What one model has that another has not.
public struct ModelDifference: Sendable, Hashable {
    public struct Parts: Sendable, Hashable {
        /// Ids.
        public var added: [String] = []
        public var removed: [String] = []
        public var changed: [Change] = []

        public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
    }

    public struct Change: Sendable, Hashable {
        public var id: String
        /// In words: `open, was mitigated`.
        public var what: String
    }

    public var elements = Parts()
    public var entryPoints = Parts()
    public var flows = Parts()
    public var threats = Parts()
    public var before: RiskScore
    public var after: RiskScore

    public var points: Int { after.points - before.points }
    public var isEmpty: Bool { elements.isEmpty && entryPoints.isEmpty && flows.isEmpty && threats.isEmpty }

    init(from old: ThreatModel, to new: ThreatModel) {
        before = old.score
        after = new.score
        elements = Self.parts(old.elements, new.elements, id: \.id) {
            Self.words($0.traits, $1.traits, $0.boundary != $1.boundary)
        }
        flows = Self.parts(old.flows, new.flows, id: \.id) { Self.words($0.traits, $1.traits, false) }
        entryPoints = Self.parts(old.entryPoints, new.entryPoints, id: \.id) { old, new in
            if old.isPublic != new.isPublic { return new.isPublic ? "now public" : "no longer public" }
            if old.isGuarded != new.isGuarded { return new.isGuarded == true ? "now guarded" : "no longer guarded" }
            return nil
        }
        threats = Self.parts(old.threats, new.threats, id: \.id) { old, new in
            if old.standing != new.standing { return "\(new.standing.rawValue), was \(old.standing.rawValue)" }
            if old.risk.value != new.risk.value { return "risk \(new.risk.value), was \(old.risk.value)" }
            return nil
        }
    }

    /// - Parameter change: what differs, in words; nil for nothing that counts. Lines that moved do not.
    private static func parts<Part>(
        _ old: [Part], _ new: [Part], id: (Part) -> String, change: (Part, Part) -> String?
    ) -> Parts {
        let before = Dictionary(old.map { (id($0), $0) }) { first, _ in first }
        let after = Dictionary(new.map { (id($0), $0) }) { first, _ in first }
        var parts = Parts()
        parts.added = after.keys.filter { before[$0] == nil }.sorted()
        parts.removed = before.keys.filter { after[$0] == nil }.sorted()
        for (key, value) in after.sorted(by: { $0.key < $1.key }) {
            if let earlier = before[key], let what = change(earlier, value) {
                parts.changed.append(Change(id: key, what: what))
            }
        }
        return parts
    }

    private static func words(_ old: Traits, _ new: Traits, _ hasMoved: Bool) -> String? {
        var words = new.known.filter { !old.has($0) }.map { "+ \($0.words)" }
        words += old.known.filter { !new.has($0) }.map { "- \($0.words)" }
        if hasMoved { words.append("in another boundary") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

/// What a model is compared with, or why it is not.
public enum Comparison: Sendable, Hashable {
    /// - Parameter commit: whose files the earlier model is of.
    case made(ModelDifference, commit: String)
    case none(reason: String)
}
