import Core
import Formats
import JSON
import Privacy

/// Makes hits of the results of one tool.
struct ReportedResult {
    let tool: String
    let version: String?
    let texts: ReportedText

    /// - Parameter place: nil where the result is about the whole file.
    func hit(_ result: SARIF.ReadResult, in file: TreeFile, _ name: String, _ place: ReportedPlace?) -> Hit {
        let isCredential = FlawFamily.isCredential(result, tool: tool)
        return file.bytes.withUnsafeBytes { bytes in
            var excerpt: Excerpt?
            var allowance: Allowance?
            let rule = rule(of: result)
            if let place {
                let hidden = isCredential ? [] : texts.secrets.ranges(around: place.line, in: bytes, path: name)
                if !isCredential { excerpt = Excerpt(at: place.bytes.lowerBound, hiding: hidden, in: bytes) }
                allowance = Allowance.find(
                    rule.id, around: place.bytes.lowerBound..<place.bytes.lowerBound, in: bytes)
            }
            // The line itself, in 16 bits: told again where it moves.
            let line = place.map { Array(bytes[$0.line].prefix(4096)) } ?? []
            return hit(
                result, rule, path: file.path, start: place?.start ?? Place(), end: place?.end ?? Place(),
                snippet: excerpt?.text ?? "", line: line, allowance: allowance, isCredential: isCredential)
        }
    }

    /// At an address, in no file.
    func hit(_ result: SARIF.ReadResult, at address: String) -> Hit {
        hit(
            result, rule(of: result), path: Array(address.utf8), start: Place(), end: Place(), snippet: "", line: [],
            allowance: nil, isCredential: FlawFamily.isCredential(result, tool: tool))
    }

    private func hit(
        _ result: SARIF.ReadResult, _ rule: ScanRule, path: [UInt8], start: Place, end: Place, snippet: String,
        line: [UInt8], allowance: Allowance?, isCredential: Bool
    ) -> Hit {
        let accepted = result.suppression.map { suppression in
            "accepted in \(tool)" + (texts.line(suppression.justification, limit: 200).map { ": \($0)" } ?? "")
        }
        var hit = Hit(
            rule: rule, source: ReportScanner.id, path: path, start: start, end: end, snippet: snippet,
            secretTag: Digest.tag(line), contextTag: Digest.context(line), confidence: confidence(result),
            isVerified: false, allowance: allowance ?? accepted.map { .granted(reason: $0) })
        hit.sources = [
            FindingSource(
                tool: tool, version: version, rule: short(result.rule.id),
                accepted: allowance == nil ? accepted : nil)
        ]
        hit.details = details(result, isCredential)
        hit.priority = Self.priority(rule.severity, hit.confidence, path: path)
        return hit
    }

    // MARK: - The rule

    private func short(_ id: String) -> String { texts.line(id, limit: 160) ?? "unnamed" }

    private func rule(of result: SARIF.ReadResult) -> ScanRule {
        let id = short(result.rule.id)
        return ScanRule(
            id: "\(tool)/\(id)", title: title(result) ?? id, severity: Self.severity(of: result),
            remedy: remedy(result, id))
    }

    private func title(_ result: SARIF.ReadResult) -> String? {
        if let title = texts.line(result.rule.title, limit: 160) { return title }
        let name = result.rule.name.map { $0.split { $0 == "_" || $0 == "-" || $0 == " " }.joined(separator: " ") }
        if let name, name.contains(" ") { return texts.line(name, limit: 160) }
        return FlawFamily.isCredential(result, tool: tool)
            ? texts.line(name, limit: 160) : texts.message(result.message) ?? texts.line(name, limit: 160)
    }

    private func remedy(_ result: SARIF.ReadResult, _ id: String) -> String {
        let help = texts.line(result.rule.help, limit: 500)
        let reference = reference(result).map { "See \($0)" }
        let words = [help, reference].compactMap(\.self).joined(separator: " ")
        return words.isEmpty ? "See what \(tool) says of \(id)." : words
    }

    private func reference(_ result: SARIF.ReadResult) -> String? {
        guard let uri = texts.line(result.rule.helpURI, limit: 300), uri.hasPrefix("https://"), !uri.contains(" ")
        else {
            return nil
        }
        return uri
    }

    private func details(_ result: SARIF.ReadResult, _ isCredential: Bool) -> JSONObject {
        let known = result.fingerprints.sorted { $0.key < $1.key }.compactMap { key, value -> (String, JSON)? in
            guard let key = texts.line(key, limit: 128), let value = texts.line(value, limit: 256) else { return nil }
            return (key, .string(value))
        }
        let message = isCredential ? nil : texts.message(result.message)
        let members: [(String, JSON?)] = [
            ("message", message.map { .string($0) }),
            (
                "cwe",
                result.weaknesses.isEmpty ? nil : .array(result.weaknesses.prefix(20).map { .string("CWE-\($0)") })
            ),
            ("credential", isCredential ? true : nil), ("reference", reference(result).map { .string($0) }),
            ("tool_fingerprints", known.isEmpty ? nil : .object(JSONObject(known))),
        ]
        return JSONObject(members.compactMap { key, value in value.map { (key, $0) } })
    }

    // MARK: - How bad, how sure, how soon

    /// By the number that the rule has; else by its level, in which a tool that does not speak of security counts less.
    static func severity(of result: SARIF.ReadResult) -> Severity {
        if let score = result.rule.securitySeverity {
            switch score {
            case 9...: return .critical
            case 7..<9: return .high
            case 4..<7: return .medium
            case 0: return .info
            default: return .low
            }
        }
        let tags = result.rule.tags.map { $0.lowercased() }
        let isSecurity = !result.weaknesses.isEmpty || tags.contains { $0.contains("security") }
        switch (result.level, isSecurity) {
        case (.error, true): return .high
        case (.error, false), (.warning, true): return .medium
        case (.warning, false), (.note, true): return .low
        case (.note, false), (.none, _): return .info
        }
    }

    private func confidence(_ result: SARIF.ReadResult) -> Confidence {
        if result.needsReview { return .low }
        let tag = result.rule.tags.first { $0.uppercased().hasSuffix(" CONFIDENCE") }
        let word =
            result.properties["issue_confidence"]?.string ?? tag.map { String($0.dropLast(11)) }
            ?? result.rule.precision
        switch word?.lowercased() {
        case "very-high", "high": return .high
        case "low": return .low
        default: return .medium
        }
    }

    private static func priority(_ severity: Severity, _ confidence: Confidence, path: [UInt8]) -> Priority {
        if FileKinds.isTest(path[...]) {
            return Priority(tier: .later, reason: "among tests or examples: nothing outside reaches it")
        }
        switch (severity, confidence) {
        case (.critical, .medium...): return Priority(tier: .now, reason: "the tool rates it critical")
        case (.critical, _), (.high, .medium...):
            return Priority(tier: .soon, reason: "the tool rates it \(severity.rawValue)")
        case (.high, _), (.medium, _): return Priority(tier: .planned, reason: "the tool rates it \(severity.rawValue)")
        default: return Priority(tier: .later, reason: "the tool rates it \(severity.rawValue): look at it once")
        }
    }
}
