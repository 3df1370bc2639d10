/// The lines in which two texts differ, as `diff -u` shows them.
public struct UnifiedDiff: Sendable {
    enum Edit: Sendable, Hashable { case keep, remove, add }

    private let old: [ArraySlice<UInt8>]
    private let new: [ArraySlice<UInt8>]
    private let edits: [Edit]

    /// Unchanged lines shown before and after a change.
    static let context = 3
    /// Changed lines beyond which the shortest way from one text to the other is no longer looked for.
    static let mostChanges = 1500

    public init(from old: [UInt8], to new: [UInt8]) {
        self.old = Self.lines(old)
        self.new = Self.lines(new)
        edits = Self.edits(self.old, self.new)
    }

    /// The bytes that differ, by whole lines: what of the old text each is, and what stands there in the new one.
    public var replacements: [(old: Range<Int>, new: Range<Int>)] {
        var found: [(old: Range<Int>, new: Range<Int>)] = []
        var (oldEnd, newEnd) = (0, 0)
        var (row, column) = (0, 0)
        var start: (old: Int, new: Int)?
        for edit in edits + [.keep] {
            if edit == .keep, let begun = start {
                found.append((begun.old..<oldEnd, begun.new..<newEnd))
                start = nil
            } else if edit != .keep, start == nil {
                start = (oldEnd, newEnd)
            }
            if edit != .add, row < old.count {
                oldEnd = old[row].endIndex
                row += 1
            }
            if edit != .remove, column < new.count {
                newEnd = new[column].endIndex
                column += 1
            }
        }
        return found
    }

    public var isEmpty: Bool { edits.allSatisfy { $0 == .keep } }

    /// Lines with their ends.
    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for at in text.indices where text[at] == UInt8(ascii: "\n") {
            lines.append(text[start...at])
            start = at + 1
        }
        return start < text.count ? lines + [text[start...]] : lines
    }

    // MARK: The shortest way

    private static func edits(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Edit] {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
        let middle = shortest(Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
        return Array(repeating: .keep, count: start) + middle + Array(repeating: .keep, count: end)
    }

    /// Myers, "An O(ND) Difference Algorithm and Its Variations": `reach[k]` is how far into the old text one comes on
    /// diagonal k with a number of changes.
    private static func shortest(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Edit] {
        let most = min(old.count + new.count, mostChanges)
        var reach = [Int](repeating: 0, count: 2 * most + 3)
        var trace: [[Int]] = []
        for changes in 0...most {
            trace.append(Array(reach[(most - changes)...(most + changes + 2)]))
            for diagonal in stride(from: -changes, through: changes, by: 2) {
                let at = most + 1 + diagonal
                let isDown = diagonal == -changes || diagonal != changes && reach[at - 1] < reach[at + 1]
                var row = isDown ? reach[at + 1] : reach[at - 1] + 1
                while row < old.count, row - diagonal < new.count, old[row] == new[row - diagonal] { row += 1 }
                reach[at] = row
                if row >= old.count, row - diagonal >= new.count { return walk(back: trace, old.count, new.count) }
            }
        }
        return Array(repeating: .remove, count: old.count) + Array(repeating: .add, count: new.count)
    }

    private static func walk(back trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Edit] {
        var edits: [Edit] = []
        var (row, column) = (oldCount, newCount)
        for changes in trace.indices.dropFirst().reversed() {
            let reach = trace[changes]
            func reached(_ diagonal: Int) -> Int { reach[diagonal + changes + 1] }
            let diagonal = row - column
            let isDown = diagonal == -changes || diagonal != changes && reached(diagonal - 1) < reached(diagonal + 1)
            let before = isDown ? reached(diagonal + 1) : reached(diagonal - 1)
            let start = isDown ? before : before + 1
            edits += Array(repeating: .keep, count: row - start)
            edits.append(isDown ? .add : .remove)
            (row, column) = isDown ? (before, before - diagonal - 1) : (before, before - diagonal + 1)
        }
        return (edits + Array(repeating: .keep, count: row)).reversed()
    }

    // MARK: Text

    /// For people who have to agree to a change: empty when nothing differs, and nil stands for a text that is not there.
    /// Whether a text's last line has an end is not told.
    public static func between(_ old: String?, _ new: String?, name: String) -> String {
        func lines(_ text: String?) -> [UInt8] {
            let bytes = Array((text ?? "").utf8)
            return bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [UInt8(ascii: "\n")]
        }
        let diff = UnifiedDiff(from: lines(old), to: lines(new))
        let text = diff.text(old: old.map { _ in "a/\(name)" }, new: new.map { _ in "b/\(name)" })
        return String(decoding: text, as: UTF8.self)
    }

    /// - Parameter name: The file, which the first lines name as `a/NAME` and `b/NAME`.
    public func text(name: String) -> [UInt8] { text(old: "a/\(name)", new: "b/\(name)") }

    private func text(old: String?, new: String?) -> [UInt8] {
        guard !isEmpty else { return [] }
        let nowhere = "/dev/null"
        var text = Array("--- \(old ?? nowhere)\n+++ \(new ?? nowhere)\n".utf8)
        for hunk in hunks { write(hunk, to: &text) }
        return text
    }

    /// Changes with what surrounds them; those that lie close to each other are one.
    private var hunks: [Range<Int>] {
        var hunks: [Range<Int>] = []
        for (at, edit) in edits.enumerated() where edit != .keep {
            let around = max(0, at - Self.context)..<min(edits.count, at + Self.context + 1)
            if let last = hunks.last, last.upperBound >= around.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
            } else {
                hunks.append(around)
            }
        }
        return hunks
    }

    private func write(_ hunk: Range<Int>, to text: inout [UInt8]) {
        var oldLine = edits[..<hunk.lowerBound].count { $0 != .add }
        var newLine = edits[..<hunk.lowerBound].count { $0 != .remove }
        let oldCount = edits[hunk].count { $0 != .add }
        let newCount = edits[hunk].count { $0 != .remove }
        func place(_ line: Int, _ count: Int) -> String { "\(count == 0 ? line : line + 1),\(count)" }
        text += Array("@@ -\(place(oldLine, oldCount)) +\(place(newLine, newCount)) @@\n".utf8)
        for edit in edits[hunk] {
            let line = edit == .add ? new[newLine] : old[oldLine]
            text.append(UInt8(ascii: edit == .keep ? " " : edit == .add ? "+" : "-"))
            text += line
            if line.last != UInt8(ascii: "\n") { text += Array("\n\\ No newline at end of file\n".utf8) }
            if edit != .add { oldLine += 1 }
            if edit != .remove { newLine += 1 }
        }
    }
}
