import Core
import Gate
import JSON
import Privacy

/// The gate's inspector for credentials, by the same rules that assessments use.
///
/// What is found labels the session. It is taken out of everything that passes, except of the answer to a `reveal`, whose purpose it is.
struct SecretInspector: Inspector {
    let id = "privacy.secrets"
    private let detector: SecretDetector

    init(_ detector: SecretDetector) { self.detector = detector }

    /// - Throws: `denied` when a part could not be judged: what is not inspected does not pass.
    func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
        let bytes = subject.value.bytes()
        let findings = try detector.detect(in: bytes, path: nil)
        if let unjudged = findings.couldNotCheck.first {
            throw GatehouseError("privacy", .denied, "a part could not be judged: \(unjudged.reason.rawValue)")
        }
        let matches = findings.matches.filter { $0.confidence >= .medium && !$0.secret.isEmpty }
        guard !matches.isEmpty else { return InspectionResult() }
        let isMeant = subject.direction == .answer && subject.effect == .reveal
        return InspectionResult(labels: [.secret], rewritten: isMeant ? nil : try Self.redact(matches, in: bytes))
    }

    /// The text with a mark in each secret's place. A secret that does not lie within one string takes whole strings with it.
    private static func redact(_ matches: [SecretMatch], in bytes: [UInt8]) throws -> JSON {
        let document = try JSONDocument(bytes)
        let strings = document.strings.map { $0.raw }
        var edits: [(Range<Int>, [UInt8])] = []
        for match in matches {
            let mark = Array("[\(match.rule.id)]".utf8)
            for string in strings where string.overlaps(match.secret) {
                let inner = string.lowerBound + 1..<string.upperBound - 1
                edits.append((safe(match.secret.clamped(to: inner), in: bytes, inner), mark))
            }
        }
        return try JSON.parse(try document.replacing(edits))
    }

    /// The range, widened so that it cuts no escape in two.
    private static func safe(_ range: Range<Int>, in bytes: [UInt8], _ inner: Range<Int>) -> Range<Int> {
        var position = inner.lowerBound
        var start = range.lowerBound
        var end = range.upperBound
        while position < inner.upperBound {
            let length = bytes[position] != UInt8(ascii: "\\") ? 1 : bytes[position + 1] == UInt8(ascii: "u") ? 6 : 2
            let next = min(position + length, inner.upperBound)
            if position < start, start < next { start = position }
            if position < end, end < next { end = next }
            position = next
        }
        return start..<end
    }
}
