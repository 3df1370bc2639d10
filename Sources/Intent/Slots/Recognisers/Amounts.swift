/// Numbers and what they are of: percentages, durations, replicas and the like.
struct Amounts {
    let text: SlotText

    /// A number as it stands in a text.
    struct Number {
        var value: Double
        /// Of the text's bytes.
        var range: Range<Int>
        /// The word behind it.
        var next: Int
    }

    func slots() -> [Slot] {
        var slots: [Slot] = []
        var index = 0
        while index < text.words.count {
            let number = number(at: index)
            let found =
                number.flatMap(percentage) ?? duration(from: index) ?? number.flatMap(quantity) ?? number.flatMap(plain)
            if let found { slots.append(found) }
            // At least the number is behind; a duration of several parts is more.
            index = max(number?.next ?? index + 1, text.word(from: found?.range.upperBound ?? 0))
        }
        return slots
    }

    // MARK: - Kinds

    private func percentage(_ number: Number) -> Slot? {
        if text.byte(at: number.range.upperBound) == UInt8(ascii: "%") {
            return slot("percentage", .number(number.value), number.range.lowerBound..<number.range.upperBound + 1)
        }
        guard text.areNeighbours(number.next - 1), let word = text[number.next] else { return nil }
        let end: Int
        switch word {
        case "percent", "pct", "percentage": end = number.next
        case "per" where text[number.next + 1] == "cent": end = number.next + 1
        default: return nil
        }
        return slot("percentage", .number(number.value), number.range.lowerBound..<text.words[end].range.upperBound)
    }

    /// `30m`, `1h30m`, `2 hours`, `2 hours and 30 minutes`, `an hour`, `half an hour`.
    func duration(from first: Int) -> Slot? {
        guard text.words.indices.contains(first) else { return nil }
        var seconds = 0.0
        var end: Int?
        var index = first
        while let part = durationPart(at: index) {
            seconds += part.seconds
            end = part.end
            index = part.next
            if text[index] == "and", durationPart(at: index + 1) != nil { index += 1 }
        }
        guard let end, seconds > 0, seconds < 1e10 else { return nil }
        return slot(
            "duration", .duration(.milliseconds(Int64(seconds * 1000))), text.words[first].range.lowerBound..<end)
    }

    private func durationPart(at index: Int) -> (seconds: Double, end: Int, next: Int)? {
        if let compact = compactDuration(at: index) { return compact }
        if text[index] == "half", text[index + 1] == "an" || text[index + 1] == "a",
            let unit = text[index + 2].flatMap(Units.seconds)
        {
            return (unit / 2, text.words[index + 2].range.upperBound, index + 3)
        }
        if let number = number(at: index) {
            guard let word = text[number.next], let unit = Units.seconds(word), text.areNeighbours(number.next - 1)
            else { return nil }
            return (number.value * unit, text.words[number.next].range.upperBound, number.next + 1)
        }
        guard text[index] == "a" || text[index] == "an", let word = text[index + 1], let unit = Units.single(word)
        else { return nil }
        return (unit, text.words[index + 1].range.upperBound, index + 2)
    }

    /// One word of numbers and units: `90s`, `1h30m`, `250ms`.
    private func compactDuration(at index: Int) -> (seconds: Double, end: Int, next: Int)? {
        guard text.words.indices.contains(index), text.words[index].digits > 0 else { return nil }
        if let decimal = decimalDuration(at: index) { return decimal }
        var rest = text.letters[text.words[index].letters]
        var seconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix(while: Words.isDigit)
            let letters = rest.dropFirst(digits.count).prefix { !Words.isDigit($0) }
            rest = rest.dropFirst(digits.count + letters.count)
            guard (1..<10).contains(digits.count), let unit = Units.short(String(decoding: letters, as: UTF8.self))
            else { return nil }
            seconds += Double(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }) * unit
        }
        return (seconds, text.words[index].range.upperBound, index + 1)
    }

    /// `1.5h`, whose first word is the 1.
    private func decimalDuration(at index: Int) -> (seconds: Double, end: Int, next: Int)? {
        let whole = text.words[index]
        guard whole.isNumber,
            text.byte(at: whole.range.upperBound) == UInt8(ascii: "."),
            let next = text[index + 1], text.words[index + 1].range.lowerBound == whole.range.upperBound + 1
        else { return nil }
        let digits = next.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, whole.text.utf8.count + digits.count < 16, let value = Double("\(whole.text).\(digits)"),
            let unit = Units.short(String(next.dropFirst(digits.count)))
        else { return nil }
        return (value * unit, text.words[index + 1].range.upperBound, index + 2)
    }

    private func quantity(_ number: Number) -> Slot? {
        guard text.areNeighbours(number.next - 1), let word = text[number.next], let unit = Units.things[word] else {
            return nil
        }
        let range = number.range.lowerBound..<text.words[number.next].range.upperBound
        return slot("quantity", .quantity(number.value, of: unit), range)
    }

    private func plain(_ number: Number) -> Slot? {
        // Digits that belong to a name, a version or an address mean no number by themselves.
        let (before, after) = (text.byte(at: number.range.lowerBound - 1), text.byte(at: number.range.upperBound))
        let joints = Array("-_./:#@".utf8)
        if let before, joints.contains(before) { return nil }
        if let after, joints.dropFirst(3).contains(after) || after == joints[0] || after == joints[1],
            let then = text.byte(at: number.range.upperBound + 1), Words.isLetter(then)
        {
            return nil
        }
        return slot("number", .number(number.value), number.range)
    }

    private func slot(_ name: String, _ value: Slot.Value, _ range: Range<Int>) -> Slot {
        Slot(name: name, value: value, range: range, source: .pattern, confidence: name == "number" ? 0.7 : 0.95)
    }

    // MARK: - Numbers

    /// In digits (`1,000`, `2.5`, `10k`) or in words up to twelve.
    func number(at index: Int) -> Number? {
        guard text.words.indices.contains(index) else { return nil }
        let word = text.words[index]
        if word.digits == 0 {
            return Units.numbers[word.text].map { Number(value: $0, range: word.range, next: index + 1) }
        }
        if word.text.last == "k", let value = Double(word.text.dropLast()) {
            return Number(value: value * 1000, range: word.range, next: index + 1)
        }
        guard word.isNumber, word.digits <= 15 else { return nil }
        var (digits, next) = (word.text, index + 1)
        while let group = joined(next, by: ","), group.utf8.count == 3, digits.utf8.count < 15 {
            digits += group
            next += 1
        }
        if let fraction = joined(next, by: "."), joined(next + 1, by: ".") == nil {
            digits += "." + fraction
            next += 1
        }
        guard let value = Double(digits) else { return nil }
        return Number(value: value, range: word.range.lowerBound..<text.words[next - 1].range.upperBound, next: next)
    }

    /// A word of digits right behind another, with one character between them.
    private func joined(_ index: Int, by mark: Unicode.Scalar) -> String? {
        guard index > 0, text.words.indices.contains(index) else { return nil }
        let (before, word) = (text.words[index - 1].range, text.words[index])
        guard word.range.lowerBound == before.upperBound + 1, text.bytes[before.upperBound] == UInt8(ascii: mark),
            word.isNumber
        else { return nil }
        return word.text
    }
}
