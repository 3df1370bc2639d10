/// Invents a value of the same kind and form: from ranges that nobody has where the kind has such ranges, with the right
/// check digits where it has check digits. What a stand-in replaces cannot be learnt from it.
struct StandIn {
    let value: [UInt8]
    let kind: PrivacyKind
    let detector: Detector?
    /// Written as the kind is: what the form leaves in place tells nothing.
    let isPlain: Bool

    /// Nil for kinds whose invented values would pass for real ones or mean nothing (keys, addresses of chains).
    func invent(_ seed: UInt64) -> [UInt8]? {
        var draw = Draw(state: seed)
        switch kind {
        case .email: return email(&draw)
        case .ip: return address(&draw)
        case .mac: return mac(&draw)
        case .url: return Array("https://example.org/\(draw.word(10))".utf8)
        case .person: return person(&draw)
        case .address: return Array("\(1 + draw.below(199)) Example Street".utf8)
        case .secret, .highEntropy, .crypto: return nil
        default: return isPlain ? formed(&draw) : nil
        }
    }

    /// Of the form of the value.
    private func formed(_ draw: inout Draw) -> [UInt8]? {
        switch kind {
        case .phone: return phone(&draw)
        case .creditCard: return card(&draw)
        case .iban: return iban(&draw)
        case .ssn: return filled([9, draw.below(10), draw.below(10), 0, 1 + draw.below(9)], &draw)
        case .date, .dateOfBirth: return date(&draw)
        case .coordinates: return coordinates(&draw)
        default: return checked(&draw)
        }
    }

    private func email(_ draw: inout Draw) -> [UInt8] {
        Array("\(draw.word(8))@\(["example.com", "example.net", "example.org"][draw.below(3)])".utf8)
    }

    /// North America: 555-0100 to 0199; Britain's mobile numbers for drama; elsewhere the country and area stay and the
    /// rest is drawn, since no range is set aside.
    private func phone(_ draw: inout Draw) -> [UInt8]? {
        let digits = value.filter(\.isDigit).map { Int($0) - 0x30 }
        guard digits.count >= 6 else { return nil }
        let isAmerican = digits.count == 10 && value.first != UInt8(ascii: "+") || digits.count == 11 && digits[0] == 1
        if isAmerican {
            return filled(Array(digits.prefix(digits.count - 7)) + [5, 5, 5, 0, 1], &draw)
        }
        if digits.starts(with: [4, 4]), digits.count == 12 { return filled([4, 4, 7, 7, 0, 0, 9, 0, 0], &draw) }
        return filled(Array(digits.prefix(digits.count / 3)), &draw)
    }

    /// Prefixes of the networks' test cards.
    private func card(_ draw: inout Draw) -> [UInt8]? {
        let digits = value.filter(\.isDigit).map { Int($0) - 0x30 }
        guard digits.count >= 12, !value.contains(where: \.isLetter) else { return nil }
        let prefix: [Int]
        switch digits[0] {
        case 3:
            prefix =
                digits.count == 15 ? [3, 7, 8, 2, 8, 2] : digits[1] == 5 ? [3, 5, 6, 6, 0, 0] : [3, 0, 5, 6, 9, 3]
        case 4: prefix = [4, 0, 0, 0, 0, 0]
        case 2, 5: prefix = digits.count == 16 ? [5, 2, 0, 0, 8, 2] : [5, 0, 1, 8, 0, 0]
        default: prefix = digits.count >= 16 ? [6, 0, 1, 1, 1, 1] : [6, 7, 5, 9, 6, 4]
        }
        return attempts(&draw) { draw in
            let made = filled(prefix, &draw)
            return passes(made, 12...19) { PaymentCard.isOne($0) } ? made : nil
        }
    }

    /// Country and form stay; the check digits are computed.
    private func iban(_ draw: inout Draw) -> [UInt8]? {
        let places = value.indices.filter { value[$0].isAlphanumeric }
        guard places.count >= 15 else { return nil }
        var made = scrambled(Set(places.prefix(4)), &draw)
        for check in 2...98 {
            made[places[2]] = UInt8(0x30 + check / 10)
            made[places[3]] = UInt8(0x30 + check % 10)
            if passes(made, 15...34, { Checksum.iban($0) }) { return made }
        }
        return nil
    }

    /// RFC 5737 and RFC 3849.
    private func address(_ draw: inout Draw) -> [UInt8] {
        if value.contains(UInt8(ascii: ":")) {
            return Array(
                "2001:db8::\(String(draw.below(0xffff) + 1, radix: 16)):\(String(draw.below(0xffff) + 1, radix: 16))"
                    .utf8)
        }
        return Array("\(["192.0.2", "198.51.100", "203.0.113"][draw.below(3)]).\(1 + draw.below(254))".utf8)
    }

    /// RFC 7042 section 2.1.2.
    private func mac(_ draw: inout Draw) -> [UInt8] {
        let separator = value.contains(UInt8(ascii: "-")) ? "-" : ":"
        let last = draw.below(256)
        let digits = "0123456789abcdef".map { String($0) }
        return Array(
            ["00", "00", "5e", "00", "53", digits[last >> 4] + digits[last & 15]].joined(separator: separator).utf8)
    }

