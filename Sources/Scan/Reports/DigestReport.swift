import Core
import JSON
import Web

/// A digest as people and machines read it.
public struct DigestReport: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case markdown, html, json

        public var contentType: String {
            switch self {
            case .markdown: "text/markdown; charset=utf-8"
            case .html: "text/html; charset=utf-8"
            case .json: "application/json"
            }
        }
    }

    private let digest: FindingsDigest
    private let version: String

    public init(_ digest: FindingsDigest, version: String) {
        self.digest = digest
        self.version = version
    }

    public func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .markdown: Array(markdown.utf8)
        case .html: Array(html.utf8)
        case .json: Array(json.text(pretty: true).utf8) + [0x0A]
        }
    }

    private var title: String { "Findings, \(Self.day(digest.since)) to \(Self.day(digest.until))" }

    /// "3 new, 2 fixed, 1 overdue".
    private var summary: String {
        let counts = FindingsDigest.Section.allCases.compactMap { section -> String? in
            let total = digest.total(section)
            return total == 0 ? nil : "\(total) \(Self.word(section))"
        }
        let unchecked = digest.repositories.reduce(0) { $0 + $1.uncheckedCount }
        var all = counts + (unchecked == 0 ? [] : ["\(unchecked) could not be checked"])
        if digest.repositoriesCut > 0 { all.append("\(digest.repositoriesCut) more repositories are not told about") }
        return all.isEmpty ? "Nothing new." : all.joined(separator: ", ") + "."
    }

    private static func word(_ section: FindingsDigest.Section) -> String {
        switch section {
        case .exploited: "newly known to be exploited"
        case .overdue: "overdue"
        case .new: "new"
        case .reopened: "open again"
        case .expiring: "acceptances end soon"
        case .fixed: "fixed"
        }
    }

    private static func day(_ time: Timestamp) -> String { String(time.description.prefix(10)) }

    private static func open(_ repository: FindingsDigest.Repository) -> String {
        let counts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = repository.open[severity] ?? 0
            return count == 0 ? nil : "\(count) \(severity.rawValue)"
        }
        return
            "Open: \(counts.isEmpty ? "none" : counts.joined(separator: ", ")). Assessed \(day(repository.assessed))."
    }

    private var quiet: [FindingsDigest.Repository] { digest.repositories.filter(\.isQuiet) }

    // MARK: - Markdown

    private var markdown: String {
        var lines = ["# \(title)", "", summary, ""]
        for repository in digest.repositories where !repository.isQuiet {
            lines += ["## \(MarkdownReport.escaped(repository.name))", "", Self.open(repository), ""]
            for section in FindingsDigest.Section.allCases { lines += markdown(section, repository) }
            lines += markdownUnchecked(repository)
        }
        if !quiet.isEmpty {
            lines += ["## Nothing new", ""]
            lines += quiet.map { "- \(MarkdownReport.escaped($0.name)): \(Self.open($0))" } + [""]
        }
        return lines.joined(separator: "\n")
    }

    private func markdown(_ section: FindingsDigest.Section, _ repository: FindingsDigest.Repository) -> [String] {
        guard let found = repository.lines[section], let total = repository.totals[section] else { return [] }
        var lines = ["### \(section.title) (\(total))", ""]
        for line in found {
            let note = line.note.isEmpty ? "" : ", \(MarkdownReport.escaped(line.note))"
            lines.append(
                "- **\(line.severity.rawValue)**, \(line.tier.word): \(MarkdownReport.escaped(line.title)) in "
                    + "\(MarkdownReport.code(line.path))\(note) (`\(line.id)`)")
        }
        if total > found.count { lines.append("- … and \(total - found.count) more") }
        return lines + [""]
    }

    private func markdownUnchecked(_ repository: FindingsDigest.Repository) -> [String] {
        guard repository.uncheckedCount > 0 else { return [] }
        var lines = ["### Could not check (\(repository.uncheckedCount))", ""]
        lines += repository.unchecked.map { place in
            "- \(place.path.isEmpty ? "" : MarkdownReport.code(place.path) + ": ")\(MarkdownReport.escaped(place.detail))"
        }
        let rest = repository.uncheckedCount - repository.unchecked.count
        if rest > 0 { lines.append("- … and \(rest) more") }
        return lines + [""]
    }

    // MARK: - HTML

    private var html: String {
        var body = "<h1>\(title)</h1>\n<p class=\"facts\">\(summary)</p>\n"
        for repository in digest.repositories where !repository.isQuiet {
            body += "<h2>\(MarkupEscape.text(repository.name))</h2>\n<p class=\"facts\">\(Self.open(repository))</p>\n"
            for section in FindingsDigest.Section.allCases { body += html(section, repository) }
            body += htmlUnchecked(repository)
        }
        if !quiet.isEmpty {
            let names = quiet.map { "<li>\(MarkupEscape.text($0.name)): \(Self.open($0))</li>" }
            body += "<h2>Nothing new</h2>\n<ul>\(names.joined(separator: "\n"))</ul>\n"
        }
        return HTMLFrame.page(title: title, body: body, footer: "Gatehouse \(version) · \(digest.until)")
    }

    private func html(_ section: FindingsDigest.Section, _ repository: FindingsDigest.Repository) -> String {
        guard let found = repository.lines[section], let total = repository.totals[section] else { return "" }
        let rows = found.map { line in
            """
            <tr><td><span class="mark \(line.severity.rawValue)">\(line.severity.rawValue)</span></td>
            <td>\(line.tier.word)</td><td>\(MarkupEscape.text(line.title))<br>
            <code class="excerpt">\(MarkupEscape.text(line.path))</code></td><td>\(MarkupEscape.text(line.note))</td>
            <td class="id"><code>\(MarkupEscape.text(line.id))</code></td></tr>
            """
        }
        let rest = total > found.count ? "<p>… and \(total - found.count) more</p>" : ""
        return """
            <h3>\(section.title) (\(total))</h3>
            <table><thead><tr><th>Severity</th><th>When</th><th>What and where</th><th></th><th></th></tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>\(rest)

            """
    }

    private func htmlUnchecked(_ repository: FindingsDigest.Repository) -> String {
        guard repository.uncheckedCount > 0 else { return "" }
        let rows = repository.unchecked.map { place in
            "<tr><td><code>\(MarkupEscape.text(place.path))</code></td><td>\(MarkupEscape.text(place.detail))</td></tr>"
        }
        let rest = repository.uncheckedCount - repository.unchecked.count
        return """
            <h3>Could not check (\(repository.uncheckedCount))</h3>
            <table><tbody>\(rows.joined(separator: "\n"))</tbody></table>\(rest > 0 ? "<p>… and \(rest) more</p>" : "")

            """
    }

    // MARK: - JSON

    private var json: JSON {
        [
            "schema": "gatehouse.digest/1", "since": .string(digest.since.description),
            "until": .string(digest.until.description), "repositories_cut": JSON(digest.repositoriesCut),
            "repositories": .array(digest.repositories.map(Self.json)),
        ]
    }

    private static func json(_ repository: FindingsDigest.Repository) -> JSON {
        var json: JSON = [
            "repository": .string(repository.name), "assessed": .string(repository.assessed.description),
            "open": .object(
                JSONObject(Severity.allCases.reversed().map { ($0.rawValue, JSON(repository.open[$0] ?? 0)) })),
            "could_not_check_count": JSON(repository.uncheckedCount),
            "could_not_check": .array(
                repository.unchecked.map {
                    ["path": .string($0.path), "reason": .string($0.reason.rawValue), "detail": .string($0.detail)]
                }),
        ]
        for section in FindingsDigest.Section.allCases {
            json[section.rawValue] = [
                "total": JSON(repository.totals[section] ?? 0),
                "findings": .array((repository.lines[section] ?? []).map(Self.json)),
            ]
        }
        return json
    }

    private static func json(_ line: FindingsDigest.Line) -> JSON {
        [
            "id": .string(line.id), "severity": .string(line.severity.rawValue), "priority": .string(line.tier.word),
            "title": .string(line.title), "path": .string(line.path), "note": .string(line.note),
        ]
    }
}
