/// Finds what a text names: things of the gazetteers, and what is told by its form. Makes one pass over the text for
/// each, and keeps of what overlaps the longest.
public struct SlotTagger: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Bytes of a text; what comes after is not looked at.
        public var bytes = 4096

        public init() {}
    }

    /// The usual names of environments, where no gazetteer of that name is given.
    public static let environments = Gazetteer(
        "environment",
        [
            Gazetteer.Entry("production", aliases: ["prod", "prd"]),
            Gazetteer.Entry("staging", aliases: ["stage", "stg"]),
            Gazetteer.Entry("preproduction", aliases: ["preprod"]), Gazetteer.Entry("development", aliases: ["dev"]),
            Gazetteer.Entry("test", aliases: ["testing"]), Gazetteer.Entry("qa"), Gazetteer.Entry("uat"),
        ])

    private let matchers: [GazetteerMatcher]
    private let cues: [String: String]
    private let identifiers: [String: String]
    private let limits: Limits

    /// - Parameters:
    ///   - gazetteers: where one name is in several, the first comes first.
    ///   - identifiers: what the prefixes of ids stand for: `["act": "action"]` for `act_01jd4k3v8m7qk2x9s0c5t6w8yz`.
    public init(
        _ gazetteers: [Gazetteer] = [],
        identifiers: [String: String] = ["act": "action", "fnd": "finding", "apr": "approval"],
        limits: Limits = Limits()
    ) {
        let hasEnvironments = gazetteers.contains { $0.name == Self.environments.name }
        let usual = hasEnvironments ? [] : [Self.environments]
        matchers = [
            GazetteerMatcher(gazetteers, needsCue: []), GazetteerMatcher(usual, needsCue: Set(usual.map(\.name))),
        ]
        var cues: [String: String] = [:]
        for (name, words) in Cues.byName.sorted(by: { $0.key < $1.key }) { for word in words { cues[word] = name } }
        for gazetteer in gazetteers { for word in Cues.words(for: gazetteer) { cues[word] = gazetteer.name } }
        self.cues = cues
        self.identifiers = identifiers
        self.limits = limits
    }

    /// In their order, none over another.
    public func slots(in text: some StringProtocol) -> [Slot] {
        let text = SlotText(text, limit: limits.bytes)
        let amounts = Amounts(text: text)
        var found = matchers.flatMap { $0.slots(in: text) }
        found += amounts.slots()
        found += Times(text: text, amounts: amounts).slots()
        found += Names(text: text, identifiers: identifiers).slots()
        found += Severities(text: text).slots()
        found += Context(text: text, cues: cues).slots()
        return Self.apart(found)
    }

    /// The longest first; of those as long, the surest, and of those as sure, the one that was found first.
    private static func apart(_ found: [Slot]) -> [Slot] {
        let order = found.indices.sorted { a, b in
            let (left, right) = (found[a], found[b])
            if left.range.count != right.range.count { return left.range.count > right.range.count }
            return left.confidence != right.confidence ? left.confidence > right.confidence : a < b
        }
        var kept: [Slot] = []
        for index in order where !kept.contains(where: { $0.range.overlaps(found[index].range) }) {
            kept.append(found[index])
        }
        return kept.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}
