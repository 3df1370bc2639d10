public import Core
import Matching

/// Looks for attacks on models in texts that come from tools and documents, and for data on its way out in answers.
///
/// Heuristics: phrases, marks and shapes with weights. Who writes in words of their own gets past; who writes about such
/// attacks may be suspected. Make one and share it: it is immutable, and safe to use from any thread.
public final class InjectionScanner: Sendable {
    private let phrases: PatternSet
    /// Most bytes of a text that are looked at.
    public let limit: Int

    public init(limit: Int = 16 << 20) throws(GatehouseError) {
        self.limit = limit
        phrases = try PatternSet(
            InjectionPhrases.all.enumerated().map {
                Pattern(id: $0, $1.pattern, options: [.caseless, .startOfMatch])
            })
    }

    /// - Parameter system: fingerprints of the system prompt, where the text is an answer.
    /// - Throws: `tooLarge` beyond ``limit``.
    public func assess(
        _ text: [UInt8], system: DocumentFingerprints? = nil
    ) throws(GatehouseError) -> InjectionAssessment {
        try text.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in try assess(buffer, system: system) }
    }

    public func assess(
        _ text: UnsafeRawBufferPointer, system: DocumentFingerprints? = nil
    ) throws(GatehouseError) -> InjectionAssessment {
        guard text.count <= limit else {
            throw GatehouseError(
                "privacy", .tooLarge, "a text of \(text.count) bytes", hint: "the limit is \(limit) bytes")
        }
        var reasons = try phrases(in: text)
        let plain = Set(reasons.map(\.kind))
        if let views = Normaliser.views(of: text) {
            for view in views { reasons += try hidden(view, plain) }
        } else {
            reasons.append(.init(kind: .encoded, range: 0..<text.count, weight: 0.5))
        }
        reasons += HiddenText.reasons(in: text)
        reasons += DataLinks.reasons(in: text)
        if let system { reasons += InjectionScanner.leaks(of: system, in: text) }
        return InjectionAssessment(reasons)
    }

    private func phrases(in text: UnsafeRawBufferPointer) throws(GatehouseError) -> [InjectionAssessment.Reason] {
        var found: [Int: InjectionAssessment.Reason] = [:]
        try phrases.scan(text, limit: 10_000) { match in
            let phrase = InjectionPhrases.all[match.id]
            let start = match.start ?? match.end
            // What is quoted is spoken about.
            let isQuoted = start > 0 && "\"'`".utf8.contains(text[start - 1])
            let weight = isQuoted ? phrase.weight / 2 : phrase.weight
            if let known = found[match.id], known.weight >= weight { return .proceed }
            found[match.id] = .init(kind: phrase.kind, range: start..<match.end, weight: weight)
            return .proceed
        }
        return Array(found.values)
    }

    /// What reads so only behind a disguise is meant to be overlooked.
    private func hidden(
        _ view: TextView, _ plain: Set<InjectionAssessment.Kind>
    ) throws(GatehouseError) -> [InjectionAssessment.Reason] {
        let found = try view.bytes.span.bytes.withUnsafeBytes { (buffer) throws(GatehouseError) in
            try phrases(in: buffer)
        }
        return found.filter { !plain.contains($0.kind) }.map { reason in
            .init(kind: .encoded, range: view.original(reason.range), weight: min(0.9, reason.weight + 0.2))
        }
    }

    private static func leaks(
        of system: DocumentFingerprints, in text: UnsafeRawBufferPointer
    ) -> [InjectionAssessment.Reason] {
        var reasons: [InjectionAssessment.Reason] = []
        system.find(in: WordRow(text)) { range in
            let words = text[range].count { $0 == 0x20 || $0 == 0x0a } + 1
            let weight = min(0.95, 0.4 + Double(words - DocumentFingerprints.shingle) * 0.05)
            reasons.append(.init(kind: .promptLeak, range: range, weight: weight))
        }
        return reasons
    }
}
