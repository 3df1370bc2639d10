/// Dates: numeric in the usual orders, and with names of months in several languages.
extension TextWalk {
    mutating func date(at start: Int, _ form: Int) {
        let before = byte(start - 1)
        guard before != UInt8(ascii: "."), before != UInt8(ascii: "/"), before != UInt8(ascii: "$") else { return }
        if before == UInt8(ascii: "-"), byte(start - 2).isDigit { return }
        guard let first = integer(start, upTo: 4) else { return }
        let count = first.end - start
        if let end = numericDate(first, count) ?? wordDate(first, count) {
            addDate(start..<timeEnd(end), form, 0.85)
        } else if count == 4, isYear(first.value), !byte(first.end).isWord {
            bareYear(start..<first.end, form)
        }
    }

    private mutating func addDate(_ range: Range<Int>, _ form: Int, _ confidence: Double) {
        let isBirth = mentions(form, around: range)
        add(range, form, confidence: confidence, kind: isBirth ? .dateOfBirth : .date)
    }

    func integer(_ start: Int, upTo digits: Int) -> (value: Int, end: Int)? {
        var (index, value) = (start, 0)
        while has(index), index - start <= digits, bytes[index].isDigit {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return index > start && index - start <= digits ? (value, index) : nil
    }

    private func isYear(_ value: Int) -> Bool { (1900...2099).contains(value) }

    /// `2019-03-07`, `7.3.2019`, `03/07/19`: the end, or nil.
    private func numericDate(_ first: (value: Int, end: Int), _ count: Int) -> Int? {
        let separator = byte(first.end)
        guard [0x2d, 0x2e, 0x2f].contains(separator) else { return nil }
        var next = first.end + 1
        if separator == 0x2e, byte(next) == 0x20 { next += 1 }
        guard let second = integer(next, upTo: 2), byte(second.end) == separator else {
            return monthNameDate(first, next, separator)
        }
        next = second.end + 1
        if separator == 0x2e, byte(next) == 0x20 { next += 1 }
        guard let third = integer(next, upTo: 4), !byte(third.end).isDigit else { return nil }
        let size = third.end - next
        if byte(third.end) == separator, byte(third.end + 1).isDigit { return nil }
        if count == 4 {
            return isYear(first.value) && Detector.isDay(third.value, second.value) ? third.end : nil
        }
        let isDay = Detector.isDay(first.value, second.value) || Detector.isDay(second.value, first.value)
        guard isDay,
            size == 4 ? (1800...2199).contains(third.value) : size == 2 && separator != 0x2e || size == 2 && count == 2
        else { return nil }
        return third.end
    }

    /// `07-Mar-2019`.
    private func monthNameDate(_ first: (value: Int, end: Int), _ next: Int, _ separator: UInt8) -> Int? {
        let end = wordEnd(next)
        guard (1...31).contains(first.value), end - next >= 3, kinds(next..<end).contains(.month),
            byte(end) == separator, let year = integer(end + 1, upTo: 4)
        else { return nil }
        return year.end
    }

    /// `7 March 2019`, `7th of March, 2019`, `7. März`, `7 de marzo de 2019`.
    private func wordDate(_ first: (value: Int, end: Int), _ count: Int) -> Int? {
        guard count <= 2, (1...31).contains(first.value) else { return nil }
        var index = first.end
        if ordinals.contains(where: { matches($0, at: index) }) { index += 2 }
        if byte(index) == UInt8(ascii: ".") || byte(index) == UInt8(ascii: "e") { index += 1 }
        index = skipBlanks(index)
        for joint in ["of ", "de "] as [String] where matches(joint, at: index) { index += 3 }
        let end = wordEnd(index)
        guard index > first.end, end - index >= 3, isMonth(index..<end) else { return nil }
        return yearEnd(end) ?? end
    }

    private var ordinals: [StaticString] { ["st", "nd", "rd", "th", "er"] }

    private func matches(_ text: some StringProtocol, at index: Int) -> Bool {
        has(index + text.utf8.count - 1) && bytes[index..<(index + text.utf8.count)].elementsEqual(text.utf8)
    }

    private func matches(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { has(index + $0.count - 1) && bytes[index..<(index + $0.count)].elementsEqual($0) }
    }

    /// Lower-case month names of languages that write them so count; `may` and `mar` must be capitalised.
    private func isMonth(_ range: Range<Int>) -> Bool {
        kinds(range).contains(.month) && (range.count > 3 || bytes[range.lowerBound].isCapital)
    }

    /// `, 2019` or ` de 2019` after a month.
    private func yearEnd(_ end: Int) -> Int? {
        var index = end
        if byte(index) == UInt8(ascii: ".") || byte(index) == UInt8(ascii: ",") { index += 1 }
        index = skipBlanks(index)
        for joint in ["de ", "of ", "del "] as [String] where matches(joint, at: index) { index += joint.utf8.count }
        guard let year = integer(index, upTo: 4), year.end - index == 4, (1800...2199).contains(year.value) else {
            return nil
        }
        return year.end
    }

    /// `T12:30:00Z`, ` 12:30:00`.
    private func timeEnd(_ end: Int) -> Int {
        guard byte(end) == 0x20 || byte(end) == UInt8(ascii: "T"), let hour = integer(end + 1, upTo: 2),
            hour.value < 24,
            byte(hour.end) == UInt8(ascii: ":"), let minute = integer(hour.end + 1, upTo: 2), minute.value < 60
        else { return end }
        var index = minute.end
        if byte(index) == UInt8(ascii: ":"), let second = integer(index + 1, upTo: 2) { index = second.end }
        if byte(index) == UInt8(ascii: "."), let part = integer(index + 1, upTo: 9) { index = part.end }
        return byte(index) == UInt8(ascii: "Z") ? index + 1 : index
    }

    /// `in 1987`: a year alone is a date only after words that say so.
    private mutating func bareYear(_ range: Range<Int>, _ form: Int) {
        guard let word = wordBefore(range.lowerBound, past: [UInt8(ascii: "(")]), byte(range.upperBound) != 0x2d,
            byte(range.lowerBound - 1) != 0x2d, kinds(word).contains(.yearCue)
        else { return }
        if byte(range.upperBound) == UInt8(ascii: "."), byte(range.upperBound + 1).isDigit { return }
        // `in 1987 cases` counts, `in 1987 the` does not: numbers of things are followed by plural nouns.
        addDate(range, form, 0.35)
    }

    /// `March 7, 2019`, `March 2019`, `Mar 7th`; weekdays.
    mutating func namedDate(_ range: Range<Int>, _ kinds: WordKinds) {
        guard let form = plan[.date] else { return }
        if kinds.contains(.weekday) {
            // `on Thursday`; alone it names a song or a shift as well.
            guard let word = wordBefore(range.lowerBound), self.kinds(word).contains(.yearCue) else { return }
            add(range, form, confidence: 0.4, kind: .date)
            return
        }
        let begin = skipBlanks(byte(range.upperBound) == UInt8(ascii: ".") ? range.upperBound + 1 : range.upperBound)
        guard begin > range.upperBound, let first = integer(begin, upTo: 4) else { return }
        if first.end - begin == 4, isYear(first.value) {
            addDate(range.lowerBound..<first.end, form, 0.6)
        } else if first.end - begin <= 2, (1...31).contains(first.value) {
            var end = first.end
            if ordinals.contains(where: { matches($0, at: end) }) { end += 2 }
            guard !byte(end).isWord else { return }
            addDate(range.lowerBound..<timeEnd(yearEnd(end) ?? end), form, 0.75)
        }
    }
}
