import Core
import Privacy

/// What to do first, and why in words. A table, not a weighted sum: the first row that fits decides.
public struct Priority: Sendable, Hashable {
    public enum Tier: Int, Sendable, Hashable, Comparable, CaseIterable {
        case now = 1
        case soon, planned, later

        public static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }

        public var word: String {
            switch self {
            case .now: "now"
            case .soon: "soon"
            case .planned: "planned"
            case .later: "later"
            }
        }

        init?(word: String) {
            guard let match = Tier.allCases.first(where: { $0.word == word }) else { return nil }
            self = match
        }
    }

    public var tier: Tier
    public var reason: String

    /// What the table looks at.
    struct Facts {
        var severity: Severity
        var confidence: Confidence
        var isVerified: Bool
        var validity: Validity?
        var isOnlyInHistory: Bool
        var isTest: Bool
        var reach = Reach.anywhere
    }

    private struct Row {
        var severity: Severity = .info
        var confidence: Confidence = .low
        var verified: Bool?
        var validity: Validity?
        var onlyInHistory: Bool?
        var test: Bool?
        var reach: Reach?
        var tier: Tier
        var reason: String

        func fits(_ facts: Facts) -> Bool {
            facts.severity >= severity && facts.confidence >= confidence
                && (verified ?? facts.isVerified) == facts.isVerified
                && (validity == nil || validity == facts.validity)
                && (onlyInHistory ?? facts.isOnlyInHistory) == facts.isOnlyInHistory
                && (test ?? facts.isTest) == facts.isTest
                && (reach ?? facts.reach) == facts.reach
        }
    }

    /// Severity and confidence are at least; an empty field fits all.
    private static let table: [Row] = [
        Row(validity: .active, tier: .now, reason: "its issuer says that it opens something now"),
        Row(validity: .revoked, tier: .later, reason: "its issuer knows it no more"),
        Row(
            reach: .nowhere, tier: .later,
            reason: "its host is one that documentation uses, so it opens nothing as it stands"),
        Row(
            severity: .high, confidence: .medium, onlyInHistory: false, test: false, reach: .ownMachine, tier: .planned,
            reason: "its host is the machine itself: whoever is on it gets in, nobody from outside"),
        Row(
            severity: .high, confidence: .medium, onlyInHistory: false, test: false, reach: .ownNetwork, tier: .soon,
            reason: "its host is a name inside one network: it opens much there, and nothing from outside"),
        Row(
            severity: .high, verified: true, onlyInHistory: false, test: false, tier: .now,
            reason: "its form proves it real, it opens much, and it is in the tree"),
        Row(
            severity: .high, confidence: .high, onlyInHistory: false, test: false, tier: .now,
            reason: "an unmistakable format that opens much, in the tree"),
        Row(
            severity: .high, confidence: .high, onlyInHistory: true, test: false, tier: .soon,
            reason: "gone from the tree but readable in the history: it still opens much until it is revoked"),
        Row(
            severity: .high, verified: true, tier: .soon,
            reason: "its form proves it real, though it lies among tests or examples"),
        Row(
            severity: .high, confidence: .medium, test: false, tier: .soon,
            reason: "likely real, and it would open much"),
        Row(
            severity: .medium, confidence: .high, test: false, tier: .soon,
            reason: "an unmistakable format with a narrower reach"),
        Row(
            severity: .medium, confidence: .medium, test: false, tier: .planned,
            reason: "likely real, with a narrower reach"),
        Row(
            severity: .medium, confidence: .medium, test: true, tier: .planned,
            reason: "among tests or examples: make sure that it is made up"),
        Row(tier: .later, reason: "little is certain or little would be lost: look at it once"),
    ]

    init(_ facts: Facts) {
        let row = Self.table.first { $0.fits(facts) }
        tier = row?.tier ?? .later
        reason = row?.reason ?? ""
    }

    init(tier: Tier, reason: String) {
        self.tier = tier
        self.reason = reason
    }
}
