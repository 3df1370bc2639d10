/// The instructions of a Dockerfile with the lines that they take.
struct DockerfileText {
    struct Instruction {
        /// In capital letters.
        var name: String
        var keyword: Range<Int>
        var lines: ClosedRange<Int>
        /// What follows the keyword, up to the end of the last line.
        var value: Range<Int>
        var hasHeredoc: Bool
    }

    let text: SourceText
    private(set) var instructions: [Instruction] = []
    private(set) var escape: Character = "\\"

    init(_ text: SourceText) {
        self.text = text
        readDirective()
        var line = 1
        while line <= text.lineCount {
            let content = Self.trimmed(text.text(ofLine: line))
            if content.isEmpty || content.hasPrefix("#") {
                line += 1
                continue
            }
            let instruction = instruction(from: line)
            instructions.append(instruction)
            line = instruction.lines.upperBound + 1
        }
    }

    /// The one that begins on a line.
    func index(onLine line: Int) -> Int? { instructions.firstIndex { $0.lines.lowerBound == line } }

    /// The instructions of the stage that begins with `FROM` at an index, without it.
    func stage(from index: Int) -> Range<Int> {
        let end = instructions[(index + 1)...].firstIndex { $0.name == "FROM" } ?? instructions.count
        return index + 1..<end
    }

    /// `# escape=`…, before everything else.
    private mutating func readDirective() {
        for line in 1...max(1, text.lineCount) {
            let content = text.text(ofLine: line)
            guard content.hasPrefix("#"), let sign = content.firstIndex(of: "=") else { return }
            let name = Self.trimmed(String(content[..<sign].dropFirst())).lowercased()
            if name == "escape", let mark = Self.trimmed(String(content[content.index(after: sign)...])).first {
                escape = mark
            }
        }
    }

    private func instruction(from first: Int) -> Instruction {
        let line = text.line(first)
        let indentation = text.indentation(ofLine: first).utf8.count
        let start = line.lowerBound + indentation
        let word = text.bytes[start..<line.upperBound].prefix { $0 > 0x20 }
        var last = first
        while last < text.lineCount {
            let content = Self.trimmed(text.text(ofLine: last))
            // Remarks and empty lines within continued ones belong to them.
            guard content.last == escape || last > first && (content.isEmpty || content.hasPrefix("#")) else { break }
            last += 1
        }
        let name = String(decoding: word, as: UTF8.self).uppercased()
        let head = text.text(word.endIndex..<text.line(last).upperBound)
        let ends = ["RUN", "COPY", "ADD"].contains(name) ? Self.heredocs(in: head) : []
        for end in ends {
            while last < text.lineCount {
                last += 1
                let content = text.text(ofLine: last)
                if content == end.name || end.isIndented && content.drop(while: { $0 == "\t" }) == end.name { break }
            }
        }
        return Instruction(
            name: name, keyword: word.startIndex..<word.endIndex, lines: first...last,
            value: word.endIndex..<text.line(last).upperBound, hasHeredoc: !ends.isEmpty)
    }

    private static func heredocs(in text: String) -> [(name: String, isIndented: Bool)] {
        text.split(whereSeparator: \.isWhitespace).compactMap { word in
            guard word.hasPrefix("<<"), !word.hasPrefix("<<<") else { return nil }
            let isIndented = word.hasPrefix("<<-")
            let name = word.dropFirst(isIndented ? 3 : 2).filter { $0 != "\"" && $0 != "'" }
            return name.isEmpty ? nil : (name, isIndented)
        }
    }

    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
