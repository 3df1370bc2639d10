import Core
import TestSupport
import Testing

@testable import Privacy

/// What was made quick answers as its plain definition does.
struct WalkPartsTests {
    private static let lists = [
        ["pan", "card", "credit"], ["née le", "n° ss", "nato "], ["cc", "card number", "pan"], [], ["c", "ring"],
    ]

    /// A word stands where no letter, digit or byte beyond ASCII comes before it; a short one also where none comes after.
    private func plainly(_ words: [String], in text: [UInt8]) -> Bool {
        let text = text.map { $0.isCapital ? $0 | 0x20 : $0 }
        return words.contains { word in
            let word = Array(word.utf8)
            return text.indices.contains { place in
                let end = place + word.count
                return text[place...].starts(with: word) && (place == 0 || !text[place - 1].isWord)
                    && (word.count > 3 || end == text.count || !text[end].isWord)
            }
        }
    }

    @Test func findsContextWords() {
        var random = SeededRandom(seed: 41)
        let context = ContextWords(Self.lists)
        let pieces = [
            "pan", "Card", "credit", " ", "-", "née", "le", " nato", "cc", "é", "number", "c", "ring", "n° SS", "1",
        ]
        var found = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...8, using: &random)
            var text = Array((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined().utf8)
            if Bool.random(using: &random) { text = text.dropLast(Int.random(in: 0...2, using: &random)) }
            let met = text.withUnsafeBytes { context.lists(in: $0) }
            for (index, words) in Self.lists.enumerated() {
                let isMet = met & (1 << ContextWords.Lists(index)) != 0
                found += isMet ? 1 : 0
                #expect(isMet == plainly(words, in: text), "\(String(decoding: text, as: UTF8.self)) \(words)")
            }
        }
        #expect(found > 1_000)
    }

    @Test func boundsListsOfContextWords() throws {
        func detectors(_ count: Int) -> [Detector] {
            (0..<count).map { index in
                var detector = Detector.builtin[0]
                detector.context = ["word\(index)"]
                return detector
            }
        }
        _ = try PrivacyScanner(detectors(128))
        let error = #expect(throws: GatehouseError.self) { try PrivacyScanner(detectors(129)) }
        #expect(error?.code == .invalid)
    }

    /// The best first, and each that does not overlap one that was taken.
    @Test func resolvesOverlaps() {
        var random = SeededRandom(seed: 42)
        let detectors = Detector.builtin
        for _ in 0..<3_000 {
            let candidates = (0..<Int.random(in: 0...12, using: &random)).map { _ -> Candidate in
                let start = Int.random(in: 0..<40, using: &random)
                let detector = Int.random(in: 0..<detectors.count, using: &random)
                return Candidate(
                    range: start..<start + Int.random(in: 0...9, using: &random), kind: detectors[detector].kind,
                    detector: detector, confidence: Double(Int.random(in: 1...10, using: &random)) / 10,
                    reasons: [.form])
            }
            func rank(_ candidate: Candidate) -> (Double, Int, Int, Int) {
                let isSecret = detectors[candidate.detector].label == .secret && candidate.confidence >= 0.6
                return (
                    candidate.confidence + (isSecret ? 1 : 0), candidate.range.count, -candidate.range.lowerBound,
                    -candidate.detector
                )
            }
            var taken: [Candidate] = []
            for candidate in candidates.sorted(by: { rank($0) > rank($1) }) where !candidate.range.isEmpty {
                if !taken.contains(where: { $0.range.overlaps(candidate.range) }) { taken.append(candidate) }
            }
            let expected = taken.sorted { $0.range.lowerBound < $1.range.lowerBound }
            let found = Overlaps.resolved(candidates, detectors)
            #expect(found.map(\.range) == expected.map(\.range))
            #expect(found.map(\.detector) == expected.map { detectors[$0.detector].id })
        }
    }
}