    /// Each group of digits becomes a year, or a number that is a day as well as a month; names of months stay.
    private func date(_ draw: inout Draw) -> [UInt8] {
        var made = value
        var index = 0
        while index < made.count {
            guard made[index].isDigit else {
                index += 1
                continue
            }
            let start = index
            while index < made.count, made[index].isDigit { index += 1 }
            let number =
                index - start == 4 ? 1950 + draw.below(50) : index - start == 1 ? 1 + draw.below(9) : 1 + draw.below(12)
            var rest = number
            for place in (start..<index).reversed() {
                made[place] = UInt8(0x30 + rest % 10)
                rest /= 10
            }
        }
        return made
    }

    private static let given = [
        "Alex", "Robin", "Kim", "Charlie", "Sam", "Jamie", "Taylor", "Jordan", "Morgan", "Casey",
    ]
    private static let surnames = [
        "Miller", "Weaver", "Carter", "Fisher", "Mason", "Cooper", "Turner", "Walker", "Baker", "Porter",
    ]

    private func person(_ draw: inout Draw) -> [UInt8] {
        let given = StandIn.given[draw.below(StandIn.given.count)]
        guard value.contains(0x20) else { return Array(given.utf8) }
        return Array("\(given) \(StandIn.surnames[draw.below(StandIn.surnames.count)])".utf8)
    }

    /// Around the point where equator and prime meridian meet: open sea.
    private func coordinates(_ draw: inout Draw) -> [UInt8] {
        var made = value
        var isFraction = false
        for index in made.indices {
            if made[index] == UInt8(ascii: ".") { isFraction = true }
            if made[index].isDigit { made[index] = isFraction ? UInt8(0x30 + draw.below(10)) : 0x30 }
            if !made[index].isDigit, made[index] != UInt8(ascii: ".") { isFraction = false }
        }
        return made
    }

    // MARK: - By form

    /// Digits for digits and letters for letters until the detector's own check holds.
    private func checked(_ draw: inout Draw) -> [UInt8]? {
        switch detector?.finder {
        case .number(let counts, _, _, let check), .token(let counts, let check):
            guard counts.contains(value.count(where: \.isAlphanumeric)) else { return nil }
            return attempts(&draw) { draw in
                let made = scrambled([], &draw)
                return passes(made, counts, check) ? made : nil
            }
        case .form(.nino):
            // HMRC issues no number that begins with QQ.
            var made = scrambled([], &draw)
            let places = made.indices.filter { made[$0].isAlphanumeric }
            guard places.count == 9 else { return nil }
            for (place, letter) in zip([places[0], places[1], places[8]], "QQA".utf8) { made[place] = letter }
            return made
        case .form(.hetu):
            guard value.count == 11 else { return nil }
            return attempts(&draw) { draw in
                var made = scrambled([6], &draw)
                // Serials from 900 on are for tests.
                made[7] = UInt8(ascii: "9")
                return made.withUnsafeBytes { Detector.isHetu($0) } ? made : nil
            }
        default: return scrambled([], &draw)
        }
    }

    private func attempts(_ draw: inout Draw, _ make: (inout Draw) -> [UInt8]?) -> [UInt8]? {
        for _ in 0..<50_000 { if let made = make(&draw) { return made } }
        return nil
    }

    /// The digits of the value replaced: first the given ones, then drawn ones. Separators stay.
    private func filled(_ prefix: [Int], _ draw: inout Draw) -> [UInt8] {
        var prefix = prefix[...]
        return value.map { byte in
            guard byte.isDigit else { return byte }
            return UInt8(0x30 + (prefix.popFirst() ?? draw.below(10)))
        }
    }

    private func scrambled(_ kept: Set<Int>, _ draw: inout Draw) -> [UInt8] {
        value.indices.map { index in
            let byte = value[index]
            if kept.contains(index) { return byte }
            if byte.isDigit { return UInt8(0x30 + draw.below(10)) }
            if byte.isLetter { return (byte & 0xe0) + 1 + UInt8(draw.below(26)) }
            return byte
        }
    }

    private func passes(_ made: [UInt8], _ counts: ClosedRange<Int>, _ check: (Digits) -> Bool) -> Bool {
        let text = made.filter(\.isAlphanumeric).map { $0.isLetter ? $0 & 0xdf : $0 }
        return counts.contains(text.count) && text.withUnsafeBufferPointer { check(Digits(bytes: $0)) }
    }
}

/// A row of numbers from a seed (SplitMix64; Steele, Lea and Flood 2014).
struct Draw {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ z >> 31) % UInt64(bound))
    }

    /// A letter, then letters and digits.
    mutating func word(_ count: Int) -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
        return String(decoding: (0..<count).map { letters[below($0 == 0 ? 23 : letters.count)] }, as: UTF8.self)
    }
}
