/// An amount of money, exact to a millionth of its currency's unit.
public struct Money: Sendable, Hashable, CustomStringConvertible {
    /// Millionths of the currency's unit: prices of single tokens are fractions of a cent.
    public var micros: Int64
    /// ISO 4217, such as `EUR`.
    public var currency: String

    public init(micros: Int64, currency: String) {
        self.micros = micros
        self.currency = currency
    }

    public var description: String {
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        let trimmed = fraction.prefix(max(2, fraction.count - fraction.reversed().prefix { $0 == "0" }.count))
        return "\(micros / 1_000_000).\(trimmed) \(currency)"
    }
}

/// The spellings of durations, sizes and money. Each gives nil for text that is none, or too large to hold.
public enum Units {
    /// One or more numbers, each with its unit: `500ms`, `30s`, `5m`, `1h30m`, `7d`, `90_days`, `2 weeks`, `1_year`.
    /// A month is 30 days, a year 365; `0` needs no unit. Fractions are not taken.
    public static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var scanner = UnitScanner(text)
        var total: Int64 = 0
        repeat {
            guard let number = scanner.number() else { return nil }
            scanner.skipSeparators()
            guard let milliseconds = durationUnits[scanner.letters()] else { return nil }
            let (part, partOverflows) = number.multipliedReportingOverflow(by: milliseconds)
            let (sum, sumOverflows) = total.addingReportingOverflow(part)
            guard !partOverflows, !sumOverflows, sum <= maximumMilliseconds else { return nil }
            total = sum
            scanner.skipSeparators()
        } while !scanner.atEnd
        return .milliseconds(total)
    }

    /// A number of bytes with an optional unit: `512`, `64KiB`, `10MB`, `2 GB`. KB is 1000, KiB 1024.
    public static func bytes(_ text: String) -> Int64? {
        var scanner = UnitScanner(text)
        guard let number = scanner.number() else { return nil }
        scanner.skipSeparators()
        guard let unit = byteUnits[scanner.letters()], scanner.atEnd else { return nil }
        let (value, overflows) = number.multipliedReportingOverflow(by: unit)
        return overflows ? nil : value
    }

    /// An amount with at most six decimals and a currency: `5 USD`, `12.50 EUR`, `$0.25`.
    public static func money(_ text: String) -> Money? {
        let isDollar = text.hasPrefix("$")
        var scanner = UnitScanner(isDollar ? String(text.dropFirst()) : text)
        guard let whole = scanner.number(), let fraction = scanner.fraction(digits: 6) else { return nil }
        scanner.skipSeparators()
        let letters = scanner.letters()
        guard scanner.atEnd, isDollar ? letters.isEmpty : letters.utf8.count == 3 else { return nil }
        let (scaled, overflows) = whole.multipliedReportingOverflow(by: 1_000_000)
        let (micros, sumOverflows) = scaled.addingReportingOverflow(fraction)
        guard !overflows, !sumOverflows else { return nil }
        return Money(micros: micros, currency: isDollar ? "USD" : letters.uppercased())
    }

    /// A thousand years: beyond lies a slip, and arithmetic on times stays far from overflow.
    private static let maximumMilliseconds: Int64 = 1000 * 365 * 86_400_000

    private static let durationUnits: [String: Int64] = [
        "ms": 1, "millisecond": 1, "milliseconds": 1,
        "s": 1000, "sec": 1000, "second": 1000, "seconds": 1000,
        "m": 60_000, "min": 60_000, "minute": 60_000, "minutes": 60_000,
        "h": 3_600_000, "hour": 3_600_000, "hours": 3_600_000,
        "d": 86_400_000, "day": 86_400_000, "days": 86_400_000,
        "w": 604_800_000, "week": 604_800_000, "weeks": 604_800_000,
        "month": 2_592_000_000, "months": 2_592_000_000,
        "y": 31_536_000_000, "year": 31_536_000_000, "years": 31_536_000_000,
    ]

    private static let byteUnits: [String: Int64] = [
        "": 1, "B": 1, "KB": 1000, "kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]
}

private struct UnitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8.prefix(64)) }

    var atEnd: Bool { position == bytes.count }

    mutating func number() -> Int64? {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return Int64(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// What follows a decimal point, in units of its last digit; 0 without a point, nil for none or too many digits.
    mutating func fraction(digits: Int) -> Int64? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let start = position
        guard var value = number(), position - start <= digits else { return nil }
        for _ in 0..<(digits - (position - start)) { value *= 10 }
        return value
    }

    mutating func letters() -> String {
        let start = position
        while position < bytes.count, (0x41...0x5a).contains(bytes[position]) || (0x61...0x7a).contains(bytes[position])
        { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    mutating func skipSeparators() {
        while position < bytes.count, bytes[position] == UInt8(ascii: "_") || bytes[position] == UInt8(ascii: " ") {
            position += 1
        }
    }
}
