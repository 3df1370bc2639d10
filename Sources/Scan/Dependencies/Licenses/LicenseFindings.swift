import Core
import Formats
import JSON
import Privacy

/// Makes findings of packages whose licenses a policy does not allow, and of those whose license cannot be told: what is
/// not known never passes.
struct LicenseFindings {
    private let settings: LicenseSettings
    private let now: Timestamp

    /// Names of packages in one finding; how many more there are is told.
    private static let named = 20

    init(_ settings: LicenseSettings, now: Timestamp) {
        self.settings = settings
        self.now = now
    }

    /// - Returns: one element a file, from top to bottom; none where there is no policy.
    func hits(_ files: [DependencyFile]) -> [[Hit]] {
        guard !settings.policy.isEmpty else { return [] }
        return files.map { file in
            var seen: Set<String> = []
            let packages = file.dependencies.filter { seen.insert($0.key).inserted }
            let silent = packages.filter { $0.license == nil && settings.exemption(for: $0, nil) == nil }
            var hits = packages.compactMap { $0.license == nil ? exempted($0, file) : judged($0, file) }
            if let hit = unknown(silent, file) { hits.append(hit) }
            return hits.sorted { ($0.start, $0.rule.id) < ($1.start, $1.rule.id) }
        }.filter { !$0.isEmpty }
    }

    // MARK: - One package

    private func judged(_ dependency: Dependency, _ file: DependencyFile) -> Hit? {
        let text = dependency.license ?? ""
        let expression: LicenseExpression
        do throws(LicenseError) {
            expression = try LicenseExpression(lenient: text)
        } catch {
            let reason = "its license \"\(Printable.text(text.utf8.prefix(200)))\" cannot be told: \(error)"
            return hit(Rule.unknown, dependency, file, reason, nil)
        }
        let judgement = settings.policy.judge(expression)
        switch judgement.verdict {
        case .allowed: return nil
        case .review: return hit(Rule.review, dependency, file, judgement.reason, expression)
        case .denied: return hit(Rule.denied, dependency, file, judgement.reason, expression)
        }
    }

    /// What is said of a package without a license stays visible where it is accepted.
    private func exempted(_ dependency: Dependency, _ file: DependencyFile) -> Hit? {
        guard settings.exemption(for: dependency, nil) != nil else { return nil }
        return hit(Rule.unknown, dependency, file, "no file that was read says what its license is", nil)
    }

    private func hit(
        _ rule: Rule, _ dependency: Dependency, _ file: DependencyFile, _ reason: String,
        _ expression: LicenseExpression?
    ) -> Hit {
        let subject = "\(dependency.name) \(dependency.version)"
        var remedy = "\(rule.remedy) Why: \(reason)."
        if let from = dependency.licenseFile { remedy += " It is stated in \(from)." }
        if dependency.path.count > 1 { remedy += " It comes by \(dependency.path.joined(separator: " > "))." }
        if dependency.isDevelopment == true { remedy += " It is for building or testing only." }
        let (allowance, words) = allowance(dependency, expression)
        var hit = make(
            rule, "\(subject): \(rule.words)", remedy + words, at: dependency.line, file.path,
            tag: "\(dependency.name) \(expression?.description ?? "")", snippet: subject)
        hit.allowance = allowance
        hit.details = JSONObject([
            ("dependency", dependency.json), ("license", dependency.license.map { .string($0) } ?? .null),
            ("expression", expression.map { .string($0.description) } ?? .null), ("reason", .string(reason)),
        ])
        return hit
    }

    /// - Returns: also what to say where an exemption is no longer one.
    private func allowance(_ dependency: Dependency, _ expression: LicenseExpression?) -> (Allowance?, String) {
        guard let exemption = settings.exemption(for: dependency, expression) else { return (nil, "") }
        let until = exemption.expires.description.prefix(10)
        guard exemption.expires > now else {
            return (nil, " The exception for it ended on \(until) (\(exemption.reason)).")
        }
        return (.granted(reason: "excepted until \(until): \(exemption.reason)"), "")
    }

    // MARK: - Packages of which nothing is said

    private func unknown(_ packages: [Dependency], _ file: DependencyFile) -> Hit? {
        guard let first = packages.first else { return nil }
        let names = packages.prefix(Self.named).map { "\($0.name) \($0.version)" }.joined(separator: ", ")
        let more = packages.count > Self.named ? " and \(packages.count - Self.named) more" : ""
        let count = packages.count == 1 ? "1 package" : "\(packages.count) packages"
        var hit = make(
            Rule.unknown, "\(file.kind): \(count) without a license that can be told",
            "\(Rule.unknown.remedy) Nothing that was read says under which license these are: \(names)\(more).",
            at: first.line, file.path, tag: file.kind, snippet: count)
        hit.details = JSONObject([
            (
                "packages",
                .array(packages.prefix(1000).map { ["name": .string($0.name), "version": .string($0.version)] })
            )
        ])
        return hit
    }

    private func make(
        _ rule: Rule, _ title: String, _ remedy: String, at line: Int, _ path: String, tag: String, snippet: String
    ) -> Hit {
        Hit(
            rule: ScanRule(id: rule.id, title: title, severity: rule.severity, remedy: remedy),
            source: "scan.dependencies", path: Array(path.utf8), start: Place(line: line), end: Place(line: line),
            snippet: snippet, secretTag: Digest.tag(tag.utf8), contextTag: Digest.context(Array(tag.utf8)),
            confidence: .high, isVerified: false)
    }

    private struct Rule {
        var id: String
        var words: String
        var severity: Severity
        var remedy: String

        static let denied = Rule(
            id: "licence-denied", words: "its license is denied", severity: .high,
            remedy: "Replace the package, or except it with a reason and an end (assess.licences.exceptions).")
        static let review = Rule(
            id: "licence-review", words: "its license needs a review", severity: .medium,
            remedy: "Have its license reviewed, then put it into a list of assess.licences.")
        static let unknown = Rule(
            id: "licence-unknown", words: "its license cannot be told", severity: .low,
            remedy: "Install the packages in the tree, or give a bill of materials that says their licenses.")
    }
}
