import Core
import Formats
import JSON

/// An assessment as people and machines read it.
public struct AssessmentReport: Sendable {
    public enum Format: Sendable, Hashable {
        /// For a terminal of so many columns.
        case table(width: Int, color: Bool)
        case json, sarif, markdown, html
        /// What accepts these findings next time: see ``Baseline``.
        case baseline
        /// The packages and their flaws as a bill of materials: CycloneDX 1.6, SPDX 2.3.
        case cyclonedx, spdx
        /// What was found in packages, as OpenVEX statements.
        case openvex
        /// For requests: GitHub's annotations, GitLab's code quality, and a comment.
        case github, gitlab, comment

        /// `table`, `json`, `sarif`, `markdown`, `html`, `baseline`, `cyclonedx`, `spdx`, `openvex`, `github`, `gitlab`,
        /// `comment`.
        public init?(name: String, width: Int = 100, color: Bool = false) {
            switch name {
            case "table": self = .table(width: width, color: color)
            case "json": self = .json
            case "sarif": self = .sarif
            case "markdown": self = .markdown
            case "html": self = .html
            case "baseline": self = .baseline
            case "cyclonedx": self = .cyclonedx
            case "spdx": self = .spdx
            case "openvex": self = .openvex
            case "github": self = .github
            case "gitlab": self = .gitlab
            case "comment": self = .comment
            default: return nil
            }
        }

        public static let names = [
            "table", "json", "sarif", "markdown", "html", "baseline", "cyclonedx", "spdx", "openvex", "github",
            "gitlab",
            "comment",
        ]

        public var contentType: String {
            switch self {
            case .table, .github: "text/plain; charset=utf-8"
            case .json, .baseline, .openvex, .gitlab: "application/json"
            case .cyclonedx: "application/vnd.cyclonedx+json; version=1.6"
            case .spdx: "application/spdx+json"
            case .sarif: "application/sarif+json"
            case .markdown, .comment: "text/markdown; charset=utf-8"
            case .html: "text/html; charset=utf-8"
            }
        }

        public var fileExtension: String {
            switch self {
            case .table, .github: "txt"
            case .json, .baseline, .gitlab: "json"
            case .cyclonedx: "cdx.json"
            case .spdx: "spdx.json"
            case .openvex: "openvex.json"
            case .sarif: "sarif"
            case .markdown, .comment: "md"
            case .html: "html"
            }
        }
    }

    public let assessment: Assessment
    /// Of Gatehouse.
    public let version: String

    public init(_ assessment: Assessment, version: String) {
        self.assessment = assessment
        self.version = version
    }

    public func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .table(let width, let color): Array(TableReport(assessment, width: width, color: color).text.utf8)
        case .json: Self.lines(AssessmentDocument.json(assessment))
        case .baseline: Self.lines(Baseline.document(assessment))
        case .sarif: Self.lines(sarif.json)
        case .cyclonedx: Self.lines(bill.cycloneDX)
        case .spdx: Self.lines(bill.spdx)
        case .openvex:
            Self.lines(vex.openVEX(id: "https://gatehouse.invalid/vex/\(assessment.id)", time: assessment.finished))
        case .github: Array(AnnotationReport(assessment: assessment).text.utf8)
        case .gitlab: Self.lines(CodeQualityReport(assessment: assessment).json)
        case .comment: Array(CommentReport(assessment: assessment).text.utf8)
        case .markdown: Array(MarkdownReport(assessment).text.utf8)
        case .html: Array(HTMLReport(assessment, version: version).text.utf8)
        }
    }

    private static func lines(_ json: JSON) -> [UInt8] { Array(json.text(pretty: true).utf8) + [0x0A] }
}

extension Assessment {
    /// What reports list first: open, then accepted ones.
    var open: [Finding] { findings.filter { $0.state == .open } }
    var accepted: [Finding] { findings.filter { [.known, .suppressed, .accepted].contains($0.state) } }

    /// How files were found, in words.
    var listingText: String {
        switch (scope, listing) {
        case (.staged, _): "what is staged, and nothing else"
        case (.since(let commit), _): "what changed since \(commit.prefix(12)), and nothing else"
        case (.at(let commit), _): "files of the commit \(commit.prefix(12))"
        case (.whole, .git): "files that git lists"
        case (.whole, .folder): "files of the folder"
        case (.whole, .commit): "files of the newest commit"
        case (.whole, .image): "files of the layers of an image"
        }
    }

    /// "12 files, 3.4 MB, 801 lines".
    var volumeText: String {
        let (files, lines) = (inventory.total.files, inventory.total.lines)
        return "\(Self.counted(files, "file")), \(Self.size(inventory.total.bytes)), \(Self.counted(lines, "line"))"
    }

    var skippedText: String {
        inventory.skipped.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }.joined(
            separator: ", ")
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func size(_ bytes: Int64) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        var tenths = bytes / 100
        var unit = 0
        while tenths >= 10_000, unit < 3 {
            tenths /= 1000
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(["kB", "MB", "GB", "TB"][unit])"
    }
}

extension ToolRun {
    /// "bandit 1.9.4 (12 results)".
    var text: String {
        "\([tool, version].compactMap(\.self).joined(separator: " ")) (\(Assessment.counted(results, "result"))"
            + "\(isComplete ? "" : ", incomplete"))"
    }
}

extension Assessment.History {
    /// "31 past versions of files, 2.0 MB".
    var text: String { "\(Assessment.counted(blobs, "past version")) of files, \(Assessment.size(bytes))" }
}

extension Finding {
    /// Whether it lies at an address, and in no file.
    var isAtAddress: Bool { path.hasPrefix("https://") || path.hasPrefix("http://") }

    /// `path:line:column`.
    public var placeText: String { isAtAddress ? path : "\(path):\(start.line):\(start.column)" }

    /// Who saw it, where that is anyone but one scanner of our own: `gatehouse rule, bandit 1.9.4 B602`.
    public var sourcesText: String? {
        sources.isEmpty ? nil : sources.map(\.text).joined(separator: ", ")
    }

    /// The way from where something comes in to where it does harm, a line each; empty where nobody followed one.
    public var trace: [String] {
        (details?["trace"]?.array ?? []).compactMap { step in
            guard let line = step["line"]?.int, let text = step["text"]?.string else { return nil }
            return "\(line): \(text)"
        }
    }

    /// "due 2026-12-01", "overdue since 2026-11-01"; nil for what nobody waits for.
    func dueText(at time: Timestamp) -> String? {
        due.map { "\(isOverdue(at: time) ? "overdue since" : "due") \($0.description.prefix(10))" }
    }

    /// Why it is accepted, who answers for it, and how long that holds.
    var acceptanceText: String {
        var parts = [stateReason ?? ""]
        if let triage {
            if !triage.owner.isEmpty { parts.append("owner: \(triage.owner)") }
            if let risk = triage.risk { parts.append("risk: \(risk)") }
            if let justification = triage.justification { parts.append(justification.rawValue) }
            if let end = triage.expires { parts.append("until \(end.description.prefix(10))") }
            if !triage.approvers.isEmpty { parts.append("agreed: \(triage.approvers.joined(separator: ", "))") }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Where in time: nil while it is in the tree and no commit is known.
    var commitText: String? {
        guard let commit else { return isOnlyInHistory ? "only in history, in a commit that a merge brought in" : nil }
        let date = commit.authored.map { " of \($0.description.prefix(10))" } ?? ""
        return (isOnlyInHistory ? "only in history, since commit " : "since commit ") + commit.id.prefix(12) + date
    }
}
