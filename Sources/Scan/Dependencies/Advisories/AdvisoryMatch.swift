public import Core
public import Formats

/// A package and a flaw that its version has, under all the names that databases give it.
public struct AdvisoryMatch: Sendable, Hashable {
    /// The CVE where there is one, else the first of the names.
    public var id: String
    /// All names, in their order, `id` among them.
    public var names: [String]
    /// The advisories that say so, in the order of their ids.
    public var records: [AdvisoryRecord]
    /// The least version without the flaw, by all of them; nil where none is published.
    public var fix: String?
    public var symbols: [OSVAffected.Symbols]
    /// The one with the greatest score; nil where no advisory has a vector that can be read.
    public var cvss: CVSS?
    /// By the vector, else by the word of a database; nil where neither is given.
    public var severity: Severity?

    /// Names that CVE gave.
    public var cves: [String] { names.filter { $0.hasPrefix("CVE-") } }
    public var summary: String { records.first { !$0.summary.isEmpty }?.summary ?? "" }
    public var reference: String? { records.compactMap(\.reference).first }
}

/// What an advisory says of one package whose version it affects.
struct AdvisoryHit: Sendable {
    var record: AdvisoryRecord
    var affected: OSVAffected
    var fix: String?
}

extension AdvisoryMatch {
    /// One match for each flaw: advisories that share a name are about the same.
    static func merged(
        _ hits: [AdvisoryHit], scheme: VersionScheme?, _ scores: inout VectorScores
    ) -> [AdvisoryMatch] {
        var groups: [(names: Set<String>, hits: [AdvisoryHit])] = []
        for hit in hits {
            var (names, joined) = (Set(hit.record.aliases + [hit.record.id]), [hit])
            groups.removeAll { group in
                guard !group.names.isDisjoint(with: names) else { return false }
                names.formUnion(group.names)
                joined += group.hits
                return true
            }
            groups.append((names, joined))
        }
        return groups.map { AdvisoryMatch(names: $0.names, $0.hits, scheme, &scores) }.sorted { $0.id < $1.id }
    }

    private init(
        names: Set<String>, _ hits: [AdvisoryHit], _ scheme: VersionScheme?, _ scores: inout VectorScores
    ) {
        let sorted = names.sorted()
        let hits = hits.sorted { $0.record.id < $1.record.id }
        self.names = sorted
        id = sorted.first { $0.hasPrefix("CVE-") } ?? sorted.first ?? ""
        records = hits.reduce(into: []) { if $0.last?.id != $1.record.id { $0.append($1.record) } }
        fix = Self.fix(hits, scheme)
        symbols = hits.flatMap(\.affected.symbols)
        let vectors = hits.flatMap { $0.affected.vectors + $0.record.vectors }
        cvss = vectors.compactMap { scores[$0] }.max { $0.scores.overall < $1.scores.overall }
        severity = cvss?.severity ?? hits.compactMap { Self.severity($0.record.severityWord) }.max()
    }

    /// The greatest of what each asks for; one that has no fix does not undo what another knows.
    private static func fix(_ hits: [AdvisoryHit], _ scheme: VersionScheme?) -> String? {
        let fixes = hits.compactMap(\.fix)
        guard let scheme else { return fixes.first }
        return fixes.max { scheme.compare($0, $1) == .less }
    }

    private static func severity(_ word: String?) -> Severity? {
        switch word?.uppercased() {
        case "LOW": .low
        case "MODERATE", "MEDIUM": .medium
        case "HIGH", "IMPORTANT": .high
        case "CRITICAL": .critical
        default: nil
        }
    }
}
