/// A unified diff of two texts, for people who have to agree to a change.
enum LineDiff {
    /// Above this, lines are not matched with each other: all go, all come.
    private static let matchedLines = 4000
    private static let context = 3

    private enum Line {
        case same(String), gone(String), new(String)

        var text: String {
            switch self {
            case .same(let text): " \(text)"
            case .gone(let text): "-\(text)"
            case .new(let text): "+\(text)"
            }
        }
        var isSame: Bool { if case .same = self { true } else { false } }
        var isOld: Bool { if case .new = self { false } else { true } }
        var isNew: Bool { if case .gone = self { false } else { true } }
    }

    /// Empty when nothing differs. Nil stands for a text that is not there.
    static func unified(_ old: String?, _ new: String?, name: String) -> String {
        let lines = compared(split(old ?? ""), split(new ?? ""))
        guard lines.contains(where: { !$0.isSame }) else { return "" }
        var out = "--- \(old == nil ? "/dev/null" : "a/\(name)")\n+++ \(new == nil ? "/dev/null" : "b/\(name)")\n"
        for hunk in hunks(of: lines) { write(hunk, of: lines, to: &out) }
        return out
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func compared(_ old: [String], _ new: [String]) -> [Line] {
        guard old.count + new.count <= matchedLines else {
            return old.map { .gone($0) } + new.map { .new($0) }
        }
        var gone: Set<Int> = []
        var come: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): gone.insert(offset)
            case .insert(let offset, _, _): come.insert(offset)
            }
        }
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, gone.contains(left) {
                lines.append(.gone(old[left]))
                left += 1
            } else if right < new.count, come.contains(right) {
                lines.append(.new(new[right]))
                right += 1
            } else {
                lines.append(.same(old[left]))
                left += 1
                right += 1
            }
        }
        return lines
    }

    /// Ranges of lines around what differs; those that touch are one.
    private static func hunks(of lines: [Line]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for (index, line) in lines.enumerated() where !line.isSame {
            let around = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= around.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
            } else {
                hunks.append(around)
            }
        }
        return hunks
    }

    private static func write(_ hunk: Range<Int>, of lines: [Line], to out: inout String) {
        func place(_ belongs: (Line) -> Bool) -> String {
            let count = lines[hunk].count(where: belongs)
            let before = lines[..<hunk.lowerBound].count(where: belongs)
            return "\(count == 0 ? before : before + 1),\(count)"
        }
        out += "@@ -\(place(\.isOld)) +\(place(\.isNew)) @@\n"
        for line in lines[hunk] { out += line.text + "\n" }
    }
}
