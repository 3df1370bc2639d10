import Core
import JSON
import Rego

/// A rule that finds flaws, as its annotations describe it.
struct Check: Sendable {
    /// What stands below this package is checks: `data.gatehouse.checks.aws.s3.public_acl`.
    static let root = ["gatehouse", "checks"]

    /// `aws-s3-public-acl`
    var rule: ScanRule
    /// Why it matters.
    var rationale: String
    /// What it is asked for by: `CIS-AWS-3.0:2.1.4`.
    var controls: [String]
    /// How it is put right, in the terms of the format; see docs/fixes.md. Null for most.
    var fix: JSON
    /// Below `data`.
    var package: [String]
    var name: String

    /// Nil for a rule that is no check: one without a severity.
    init?(_ description: RuleDescription) {
        guard !description.isFunction, description.path.count > Self.root.count + 1,
            description.path.starts(with: Self.root), let name = description.path.last,
            let severity = description.custom?["severity"]?.text.flatMap(Severity.init(rawValue:))
        else { return nil }
        package = Array(description.path.dropLast())
        self.name = name
        let words = description.path.dropFirst(Self.root.count).joined(separator: "-")
        rule = ScanRule(
            id: String(words.map { $0 == "_" ? "-" : $0 }), title: description.title ?? name, severity: severity,
            remedy: description.custom?["remedy"]?.text ?? "")
        rationale = description.description ?? ""
        controls = description.custom?["controls"]?.array?.compactMap(\.text) ?? []
        fix = description.custom?["fix"]?.json ?? .null
    }
}
