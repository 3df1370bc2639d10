import Intent

/// Texts made of words that belong to an intent and words that belong to none, so that there is something to learn and
/// something to be wrong about.
enum Made {
    static let intents: [String: [String]] = [
        "deploy": ["deploy", "release", "ship", "rollout", "version"],
        "restart": ["restart", "reboot", "bounce", "kill", "crashloop"],
        "cost": ["cost", "bill", "spend", "budget", "invoice"],
        "scan": ["scan", "vulnerabilities", "findings", "audit", "cve"],
    ]
    private static let filler = [
        "please", "the", "checkout", "service", "in", "production", "now", "can", "you", "for", "me",
    ]
    private static let strange = [
        "banana", "giraffe", "violin", "sunset", "recipe", "poem", "football", "marriage", "ocean",
    ]

    static func texts(_ count: Int, seed: UInt64, strangers: Int = 0) -> [LabelledText] {
        var random = Dice(seed)
        var rows: [LabelledText] = []
        for _ in 0..<count {
            for (intent, words) in intents.sorted(by: { $0.key < $1.key }) {
                rows.append(LabelledText(text(of: words, &random), intent: intent))
            }
        }
        for _ in 0..<strangers { rows.append(LabelledText(text(of: strange, &random), intent: IntentModel.outOfScope)) }
        return rows
    }

    private static func text(of words: [String], _ random: inout Dice) -> String {
        var all = (0..<2).map { _ in words[random.next(below: words.count)] }
        all += (0..<3).map { _ in filler[random.next(below: filler.count)] }
        for index in stride(from: all.count - 1, to: 0, by: -1) { all.swapAt(index, random.next(below: index + 1)) }
        return all.joined(separator: " ")
    }
}

struct Dice {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed | 1 }

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
