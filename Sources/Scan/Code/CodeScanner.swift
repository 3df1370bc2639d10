import Core
import JSON
import Privacy

/// Looks at the code of one file at a time, while it is read: what comes from outside and does harm, and what is weak as
/// it stands. See docs/code.md.
public struct CodeScanner: Sendable {
    public static let id = "scan.code"

    /// Bytes of a file; what is longer was made by a machine.
    static let greatestBytes = 2 << 20

    static let rules: [CodeRule: ScanRule] = Dictionary(
        uniqueKeysWithValues: CodeRule.allCases.map {
            ($0, ScanRule(id: $0.rawValue, title: $0.title, severity: $0.severity, remedy: $0.remedy))
        })

    public init() {}

    func reads(_ path: String) -> Bool { CodeLanguage(path: path) != nil }

    /// - Parameter secrets: what must not be shown of the file.
    func scan(_ bytes: [UInt8], of path: [UInt8], hiding secrets: KnownSecrets, into tally: inout Tally) {
        let name = Printable.text(path)
        guard let language = CodeLanguage(path: name) else { return }
        guard bytes.count <= Self.greatestBytes else {
            return tally.note(path, .tooLarge, "code is looked at in files of up to \(Self.greatestBytes) bytes")
        }
        guard let found = CodeAnalysis.flaws(in: bytes, language, isTest: FileKinds.isTest(path[...])) else {
            return tally.note(path, .tooLarge, "its code has more than \(CodeLexer.greatestTokens) words and signs")
        }
        if found.isCutShort {
            tally.note(
                path, .malformed, "a text or comment in it never ends, so that its code was not understood to its end")
        }
        guard !found.flaws.isEmpty else { return }
        let lines = LineTable(bytes)
        tally.add(
            bytes.withUnsafeBytes { buffer in
                found.flaws.compactMap { flaw in
                    Self.rules[flaw.rule].map { Self.hit(flaw, $0, path, name, lines, buffer, secrets) }
                }
            })
    }

    private static func hit(
        _ flaw: CodeFlaw, _ rule: ScanRule, _ path: [UInt8], _ name: String, _ lines: LineTable,
        _ bytes: UnsafeRawBufferPointer, _ secrets: KnownSecrets
    ) -> Hit {
        let start = lines.place(of: flaw.range.lowerBound)
        let line = lines.line(start.line) ?? flaw.range
        let hidden = [flaw.hidden].compactMap(\.self)
        func excerpt(_ place: Int) -> Excerpt {
            Excerpt(at: place, hiding: secrets.ranges(around: place..<place, in: bytes, path: name) + hidden, in: bytes)
        }
        let shown = excerpt(flaw.range.lowerBound)
        var hit = Hit(
            rule: rule, source: id, path: path, start: start, end: lines.place(of: flaw.range.upperBound),
            snippet: shown.text, secretTag: Digest.tag(bytes[line].prefix(4096)), contextTag: shown.contextTag,
            confidence: flaw.trace.isEmpty ? .medium : .high, isVerified: false,
            allowance: Allowance.find(rule.id, around: flaw.range.lowerBound..<flaw.range.lowerBound, in: bytes))
        hit.priority = priority(flaw, path)
        hit.details = ["cwe": [.string("CWE-\(flaw.rule.weakness)")]]
        if !flaw.trace.isEmpty { hit.details?["trace"] = trace(flaw, lines, excerpt) }
        return hit
    }

    /// A step for each line, from where it comes in to where it ends.
    private static func trace(_ flaw: CodeFlaw, _ lines: LineTable, _ excerpt: (Int) -> Excerpt) -> JSON {
        var steps: [JSON] = []
        var last = 0
        for step in flaw.trace {
            let line = lines.place(of: step.offset).line
            if line == last { continue }
            last = line
            let start = lines.line(line)?.lowerBound ?? step.offset
            steps.append(["line": JSON(line), "what": .string(step.text), "text": .string(excerpt(start).text)])
        }
        return .array(steps)
    }

    private static func priority(_ flaw: CodeFlaw, _ path: [UInt8]) -> Priority {
        if FileKinds.isTest(path[...]) {
            return Priority(tier: .later, reason: "among tests or examples: nothing outside reaches it")
        }
        switch (flaw.rule.severity, flaw.trace.isEmpty) {
        case (.critical, false): return Priority(tier: .now, reason: "whoever can send a request runs what they like")
        case (.high, false): return Priority(tier: .now, reason: "whoever can send a request decides what is reached")
        case (.high, true): return Priority(tier: .soon, reason: "weak as it stands, and much depends on it")
        default: return Priority(tier: .planned, reason: "weak as it stands")
        }
    }
}
