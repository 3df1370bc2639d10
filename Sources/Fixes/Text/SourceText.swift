import Scan

/// The bytes of a file with its lines, which are counted from 1.
struct SourceText: Sendable {
    let bytes: [UInt8]
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    /// One that ends in a line feed has an empty line after it.
    var lineCount: Int { starts.count }

    /// What a new line ends in here: as the first one does.
    var newline: String {
        guard let first = bytes.firstIndex(of: 0x0A), first > 0, bytes[first - 1] == 0x0D else { return "\n" }
        return "\r\n"
    }

    var endsInNewline: Bool { bytes.isEmpty || bytes.last == 0x0A }

    /// Without its end.
    func line(_ number: Int) -> Range<Int> {
        guard starts.indices.contains(number - 1) else { return bytes.count..<bytes.count }
        let start = starts[number - 1]
        var end = number < starts.count ? starts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return start..<max(start, end)
    }

    /// Where the next line begins; the end of the text for the last one.
    func next(after number: Int) -> Int { number < starts.count ? starts[number] : bytes.count }

    func lineNumber(of offset: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return max(1, low)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func text(ofLine number: Int) -> String { text(line(number)) }

    /// Spaces and tabs before the first character.
    func indentation(ofLine number: Int) -> String {
        text(line(number)).prefix { $0 == " " || $0 == "\t" }.description
    }

    /// The byte at a place; columns count code points. Nil where the line is shorter.
    func offset(of place: Place) -> Int? {
        guard place.line >= 1, place.line <= lineCount else { return nil }
        let end = place.line < starts.count ? starts[place.line] : bytes.count
        var (at, column) = (starts[place.line - 1], 1)
        while column < place.column {
            guard at < end else { return nil }
            at += 1
            while at < end, bytes[at] & 0xC0 == 0x80 { at += 1 }
            column += 1
        }
        return at
    }

    /// The places of a text within a part of this one.
    func find(_ text: String, in range: Range<Int>? = nil) -> [Range<Int>] {
        let range = range ?? 0..<bytes.count
        let sought = Array(text.utf8)
        guard !sought.isEmpty, sought.count <= range.count else { return [] }
        var found: [Range<Int>] = []
        var at = range.lowerBound
        while at + sought.count <= range.upperBound {
            if bytes[at] == sought[0], bytes[at..<at + sought.count].elementsEqual(sought) {
                found.append(at..<at + sought.count)
                at += sought.count
            } else {
                at += 1
            }
        }
        return found
    }
}
