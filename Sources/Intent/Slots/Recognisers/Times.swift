import Core

/// Points and spans of time: `yesterday`, `since monday`, `last 24h`, `2 hours ago`, `until 18:30`, `on 2026-03-01`.
struct Times {
    let text: SlotText
    let amounts: Amounts

    func slots() -> [Slot] {
        var slots: [Slot] = []
        var index = 0
        while index < text.words.count {
            guard let found = reference(at: index) else {
                index += 1
                continue
            }
            slots.append(
                Slot(
                    name: "time", value: .time(found.time),
                    range: text.words[index].range.lowerBound..<found.end, source: .pattern,
                    confidence: found.confidence))
            index = max(index + 1, text.word(from: found.end))
        }
        return slots
    }

    private typealias Found = (time: TimeReference, end: Int, confidence: Double)
    private typealias Point = (point: TimeReference.Point, end: Int)

    private func reference(at index: Int) -> Found? {
        guard let word = text[index] else { return nil }
        switch word {
        case "since", "from", "after": return bounded(.since, index, isSure: word == "since")
        case "until", "till", "before", "by": return bounded(.until, index, isSure: word == "until" || word == "till")
        case "on", "at", "in", "during":
            guard let point = point(at: skippingArticle(index + 1)), word != "in" else { break }
            return (TimeReference(.during, point.point), point.end, 0.9)
        default: break
        }
        if let span = recent(at: index) { return span }
        if let duration = amounts.duration(from: index), case .duration(let length) = duration.value {
            let behind = text.word(from: duration.range.upperBound)
            guard text[behind] == "ago" else { return nil }
            return (TimeReference(.during, .ago(length)), text.words[behind].range.upperBound, 0.95)
        }
        guard let point = point(at: index) else { return nil }
        return (TimeReference(.during, point.point), point.end, 0.9)
    }

    /// `since` and `until` say that a time follows; `from`, `after`, `before` and `by` do so where one does.
    private func bounded(_ relation: TimeReference.Relation, _ index: Int, isSure: Bool) -> Found? {
        let start = skippingArticle(index + 1)
        if let point = point(at: start) {
            return (TimeReference(relation, point.point), point.end, isSure ? 0.95 : 0.8)
        }
        guard isSure, let duration = amounts.duration(from: start), case .duration(let length) = duration.value
        else { return nil }
        let behind = text.word(from: duration.range.upperBound)
        let end = text[behind] == "ago" ? text.words[behind].range.upperBound : duration.range.upperBound
        return (TimeReference(relation, .ago(length)), end, 0.9)
    }

    /// `last 24h`, `the past two days`, `last hour`, `last week`, `this month`.
    private func recent(at index: Int) -> Found? {
        let start =
            text[index] == "in" || text[index] == "over" || text[index] == "within" ? skippingArticle(index + 1) : index
        guard let ago = periodsAgo(start), let unit = text[start + 1] else { return nil }
        let end = text.words[start + 1].range.upperBound
        switch unit {
        case "week": return (TimeReference(.during, .week(ago: ago)), end, 0.95)
        case "month": return (TimeReference(.during, .month(ago: ago)), end, 0.95)
        case "night" where ago == 1: return (TimeReference(.during, .day(ago: 1)), end, 0.8)
        case "morning", "afternoon", "evening":
            return ago == 0 ? (TimeReference(.during, .day(ago: 0)), end, 0.8) : nil
        default: break
        }
        guard ago == 1 else { return nil }
        if let day = TimeReference.weekdays.firstIndex(of: unit) {
            return (TimeReference(.during, .weekday(day + 1)), end, 0.95)
        }
        if let duration = amounts.duration(from: start + 1), case .duration(let length) = duration.value {
            return (TimeReference(.since, .ago(length)), duration.range.upperBound, 0.95)
        }
        guard let seconds = Units.seconds(unit), unit.utf8.count > 1 else { return nil }
        return (TimeReference(.since, .ago(.milliseconds(Int64(seconds * 1000)))), end, 0.95)
    }

    private func periodsAgo(_ index: Int) -> Int? {
        switch text[index] {
        case "last", "past", "previous": 1
        case "this": 0
        default: nil
        }
    }

    private func skippingArticle(_ index: Int) -> Int { text[index] == "the" ? index + 1 : index }

    // MARK: - Points

    private func point(at index: Int) -> Point? {
        guard let word = text[index] else { return nil }
        if let date = date(at: index) { return date }
        if let clock = clock(at: index) { return clock }
        let end = text.words[index].range.upperBound
        switch word {
        case "today", "tonight": return (.day(ago: 0), end)
        case "yesterday": return (.day(ago: 1), end)
        case "tomorrow": return (.day(ago: -1), end)
        case "now": return nil
        case "midnight": return (.clock(hour: 0, minute: 0), end)
        case "noon": return (.clock(hour: 12, minute: 0), end)
        case "last", "this":
            guard let span = recent(at: index), span.time.relation == .during else { return nil }
            return (span.time.point, span.end)
        default: return TimeReference.weekdays.firstIndex(of: word).map { (.weekday($0 + 1), end) }
        }
    }

    /// RFC 3339, the whole or its date.
    private func date(at index: Int) -> Point? {
        let range = text.words[index].range
        guard range.count == 4, text.byte(at: range.upperBound) == UInt8(ascii: "-") else { return nil }
        if let chunk = text.chunk(at: range.lowerBound), chunk.lowerBound == range.lowerBound, chunk.count > 10,
            chunk.count < 40, let time = Timestamp(text.text(chunk))
        {
            return (.instant(time), chunk.upperBound)
        }
        let end = range.lowerBound + 10
        guard end <= text.bytes.count, text.byte(at: end).map({ !Words.isLetter($0) }) ?? true,
            let day = Timestamp(text.text(range.lowerBound..<end) + "T00:00:00Z")
        else { return nil }
        return (.date(day), end)
    }

    /// `14:30`, `9 am`, `9pm`.
    private func clock(at index: Int) -> Point? {
        let word = text.words[index]
        guard word.digits > 0 else { return nil }
        let digits = word.text.prefix { $0.isASCII && $0.isNumber }
        guard (1...2).contains(digits.count), let hour = Int(digits) else { return nil }
        if digits.count == word.text.count, text.byte(at: word.range.upperBound) == UInt8(ascii: ":"),
            let next = text[index + 1], next.utf8.count == 2, let minute = Int(next), hour < 24, minute < 60
        {
            return (.clock(hour: hour, minute: minute), text.words[index + 1].range.upperBound)
        }
        let isWhole = digits.count == word.text.count
        let suffix = isWhole ? text[index + 1] ?? "" : String(word.text.dropFirst(digits.count))
        guard suffix == "am" || suffix == "pm", (1...12).contains(hour) else { return nil }
        let end = isWhole ? text.words[index + 1].range.upperBound : word.range.upperBound
        return (.clock(hour: hour % 12 + (suffix == "pm" ? 12 : 0), minute: 0), end)
    }
}
