/// What a number's spelling means, and how a double is spelled. The texts are in JSON's number grammar.
enum NumberText {
    static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return false }
            var scanner = Scanner(base, count: bytes.count, limits: .default)
            return (try? scanner.number()) != nil && scanner.position == bytes.count
        }
    }

    /// The value of an integer that fits in 64 bits; nil for any other number.
    static func int(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        if text.count <= 18, let value = shortInteger(text) { return value }
        let decimal = Decimal(text)
        guard !decimal.digits.isEmpty else { return 0 }
        guard decimal.exponent >= 0, decimal.exponent <= 19, decimal.digits.count + decimal.exponent <= 19 else {
            return nil
        }
        var value = 0  // kept negative, since Int.min has no positive counterpart
        let zeros = repeatElement(0 as UInt8, count: decimal.exponent)
        for digit in decimal.digits + zeros {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, underflow) = tenfold.subtractingReportingOverflow(Int(digit))
            if overflow || underflow { return nil }
            value = next
        }
        if decimal.isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Digits with at most a sign before them.
    private static func shortInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var value = 0
        for (place, byte) in text.enumerated() {
            if byte &- 0x30 < 10 {
                value = value &* 10 &+ Int(byte &- 0x30)
            } else if place > 0 || byte != Ascii.minus {
                return nil
            }
        }
        return text.first == Ascii.minus ? -value : value
    }

    /// The nearest double; nil when it would be infinite.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        if text.count <= 15, let integer = shortInteger(text), integer != 0 || text.count == 1 {
            return Double(integer)
        }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Appends a finite double as ECMAScript spells it (ECMA-262, Number::toString; RFC 8785 section 3.2.2.3).
    static func append(_ double: Double, to out: inout [UInt8]) {
        if double.magnitude < 0x1p53, Double(Int(double)) == double { return append(Int(double), to: &out) }
        var shortest = double.description
        let decimal = shortest.withUTF8(Decimal.init)
        if decimal.isNegative { out.append(Ascii.minus) }
        let digits = decimal.digits.map { $0 + 0x30 }
        let point = digits.count + decimal.exponent  // digits before the decimal point
        switch point {
        case digits.count...21 where point >= digits.count:
            out += digits
            out += repeatElement(Ascii.zero, count: point - digits.count)
        case 1...21:
            out += digits[..<point]
            out.append(Ascii.point)
            out += digits[point...]
        case -5...0:
            out += [Ascii.zero, Ascii.point]
            out += repeatElement(Ascii.zero, count: -point)
            out += digits
        default:
            appendScientific(digits, exponent: point - 1, to: &out)
        }
    }

    private static func appendScientific(_ digits: [UInt8], exponent: Int, to out: inout [UInt8]) {
        out += digits.prefix(1)
        if digits.count > 1 {
            out.append(Ascii.point)
            out += digits.dropFirst()
        }
        out.append(Ascii.e)
        out.append(exponent < 0 ? Ascii.minus : Ascii.plus)
        append(abs(exponent), to: &out)
    }

    static func append(_ integer: Int, to out: inout [UInt8]) {
        if integer < 0 { out.append(Ascii.minus) }
        let start = out.count
        var rest = integer.magnitude
        repeat {
            out.append(Ascii.zero + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }
}
