import JSON
import Privacy

/// A file that describes infrastructure, with its path made printable.
struct SourceFile: Sendable {
    /// Relative to the root.
    var path: String
    var bytes: [UInt8]
}

/// What checks found, before it becomes findings like all others.
struct InfrastructureFindings: Sendable {
    var findings: [Misconfiguration] = []
    var unchecked: [CouldNotCheck] = []
    /// How many checks were run.
    var rules = 0

    /// - Parameter files: whose comments may accept a finding.
    func outcome(_ files: [SourceFile], source: String) -> TreeOutcome {
        let bytes = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var outcome = TreeOutcome()
        outcome.unchecked = unchecked
        for (path, found) in Dictionary(grouping: findings, by: \.path).sorted(by: { $0.key < $1.key }) {
            let file = bytes[path] ?? []
            let starts = [0] + file.indices.filter { file[$0] == 0x0A }.map { $0 + 1 }
            outcome.hits.append(
                found.sorted { ($0.start, $0.check.rule.id) < ($1.start, $1.check.rule.id) }.map {
                    $0.hit(in: file, starts, source: source)
                })
        }
        return outcome
    }
}

/// A flaw in one place of a file, without any text of the file: that may hold a secret.
struct Misconfiguration: Sendable {
    var check: Check
    var path: String
    var start: Place
    /// What is wrong, by name: `aws_s3_bucket.data acl`. Two flaws of one rule in a file differ in it.
    var subject: String
    /// A further place whose comment may accept the finding: where the thing that has the flaw begins.
    var outer: Place?
    /// For whoever puts it right: what has the flaw, where it begins, and the way from there to the flaw.
    var site: Site?

    struct Site: Sendable {
        var format: Resource.Format
        var type: String
        var name: String
        var place: Place
        var path: [JSON]
    }

    var rule: ScanRule { check.rule }

    /// - Parameter starts: of the file's lines.
    fileprivate func hit(in file: [UInt8], _ starts: [Int], source: String) -> Hit {
        var allowance: Allowance?
        for place in [start, outer].compactMap(\.self) where allowance == nil {
            guard starts.indices.contains(place.line - 1) else { continue }
            let offset = starts[place.line - 1]
            allowance = file.withUnsafeBytes { Allowance.find(rule.id, around: offset..<offset, in: $0) }
        }
        let tag = Array("\(rule.id) \(subject)".utf8)
        var hit = Hit(
            rule: rule, source: source, path: Array(path.utf8), start: start, end: start, snippet: subject,
            secretTag: Digest.tag(tag), contextTag: Digest.context(tag), confidence: .medium, isVerified: false,
            allowance: allowance)
        var details: JSONObject = [
            "rationale": .string(check.rationale), "controls": .array(check.controls.map { .string($0) }),
        ]
        if let site, !check.fix.isNull {
            details["site"] = site.json
            details["recipe"] = check.fix
        }
        hit.details = details
        return hit
    }
}

extension Misconfiguration.Site {
    fileprivate var json: JSON {
        [
            "format": .string(format.rawValue), "type": .string(type), "name": .string(name),
            "line": JSON(place.line), "column": JSON(place.column), "path": .array(path),
        ]
    }
}
