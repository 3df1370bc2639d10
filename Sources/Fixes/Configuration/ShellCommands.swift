/// The commands of a `RUN`, word by word with their places, as a shell parts them.
struct ShellCommands {
    struct Word {
        var text: String
        var range: Range<Int>
    }

    private(set) var commands: [[Word]] = []
    private var current: [Word] = []

    init(_ text: SourceText, in range: Range<Int>, escape: Character) {
        let bytes = text.bytes
        var at = range.lowerBound
        var start: Int?
        var quote: UInt8 = 0
        func isSeparator(_ byte: UInt8) -> Bool { "&|;()".utf8.contains(byte) }
        func take() {
            if let from = start { current.append(Word(text: text.text(from..<at), range: from..<at)) }
            start = nil
        }
        while at < range.upperBound {
            let byte = bytes[at]
            if quote != 0 {
                if byte == UInt8(ascii: "\\"), quote == 0x22 { at += 1 } else if byte == quote { quote = 0 }
            } else if byte == escape.asciiValue, let end = Self.lineEnd(bytes, at + 1, range.upperBound) {
                take()
                at = end
                at = Self.skipRemarks(text, at, range.upperBound)
                continue
            } else if byte == UInt8(ascii: "\\") {
                start = start ?? at
                at += 1
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
                start = start ?? at
            } else if byte == 0x0A || isSeparator(byte) {
                take()
                finish()
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0D {
                take()
            } else {
                start = start ?? at
            }
            at += 1
        }
        at = min(at, range.upperBound)
        take()
        finish()
    }

    private mutating func finish() {
        if !current.isEmpty { commands.append(current) }
        current = []
    }

    /// Where the next line begins, when nothing but white space stands before it.
    private static func lineEnd(_ bytes: [UInt8], _ from: Int, _ limit: Int) -> Int? {
        var at = from
        while at < limit, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
        return at < limit && bytes[at] == 0x0A ? at + 1 : nil
    }

    /// Lines of remarks between continued ones.
    private static func skipRemarks(_ text: SourceText, _ from: Int, _ limit: Int) -> Int {
        var at = from
        while at < limit {
            let line = text.lineNumber(of: at)
            let content = text.text(ofLine: line).drop { $0 == " " || $0 == "\t" }
            guard content.isEmpty || content.first == "#" else { return at }
            at = min(limit, text.next(after: line))
        }
        return at
    }

    /// The place of the command's name among its words, past assignments and flags of the instruction.
    static func name(in words: [Word], of names: [String]) -> Int? {
        let skipped: Set<String> = ["sudo", "exec", "then", "do", "else", "{", "!", "time", "if", "env"]
        for (index, word) in words.enumerated() {
            if names.contains(word.text) { return index }
            let isAssignment = word.text.firstIndex(of: "=").map { $0 > word.text.startIndex } ?? false
            guard isAssignment || word.text.hasPrefix("-") || skipped.contains(word.text) else { return nil }
        }
        return nil
    }
}
