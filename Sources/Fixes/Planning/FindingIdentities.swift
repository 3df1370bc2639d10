import Scan

/// Findings whose fingerprints a change of other places alters: those that count instructions or elements before them.
struct FindingIdentities: Sendable {
    /// What findings were called at first, and what they are called by now.
    private var names: [String: String] = [:]

    func current(_ original: String) -> String { names[original] ?? original }
    func original(_ current: String) -> String { names.first { $0.value == current }?.key ?? current }

    mutating func rename(_ pairs: [(old: String, new: String)]) {
        for pair in pairs { names[original(pair.old)] = pair.new }
    }

    /// Which of the first findings the second ones have not: as many of one rule in one file as there are fewer. The
    /// others of it that are called otherwise are the same ones under new names, from top to bottom.
    ///
    /// - Parameter preferred: counts as gone, where one of its rule and file is.
    static func difference(
        _ first: [Finding], _ second: [Finding], preferring preferred: String? = nil
    ) -> (fingerprints: [String], renamed: [(old: String, new: String)]) {
        struct Group: Hashable {
            var rule: String
            var path: String
        }
        func groups(_ findings: [Finding]) -> [Group: [Finding]] {
            Dictionary(grouping: findings.sorted { $0.start < $1.start }) { Group(rule: $0.rule.id, path: $0.path) }
        }
        var gone: [String] = []
        var renamed: [(old: String, new: String)] = []
        let others = groups(second)
        for (group, findings) in groups(first) {
            let there = others[group] ?? []
            let names = Set(there.map(\.fingerprint))
            let missing = max(0, findings.count - there.count)
            var lost = findings.map(\.fingerprint).filter { !names.contains($0) }
            var taken: [String] = []
            if let preferred, missing > 0, findings.contains(where: { $0.fingerprint == preferred }) {
                taken.append(preferred)
                lost.removeAll { $0 == preferred }
            }
            while taken.count < missing, !lost.isEmpty { taken.append(lost.removeLast()) }
            gone += taken
            let known = Set(findings.map(\.fingerprint))
            let new = there.map(\.fingerprint).filter { !known.contains($0) || taken.contains($0) }
            renamed += zip(lost, new).map { (old: $0, new: $1) }
        }
        return (gone, renamed)
    }
}
