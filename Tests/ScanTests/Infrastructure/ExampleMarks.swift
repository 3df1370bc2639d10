/// What an example says about itself in comments: `# fires: CHECK, CHECK` and `# silent: CHECK, CHECK`. At the end of a
/// line they speak of that line, on lines of their own of the next line that is no comment. A check that is silent is so
/// in the whole block that begins there: in the lines that are indented further, and in the one that closes it.
struct ExampleMarks {
    struct Mark: Hashable {
        var check: String
        /// From 1; one line for what fires.
        var lines: ClosedRange<Int>
    }

    private(set) var fires: [Mark] = []
    private(set) var silent: [Mark] = []
    /// Marks at the end of the file, which speak of nothing.
    private(set) var dangling: [String] = []

    private enum Word: String, CaseIterable {
        case fires = "# fires:"
        case silent = "# silent:"
    }

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var waiting: [(word: Word, check: String)] = []
        for (index, line) in lines.enumerated() {
            let marks = Self.marks(in: line)
            if Self.content(line).first == "#" {
                waiting += marks
            } else if !Self.content(line).isEmpty {
                for mark in waiting + marks { add(mark.word, mark.check, index, lines) }
                waiting = []
            }
        }
        dangling = waiting.map(\.check)
    }

    private mutating func add(_ word: Word, _ check: String, _ index: Int, _ lines: [Substring]) {
        switch word {
        case .fires: fires.append(Mark(check: check, lines: index + 1...index + 1))
        case .silent: silent.append(Mark(check: check, lines: index + 1...Self.end(ofBlockAt: index, lines) + 1))
        }
    }

    private static func marks(in line: Substring) -> [(word: Word, check: String)] {
        Word.allCases.flatMap { word -> [(word: Word, check: String)] in
            guard let range = line.firstRange(of: word.rawValue) else { return [] }
            return line[range.upperBound...].split(separator: ",").map { (word, String(content($0))) }
        }
    }

    private static func end(ofBlockAt start: Int, _ lines: [Substring]) -> Int {
        var end = start
        for index in lines.indices.dropFirst(start + 1) where !content(lines[index]).isEmpty {
            let depth = indentation(lines[index]) - indentation(lines[start])
            let isClosing = depth == 0 && content(lines[index]).first.map { "}])".contains($0) } ?? false
            guard depth > 0 || isClosing else { break }
            end = index
        }
        return end
    }

    private static func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

    private static func content(_ line: Substring) -> Substring {
        let start = line.drop { $0 == " " }
        let spaces = start.reversed().prefix { $0 == " " }.count
        return start.dropLast(spaces)
    }
}
