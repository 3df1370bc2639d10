/// Postal addresses: a street and a house number in the orders of several countries. Precision before recall: a street
/// without a number, or a number without a street word, is none.
extension TextWalk {
    /// At digits: `221B Baker Street`, `12 rue de la Paix`, `P.O. Box` is found at its word.
    mutating func houseNumber(at start: Int, _ form: Int) {
        guard let number = integer(start, upTo: 6), byte(start - 1) != UInt8(ascii: "."), byte(start - 1) != 0x2d else {
            return
        }
        var index = number.end
        if byte(index).isLetter, !byte(index + 1).isWord { index += 1 }
        if byte(index) == 0x2d || byte(index) == 0x2f, let second = integer(index + 1, upTo: 4) { index = second.end }
        if byte(index) == UInt8(ascii: ",") { index += 1 }
        guard byte(index) == 0x20 else { return }
        var words = 0
        var end = index + 1
        while words < 6 {
            let word = end..<wordEnd(end)
            guard !word.isEmpty else { return }
            let kinds = kinds(word)
            if words == 0, kinds.contains(.streetBefore), word.count > 2 {
                // `1 route` counts routes.
                let name = prefixedStreetEnd(word.upperBound)
                if name > word.upperBound { finish(start, name, form) }
                return
            }
            if words > 0, kinds.contains(.streetAfter), startsCapital(word) {
                finish(start, word.upperBound, form)
                return
            }
            guard startsCapital(word) || word.count <= 4 && bytes[word.lowerBound].isDigit else { return }
            if endsLikeStreet(word) {
                finish(start, numberEnd(word.upperBound) ?? word.upperBound, form)
                return
            }
            var next = word.upperBound
            if byte(next) == UInt8(ascii: ".") { next += 1 }
            guard byte(next) == 0x20 else { return }
            end = next + 1
            words += 1
        }
    }

    /// At a capitalised word: `Hauptstraße 12`, `Via Roma 3`, `ul. Długa 5`, `PO Box 12`.
    mutating func street(_ range: Range<Int>, _ kinds: WordKinds) {
        guard let form = plan[.address] else { return }
        if endsLikeStreet(range), let end = numberEnd(range.upperBound) {
            finish(range.lowerBound, end, form)
        } else if kinds.contains(.streetBefore) {
            var next = range.upperBound
            if byte(next) == UInt8(ascii: ".") { next += 1 }
            guard byte(next) == 0x20 else { return }
            let name = prefixedStreetEnd(next)
            guard name > next + 1, let end = numberEnd(name) else { return }
            finish(range.lowerBound, end, form)
        } else if kinds.contains(.streetAfter), range.count > 5, let end = numberEnd(range.upperBound),
            let word = wordBefore(range.lowerBound), startsCapital(word)
        {
            finish(word.lowerBound, end, form)
        } else if range.count == 3, bytes[range].elementsEqual("Box".utf8), let end = numberEnd(range.upperBound),
            let word = wordBefore(range.lowerBound, past: [0x2e])
        {
            finish(word.count == 1 ? max(0, word.lowerBound - 2) : word.lowerBound, end, form)
        }
    }

    /// Past up to five words of a street's name: capitals and small joints.
    private func prefixedStreetEnd(_ start: Int) -> Int {
        var end = start
        for _ in 0..<5 {
            var next = end
            if byte(next) == UInt8(ascii: ".") || byte(next) == UInt8(ascii: "/") { next += 1 }
            next = skipBlanks(next)
            let word = next..<wordEnd(next)
            guard !word.isEmpty, startsCapital(word) || kinds(word).contains(.particle) else { break }
            end = word.upperBound
        }
        return end
    }

    /// ` 12`, ` 12a`, `, 12`, ` nr 12`.
    private func numberEnd(_ start: Int) -> Int? {
        var index = start
        if byte(index) == UInt8(ascii: ",") || byte(index) == UInt8(ascii: ".") { index += 1 }
        index = skipBlanks(index)
        guard index > start, let number = integer(index, upTo: 5), number.value > 0 else { return nil }
        var end = number.end
        if byte(end).isLetter, !byte(end + 1).isWord { end += 1 }
        if byte(end) == 0x2d || byte(end) == 0x2f, let second = integer(end + 1, upTo: 4) { end = second.end }
        return byte(end).isWord ? nil : end
    }

    private static let endings: [[UInt8]] = [
        "straße", "strasse", "straat", "gasse", "weg", "platz", "allee", "laan", "plein", "gracht", "kade", "gatan",
        "vägen", "vagen", "vej", "gade", "veien", "gata", "katu", "tie", "utca", "gränd", "stræde", "kuja", "väg",
        "str", "ufer", "damm", "ring", "dreef", "singel", "steeg", "vegen", "allé", "gate",
    ].map { Array($0.utf8) }

    private func endsLikeStreet(_ range: Range<Int>) -> Bool {
        // `During` ends like `Ring`.
        guard range.count >= 6, kinds(range).isDisjoint(with: .common) else { return false }
        return Words.lowercased(UnsafeRawBufferPointer(rebasing: bytes[range])) { text in
            TextWalk.endings.contains { text.count > $0.count + 1 && Words.ends(text, $0) }
        }
    }

    /// Takes flat, town and postcode where they follow on the same line.
    private mutating func finish(_ start: Int, _ end: Int, _ form: Int) {
        var end = end
        var index = byte(end) == UInt8(ascii: ".") || byte(end) == UInt8(ascii: ",") ? end + 1 : end
        index = skipBlanks(index, lines: 1)
        let word = index..<wordEnd(index)
        if !word.isEmpty, kinds(word).contains(.unit), let unit = numberEnd(word.upperBound) { end = unit }
        add(start..<end, form, reasons: [.form, .list])
    }
}
