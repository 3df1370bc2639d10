import Core
import JSON
import Scan

/// What is said of a plan: in previews, commits, and requests to merge.
struct FixMessage {
    private let work: FixWorkshop.Work

    init(_ work: FixWorkshop.Work) { self.work = work }

    private var fixes: [Fix] { work.plan.fixes }

    var title: String {
        if fixes.count == 1, let fix = fixes.first {
            return fix.title.hasSuffix(".") ? String(fix.title.dropLast()) : fix.title
        }
        let count = Set(fixes.flatMap(\.fingerprints)).count
        let files = work.plan.changes.count
        return "Fix \(count) findings in \(files) file\(files == 1 ? "" : "s")"
    }

    /// Each step once, in order.
    var steps: [String] {
        var seen: Set<String> = []
        return fixes.flatMap(\.steps).filter { seen.insert($0).inserted }
    }

    /// The body of a pull or merge request, in Markdown.
    var body: String {
        var text = ""
        for fix in fixes {
            text += "- **\(fix.title)** (\(fix.changes.map(\.path).joined(separator: ", ")))\n"
            for print in fix.fingerprints {
                guard let finding = work.findings[print] else { continue }
                text += "  - takes away: \(finding.rule.id), \(finding.severity.rawValue): \(finding.rule.title)\n"
            }
            for risk in fix.risks { text += "  - may break: \(risk)\n" }
            text +=
                fix.proof == .assessed
                ? "  - proven by assessing the changed files\n" : "  - the lockfile has to follow\n"
        }
        if !steps.isEmpty {
            text += "\nWhat is left to do:\n\n" + steps.map { "- [ ] \($0)\n" }.joined()
        }
        return text
    }

    func commit(_ digest: String) -> String { "\(title)\n\n\(body)\n\(FixBranch.trailer(digest))\n" }

    /// For policy: what kinds of changes, where, and how far they go.
    var facts: JSON {
        [
            "kinds": .array(Set(fixes.map(\.kind.rawValue)).sorted().map { .string($0) }),
            "findings": .array(fixes.flatMap { work.ids($0.fingerprints) }.map { .string($0) }),
            "major": .bool(fixes.contains(where: \.isMajor)),
            "files": .array(
                work.plan.changes.map {
                    [
                        "path": .string($0.path), "before": .string(FixDigest.of($0.before)),
                        "after": .string(FixDigest.of($0.after)),
                    ]
                }),
        ]
    }
}
