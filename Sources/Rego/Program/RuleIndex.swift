/// Which of many blocks are worth running, found by the value that one place in the arguments has.
struct RuleIndex {
    let key: GuardKey
    /// By value, the blocks that need it, ascending.
    let matching: [RegoValue: [Int]]
    /// The blocks that do not depend on the place, ascending.
    let always: [Int]

    /// With fewer blocks to save, looking up costs as much as it spares.
    static let leastSaved = 4
    /// Entries for each block on average, where blocks need one of several values.
    static let greatestEntries = 8

    /// Nil when there is no place that tells enough blocks apart.
    init?(_ blocks: [Guards]) {
        guard blocks.count >= Self.leastSaved, let key = Self.best(blocks) else { return nil }
        var matching: [RegoValue: [Int]] = [:]
        var always: [Int] = []
        for (number, guards) in blocks.enumerated() {
            guard let values = guards[key] else {
                always.append(number)
                continue
            }
            for value in values { matching[value, default: []].append(number) }
        }
        self.key = key
        self.matching = matching
        self.always = always
    }

    /// The place that leaves the fewest blocks to run, where its values are as frequent as the blocks that need them.
    private static func best(_ blocks: [Guards]) -> GuardKey? {
        var counts: [GuardKey: (blocks: Int, values: [RegoValue: Int], entries: Int)] = [:]
        for guards in blocks {
            for (key, values) in guards {
                counts[key, default: (0, [:], 0)].blocks += 1
                counts[key, default: (0, [:], 0)].entries += values.count
                for value in values { counts[key, default: (0, [:], 0)].values[value, default: 0] += 1 }
            }
        }
        let candidates = counts.compactMap { key, count -> (key: GuardKey, saved: Double)? in
            guard count.entries <= Self.greatestEntries * blocks.count else { return nil }
            let saved = Double(count.blocks) - Double(count.entries) / Double(Swift.max(count.values.count, 1))
            return saved < Double(Self.leastSaved) ? nil : (key, saved)
        }
        return candidates.max { a, b in a.saved != b.saved ? a.saved < b.saved : b.key < a.key }?.key
    }
}
