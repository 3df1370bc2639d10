import Core
import JSON

/// A part of a document. One that has nothing to say is left out, save gaps: that there are none is said.
enum DocumentSection {
    case summary, risk, timeline, ranked, findings, controls, changes, council, decisions, plan, sources, digest, gaps

    private static let mostRows = 200

    /// Lines of Markdown, with a heading; none where there is nothing to say.
    func lines(_ content: DocumentContent) -> [String] {
        switch self {
        case .summary: summary(content)
        case .risk: risk(content)
        case .timeline: section("Timeline", timeline(content))
        case .ranked: section("What matters most", ranked(content))
        case .findings: section("Open findings", findings(content))
        case .controls: section("Controls", ControlTable(content.findings, framework: content.framework).lines)
        case .changes: section("Fixes", changes(content))
        case .council: section("What the council says", council(content))
        case .decisions: section("Decisions", decisions(content))
        case .plan: section("What is to be done", plan(content))
        case .sources: section("What is known elsewhere", sources(content))
        case .digest: DigestLines(content.digest).lines
        case .gaps: section("What is not known", gaps(content))
        }
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["## \(title)", ""] + lines + [""]
    }

    private func text(_ json: JSON?) -> String { Markdown.escaped(json?.string ?? "") }

    /// A word on rows that are left out.
    private func rest(_ count: Int) -> [String] {
        count > Self.mostRows ? ["", "… and \(count - Self.mostRows) more."] : []
    }

    // MARK: - The whole

    private func summary(_ content: DocumentContent) -> [String] {
        var lines: [String] = []
        if !content.subject.isEmpty { lines.append("Subject: \(Markdown.code(content.subject)).") }
        if !content.summary.isEmpty { lines.append(Markdown.escaped(content.summary, most: 8000)) }
        if !content.findings.isEmpty {
            lines.append("Open findings: \(content.counts.isEmpty ? "none" : content.counts).")
        }
        if let first = content.timeline.first, let last = content.timeline.last, content.timeline.count > 1 {
            lines.append(
                "From \(first.shownTime) to \(last.shownTime) UTC, \(content.timeline.count) events.")
        }
        return section("Summary", lines.flatMap { [$0, ""] }.dropLast())
    }

    private func risk(_ content: DocumentContent) -> [String] {
        guard let level = content.risk["level"]?.string else { return [] }
        var lines = ["**\(Markdown.escaped(level, most: 20))**, \(content.risk["score"]?.int ?? 0) points."]
        let because = content.risk["because"].texts(most: 10)
        if !because.isEmpty { lines += ["", "The worst of it: \(Markdown.escaped(because.joined(separator: "; ")))."] }
        return section("Risk", lines)
    }

    private func gaps(_ content: DocumentContent) -> [String] {
        guard !content.gaps.isEmpty else { return ["Nothing that was noticed."] }
        return content.gaps.prefix(Gap.most).map { gap in
            let about = gap.about.isEmpty ? "" : "\(Markdown.code(gap.about)): "
            return "- \(about)\(Markdown.escaped(gap.reason))"
        } + (content.gaps.count > Gap.most ? ["- … and \(content.gaps.count - Gap.most) more"] : [])
    }

    // MARK: - Findings

    private func timeline(_ content: DocumentContent) -> [String] {
        guard !content.timeline.isEmpty else { return [] }
        let rows = content.timeline.map { event in
            [
                event.shownTime, Markdown.escaped(event.what), Markdown.escaped(event.who ?? ""),
                Markdown.escaped(event.source ?? ""),
            ]
        }
        return Markdown.table(["Time (UTC)", "What", "Who", "Source"], rows)
    }

    private func ranked(_ content: DocumentContent) -> [String] {
        let first = content.ranked.prefix(10)
        guard !first.isEmpty else { return [] }
        return first.enumerated().map { index, risk in
            let path = risk["path"]?.string.map { " in \(Markdown.code($0))" } ?? ""
            let because = Markdown.escaped(risk["because"].texts(most: 10).joined(separator: "; "))
            return "\(index + 1). **\(text(risk["level"]))**: \(text(risk["title"]))\(path): \(because)"
        }
    }

    private func findings(_ content: DocumentContent) -> [String] {
        guard !content.open.isEmpty else { return [] }
        let rows = content.open.prefix(Self.mostRows).map { finding in
            [
                Markdown.escaped(finding.severity.rawValue), Markdown.escaped(finding.priority),
                "\(Markdown.escaped(finding.title)) (\(Markdown.code(finding.rule)))", Markdown.code(finding.place),
                Markdown.escaped(String((finding.due ?? "").prefix(10))), Markdown.code(finding.id),
            ]
        }
        return Markdown.table(["Severity", "When", "What", "Where", "Due", "Finding"], rows) + rest(content.open.count)
    }

    private func sources(_ content: DocumentContent) -> [String] {
        guard !content.entries.isEmpty else { return [] }
        let rows = content.entries.prefix(Self.mostRows).map { entry in
            let source = entry["source"]
            let words = [
                source?["name"]?.string, source?["url"]?.string,
                source?["as_of"]?.string.map { "as of \($0.prefix(10))" },
            ]
            return [
                Markdown.code(entry["about"]?.string ?? ""), text(entry["says"]),
                Markdown.escaped(words.compactMap(\.self).joined(separator: ", ")),
            ]
        }
        return Markdown.table(["About", "What", "Source"], rows) + rest(content.entries.count)
    }

    // MARK: - What is done

    private func changes(_ content: DocumentContent) -> [String] {
        var lines =
            content.fixes.prefix(Self.mostRows).map { fix in
                let reasons = fix["reasons"].texts(most: 10)
                let state =
                    fix["safe"]?.bool == true
                    ? "safe" : "for a person to look at: \(Markdown.escaped(reasons.joined(separator: "; ")))"
                return
                    "- \(text(fix["title"])) (\(fix["files"].texts(most: 10).map { Markdown.code($0) }.joined(separator: ", "))): \(state)"
            } + rest(content.fixes.count)
        if !content.left.isEmpty {
            lines += lines.isEmpty ? [] : [""]
            lines += ["No fix is known for:", ""]
            lines += content.left.prefix(50).map { left in
                "- \(Markdown.code(left["rule"]?.string ?? "")) in \(Markdown.code(left["path"]?.string ?? "")): \(text(left["reason"]))"
            }
        }
        return lines
    }

    private func council(_ content: DocumentContent) -> [String] {
        let votes = content.council["votes"]?.array ?? []
        guard !votes.isEmpty else { return [] }
        let rows = votes.prefix(50).map {
            [text($0["by"]), $0["value"]?.string.map { Markdown.escaped($0) } ?? "abstains", text($0["reason"])]
        }
        let value = content.council["value"]?.string.map { ": \(Markdown.escaped($0))" } ?? ""
        return ["**\(text(content.council["result"]))**\(value)", ""] + Markdown.table(["Who", "Says", "Why"], rows)
    }

    private func decisions(_ content: DocumentContent) -> [String] {
        content.decisions.map { decision in
            let by = decision["by"]?.string.map { " by \(Markdown.escaped($0))" } ?? ""
            return "- \(text(decision["what"])): \(text(decision["state"]))\(by)"
        }
    }

    private func plan(_ content: DocumentContent) -> [String] {
        content.plan.prefix(Self.mostRows).map { step in
            let due = step["due"]?.string.map { ", by \(Markdown.escaped(String($0.prefix(10))))" } ?? ""
            return "- [ ] **\(text(step["level"]))**\(due): \(text(step["do"]))"
        } + rest(content.plan.count)
    }
}
