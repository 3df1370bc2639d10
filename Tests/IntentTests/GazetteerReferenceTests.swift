import Intent
import Testing

/// The tagger against the plainest way to find names: each name beside each run of words, by edit distance.
///
/// Texts and names are of five letters of which no other words are made that the tagger knows.
@Suite struct GazetteerReferenceTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func findsWhatAPlainSearchFinds(_ seed: UInt64) {
        var made = MadeNames(seed: seed)
        let lists = ["gadget", "widget"].map { (name: $0, values: made.names(40)) }
        let reference = PlainSearch(lists)
        let tagger = SlotTagger(lists.map { Gazetteer($0.name, values: $0.values) })
        var sources: [Slot.Source: Int] = [:]
        for _ in 0..<60 {
            let text = made.text(of: lists.flatMap(\.values))
            let found = tagger.slots(in: text)
            #expect(found.map(FoundName.init) == reference.found(in: text), "\(text)")
            for slot in found { sources[slot.source, default: 0] += 1 }
        }
        #expect(sources[.gazetteer, default: 0] > 20 && sources[.fuzzy, default: 0] > 20)
    }
}

private struct FoundName: Equatable {
    /// Kinds and values, the chosen one first.
    var meanings: [[String]]
    var range: Range<Int>
    var source: Slot.Source
    var confidence: Double

    init(_ slot: Slot) {
        meanings = [[slot.name, "\(slot.value)"]] + slot.alternatives.map { [$0.name, $0.value] }
        (range, source, confidence) = (slot.range, slot.source, slot.confidence)
    }

    init(_ meanings: [[String]], _ range: Range<Int>, isFuzzy: Bool) {
        self.meanings = meanings
        self.range = range
        source = isFuzzy ? .fuzzy : .gazetteer
        confidence = (isFuzzy ? 0.75 : 1) * 0.9 / Double(meanings.count)
    }
}

private struct PlainSearch {
    private var names: [(key: [UInt8], meaning: [String])] = []
    private let longest: Int

    init(_ lists: [(name: String, values: [String])]) {
        var longest = 0
        for list in lists {
            for value in list.values {
                let words = Self.words(value)
                longest = max(longest, words.count)
                names.append((words.flatMap(\.letters), [list.name, value]))
            }
        }
        names.sort { $0.key.lexicographicallyPrecedes($1.key) }
        self.longest = min(8, longest + 2)
    }

    func found(in text: String) -> [FoundName] {
        let words = Self.words(text)
        var found: [FoundName] = []
        var first = 0
        while first < words.count {
            if let (name, end) = name(from: first, words) {
                found.append(name)
                first = end
            }
            first += 1
        }
        return found
    }

    private func name(from first: Int, _ words: [Word]) -> (FoundName, last: Int)? {
        var last = first
        while last + 1 < words.count, last + 1 - first < longest, words[last + 1].isJoined { last += 1 }
        for isFuzzy in [false, true] {
            for end in (first...last).reversed() {
                let meanings = meanings(words[first...end].flatMap(\.letters), isFuzzy)
                let range = words[first].range.lowerBound..<words[end].range.upperBound
                if !meanings.isEmpty { return (FoundName(meanings, range, isFuzzy: isFuzzy), end) }
            }
        }
        return nil
    }

    private func meanings(_ key: [UInt8], _ isFuzzy: Bool) -> [[String]] {
        var found: [[String]] = []
        for name in names where isFuzzy ? isOneSlip(key, name.key) : key == name.key {
            if !found.contains(name.meaning) { found.append(name.meaning) }
        }
        return found
    }

    private func isOneSlip(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        min(a.count, b.count) >= 6 && max(a.count, b.count) <= 64 && abs(a.count - b.count) < 2 && distance(a, b) == 1
    }

    /// Letters put in, left out, replaced, and neighbours swapped (optimal string alignment).
    private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = (0...a.count).map { row in (0...b.count).map { row == 0 ? $0 : $0 == 0 ? row : 0 } }
        for i in 1...a.count {
            for j in 1...b.count {
                let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                rows[i][j] = min(replaced, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }

    private struct Word {
        var letters: [UInt8]
        var range: Range<Int>
        /// To the word before: by spaces, or one separator.
        var isJoined: Bool
    }

    private static func words(_ text: String) -> [Word] {
        var words: [Word] = []
        var between = ""
        for (place, letter) in text.enumerated() {
            guard letter.isLetter, let byte = letter.asciiValue else {
                between.append(letter)
                continue
            }
            if between.isEmpty, !words.isEmpty {
                words[words.count - 1].letters.append(byte)
                words[words.count - 1].range = words[words.count - 1].range.lowerBound..<place + 1
            } else {
                let isJoined = ["-", "_", ":"].contains(between) || between.allSatisfy { $0 == " " }
                words.append(Word(letters: [byte], range: place..<place + 1, isJoined: isJoined))
            }
            between = ""
        }
        return words
    }
}

private struct MadeNames {
    private static let letters: [Character] = ["p", "q", "x", "y", "z"]
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed &* 0x9E37_79B9_7F4A_7C15) }

    /// Of one to three words.
    mutating func names(_ count: Int) -> [String] {
        (0..<count).map { _ in
            (0...dice.next(below: 3)).map { _ in word() }.joined(separator: ["-", "_", " "][dice.next(below: 3)])
        }
    }

    /// Names as they are, names with up to two slips, and words, with all kinds of things between them.
    mutating func text(of names: [String]) -> String {
        var text = ""
        for _ in 0..<6 {
            var part = dice.next(below: 4) == 0 ? word() : names[dice.next(below: names.count)]
            for _ in 0..<dice.next(below: 3) { part = slipped(part) }
            text += part + [" ", " ", "  ", "-", "_", ":", ", ", " - ", "--"][dice.next(below: 9)]
        }
        return text
    }

    private mutating func letter() -> Character { Self.letters[dice.next(below: Self.letters.count)] }
    private mutating func word() -> String { String((0...dice.next(below: 6)).map { _ in letter() }) }

    private mutating func slipped(_ name: String) -> String {
        var letters = Array(name)
        let place = dice.next(below: letters.count)
        switch dice.next(below: 5) {
        case 0: letters.insert(letter(), at: place)
        case 1 where letters.count > 1: letters.remove(at: place)
        case 2: letters[place] = letter()
        case 3 where place > 0: letters.swapAt(place, place - 1)
        default: break
        }
        return String(letters)
    }
}
