import Core
import JSON

/// A change that is to be judged, by what can be counted of it.
struct ChangeProposal: Sendable {
    struct Fix: Sendable {
        let kind: String
        let severity: Severity?
        let isMajor: Bool
        let risks: Int
        /// `assessed`, `judged`; nil for one that nothing proves.
        let proof: String?
    }

    let fixes: [Fix]
    /// Of what it mends.
    let severities: [Severity]
    let isExploited: Bool
    /// The files of the diff, in its order.
    let files: [String]
    let linesAdded: Int
    let linesRemoved: Int
    /// Whether there is a diff to look at.
    let isShown: Bool

    init(_ json: JSON) {
        fixes = (json["fixes"]?.array ?? []).prefix(1000).map { fix in
            Fix(
                kind: fix["kind"]?.string ?? "",
                severity: fix["severity"]?.string.flatMap(Severity.init(rawValue:)),
                // What is not said is taken for the worse.
                isMajor: fix["major"]?.bool ?? true,
                // That tests are to be run is said of every upgrade.
                risks: max(0, (fix["risks"]?.array?.count ?? 0) - (fix["kind"]?.string == "upgrade" ? 1 : 0)),
                proof: fix["proof"]?.string ?? fix["proof"]?["kind"]?.string)
        }
        let mended = Set(
            (json["fixes"]?.array ?? []).prefix(1000).flatMap { $0["findings"].texts(most: 1000) })
        let findings = (json["findings"]?.array ?? []).prefix(1000).filter { finding in
            mended.isEmpty || finding["id"]?.string.map(mended.contains) == true
        }
        severities =
            fixes.compactMap(\.severity)
            + findings.compactMap { $0["severity"]?.string.flatMap(Severity.init(rawValue:)) }
        isExploited = findings.contains { $0["exploited_since"]?.string != nil }
        let diff = json["diff"]?.string.map { DiffCount($0) } ?? DiffCount(json["change"] ?? [:])
        (files, linesAdded, linesRemoved) = (diff.files, diff.added, diff.removed)
        isShown = !diff.files.isEmpty
    }

    var lines: Int { linesAdded + linesRemoved }
}

/// How much a unified diff changes. By its hunks' own counts, so that a changed line that looks like a header is none.
struct DiffCount {
    private static let mostFiles = 500
    private static let mostLines = 10_000_000

    private(set) var files: [String] = []
    private(set) var added = 0
    private(set) var removed = 0

    /// As ``json`` says it.
    init(_ json: JSON) {
        files = (json["files"]?.array ?? []).prefix(Self.mostFiles).compactMap(\.string)
        added = max(0, min(json["added"]?.int ?? 0, Self.mostLines))
        removed = max(0, min(json["removed"]?.int ?? 0, Self.mostLines))
    }

    var json: JSON {
        ["files": .array(files.map { .string($0) }), "added": JSON(added), "removed": JSON(removed)]
    }

    init(_ diff: String) {
        var (oldLeft, newLeft) = (0, 0)
        for line in diff.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if oldLeft > 0 || newLeft > 0 {
                switch line.first {
                case UInt8(ascii: "-"): (removed, oldLeft) = (removed + 1, oldLeft - 1)
                case UInt8(ascii: "+"): (added, newLeft) = (added + 1, newLeft - 1)
                case UInt8(ascii: "\\"): break
                default: (oldLeft, newLeft) = (oldLeft - 1, newLeft - 1)
                }
            } else if line.starts(with: "@@ ".utf8) {
                (oldLeft, newLeft) = Self.counts(line)
            } else if line.starts(with: "--- ".utf8) || line.starts(with: "+++ ".utf8) {
                note(line.dropFirst(4))
            }
        }
    }

    private mutating func note(_ name: Substring.UTF8View) {
        var path = Substring(name.prefix { $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r") })
        if path == "/dev/null" { return }
        if path.hasPrefix("a/") || path.hasPrefix("b/") { path = path.dropFirst(2) }
        if files.last != String(path), files.count < Self.mostFiles { files.append(String(path)) }
    }

    /// `@@ -1,2 +3 @@`: 2 and 1.
    private static func counts(_ header: Substring.UTF8View) -> (Int, Int) {
        let ranges = Substring(header).split(separator: " ").dropFirst().prefix(2)
        let counts = ranges.map { range -> Int in
            let parts = range.dropFirst().split(separator: ",")
            return parts.count > 1 ? min(max(Int(parts[1]) ?? 0, 0), Self.mostLines) : 1
        }
        return (counts.first ?? 0, counts.count > 1 ? counts[1] : 0)
    }
}
