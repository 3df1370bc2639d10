import Testing

/// Makes texts that a pattern matches, for the part of the syntax that our rules use: literals, escapes, classes, groups,
/// alternatives, counted repeats, `?`, `*`, `+`, inline flags. Look-around gives nothing and is trusted to hold.
struct PatternSampler {
    private let pattern: [UInt8]
    private var position = 0
    private var isExtended = false
    private var random: SeededGenerator

    /// - Parameter seed: texts of one seed are the same each time.
    static func sample(_ pattern: String, seed: UInt64) throws -> [UInt8] {
        var sampler = PatternSampler(pattern: Array(pattern.utf8), random: SeededGenerator(state: seed))
        let out = sampler.alternatives()
        try #require(
            sampler.position == sampler.pattern.count, "unread: \(pattern.utf8.count - sampler.position) of \(pattern)")
        return out
    }

    private init(pattern: [UInt8], random: SeededGenerator) {
        self.pattern = pattern
        self.random = random
    }

    private var next: UInt8? { position < pattern.count ? pattern[position] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard pattern[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func alternatives() -> [UInt8] {
        var branches = [sequence()]
        while take("|") { branches.append(sequence()) }
        return branches[Int.random(in: 0..<branches.count, using: &random)]
    }

    private mutating func sequence() -> [UInt8] {
        var out: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            if isExtended, byte == 0x20 || byte == 0x0a {
                position += 1
                continue
            }
            let start = position
            let first = atom()
            let afterAtom = position
            let count = repeats()
            let afterRepeat = position
            for index in 0..<count {
                // A repeated atom is sampled anew each time.
                position = start
                out += index == 0 ? first : atom()
            }
            position = max(afterRepeat, afterAtom)
        }
        return out
    }

    private mutating func repeats() -> Int {
        var count = 1
        if take("?") {
            count = Int.random(in: 0...1, using: &random)
        } else if take("*") {
            count = Int.random(in: 0...2, using: &random)
        } else if take("+") {
            count = Int.random(in: 1...3, using: &random)
        } else if next == UInt8(ascii: "{"), let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) {
            let bounds = pattern[(position + 1)..<end].split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false
            )
            .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
            position = end + 1
            // Few of what is optional, so that patterns with spare room do not fill it.
            count =
                bounds[0] + (bounds.count > 1 ? Int.random(in: 0...min(24, bounds[1] - bounds[0]), using: &random) : 0)
        }
        _ = take("+") || take("?")
        return count
    }

    private mutating func atom() -> [UInt8] {
        if take("(") { return group() }
        if take("[") { return [pick(from: characterClass())] }
        if take("\\") { return escape().map { [pick(from: $0)] } ?? [] }
        if take("^") || take("$") { return [] }
        if take(".") { return [UInt8(ascii: "a")] }
        defer { position += 1 }
        return [pattern[position]]
    }

    private mutating func group() -> [UInt8] {
        for lookAround in ["?<!", "?<=", "?=", "?!"] where take(lookAround) {
            _ = alternatives()
            _ = take(")")
            return []
        }
        if take("?") {
            var isOn = true
            while let byte = next, byte != UInt8(ascii: ":"), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "|") {
                if byte == UInt8(ascii: "-") { isOn = false }
                if byte == UInt8(ascii: "x") { isExtended = isOn }
                position += 1
            }
            if take(")") { return [] }
            _ = take(":") || take("|")
        }
        let out = alternatives()
        _ = take(")")
        return out
    }

    private mutating func pick(from set: [UInt8]) -> UInt8 {
        // Letters and digits where there is a choice: punctuation could end what follows.
        let plain = set.filter { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a || (0x30...0x39).contains($0) }
        let choice = plain.isEmpty ? set : plain
        return choice[Int.random(in: 0..<choice.count, using: &random)]
    }

    private mutating func characterClass() -> [UInt8] {
        let isNegated = take("^")
        var set = Set<UInt8>()
        while let byte = next, byte != UInt8(ascii: "]") {
            position += 1
            var low = [byte]
            if byte == UInt8(ascii: "\\") { low = escape() ?? [] }
            if low.count == 1, next == UInt8(ascii: "-"), pattern[position + 1] != UInt8(ascii: "]") {
                position += 1
                set.formUnion(low[0]...pattern[position])
                position += 1
            } else {
                set.formUnion(low)
            }
        }
        position += 1
        return isNegated ? (0x21...0x7e).filter { !set.contains($0) } : set.sorted()
    }

    private mutating func escape() -> [UInt8]? {
        defer { position += 1 }
        switch pattern[position] {
        case UInt8(ascii: "w"): return Array(0x61...0x7a) + Array(0x30...0x39) + [UInt8(ascii: "_")]
        case UInt8(ascii: "s"): return [0x20]
        case UInt8(ascii: "S"): return Array(0x61...0x7a)
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        default: return [pattern[position]]
        }
    }
}
