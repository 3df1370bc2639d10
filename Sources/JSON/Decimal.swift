/// A number taken apart: ± digits × 10^exponent, without leading or trailing zeros; zero has no digits.
package struct Decimal: Hashable, Sendable {
    package private(set) var isNegative = false
    /// Values 0 to 9.
    package private(set) var digits: [UInt8] = []
    package private(set) var exponent = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var fraction = 0
        var inFraction = false
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case Ascii.minus: isNegative = true
            case Ascii.point: inFraction = true
            case Ascii.e, Ascii.capitalE:
                exponent = Self.exponent(rest)
                rest = rest.suffix(0)
            default:
                if inFraction { fraction += 1 }
                if byte != Ascii.zero || !digits.isEmpty { digits.append(byte &- 0x30) }
            }
        }
        exponent -= fraction
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    /// Held to ±2^40: far beyond what matters, and sums of two do not overflow.
    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var value = 0
        for byte in text where byte &- 0x30 < 10 { value = min(value * 10 + Int(byte &- 0x30), 1 << 40) }
        return text.first == Ascii.minus ? -value : value
    }

    package static let zero = JSONNumber(0).decimal

    package var isZero: Bool { digits.isEmpty }
    package var isInteger: Bool { exponent >= 0 }

    /// Whether the number is a whole multiple of the other, without rounding. The other is greater than zero and has at
    /// most 18 digits.
    package func isMultiple(of other: Decimal) -> Bool {
        if isZero { return true }
        // No digit string ends in zero, so a smaller exponent leaves a rest.
        guard exponent >= other.exponent else { return false }
        let divisor = other.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        guard divisor > 1 else { return divisor == 1 }
        var rest = UInt64(0)
        for digit in digits { rest = UInt64((UInt128(rest) * 10 + UInt128(digit)) % UInt128(divisor)) }
        var (power, left) = (UInt64(10) % divisor, exponent - other.exponent)
        while left > 0 {
            if left & 1 == 1 { rest = UInt64(UInt128(rest) * UInt128(power) % UInt128(divisor)) }
            power = UInt64(UInt128(power) * UInt128(power) % UInt128(divisor))
            left >>= 1
        }
        return rest == 0
    }
}

extension Decimal: Comparable {
    package static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.hasLessMagnitude(than: left) : left.hasLessMagnitude(than: right)
    }

    private func hasLessMagnitude(than other: Decimal) -> Bool {
        if isZero || other.isZero { return isZero && !other.isZero }
        let (point, otherPoint) = (digits.count + exponent, other.digits.count + other.exponent)
        return point == otherPoint ? digits.lexicographicallyPrecedes(other.digits) : point < otherPoint
    }
}

extension Decimal: CustomStringConvertible {
    /// One spelling for each number, in JSON's grammar: plain where that is short.
    package var description: String {
        if isZero { return "0" }
        var text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        switch exponent {
        case 0...18: text += String(repeating: "0", count: exponent)
        case -18..<0:
            let zeros = max(0, 1 - exponent - digits.count)
            text = String(repeating: "0", count: zeros) + text
            text.insert(".", at: text.utf8.index(text.endIndex, offsetBy: exponent))
        default: text += "e\(exponent)"
        }
        return isNegative ? "-\(text)" : text
    }
}
