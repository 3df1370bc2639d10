public import BigInt
internal import JSON

/// A decimal number that is no plain integer: exact, with its spelling.
public final class RegoDecimal: Sendable {
    public let spelling: String
    /// The number is `significand × 10^exponent`.
    public let significand: BigInt
    public let exponent: Int
    /// The nearest double; infinite where the magnitude is out of range.
    public let double: Double

    /// Exponents beyond this are refused: they denote nothing that a policy can mean and cost time to compare.
    static let greatestExponent = 100_000
    /// Zeros that a plain spelling may have to write out.
    private static let plainZeros = 400

    /// Nil when the text is no JSON number or its exponent is beyond all reason.
    init?(spelling: String) {
        guard let (significand, exponent) = Self.read(spelling) else { return nil }
        self.spelling = spelling
        self.significand = significand
        self.exponent = exponent
        double = Self.nearestDouble(spelling, significand)
    }

    init(significand: BigInt, exponent: Int) {
        let spelling = Self.spell(significand, exponent)
        self.spelling = spelling
        self.significand = significand
        self.exponent = exponent
        double = Self.nearestDouble(spelling, significand)
    }

    private static func nearestDouble(_ spelling: String, _ significand: BigInt) -> Double {
        if significand.signum() == 0 { return 0 }
        if let double = Double(spelling) { return double }
        return significand.signum() < 0 ? -Double.infinity : Double.infinity
    }

    private static func read(_ spelling: String) -> (BigInt, Int)? {
        var digits = ""
        var exponent = 0
        var rest = Substring(spelling)
        if let mark = rest.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            var text = rest[rest.index(after: mark)...]
            if text.first == "+" { text = text.dropFirst() }
            guard let written = Int(text), abs(written) <= greatestExponent else { return nil }
            exponent = written
            rest = rest[..<mark]
        }
        if let point = rest.utf8.firstIndex(of: UInt8(ascii: ".")) {
            let fraction = rest[rest.index(after: point)...]
            exponent -= fraction.utf8.count
            digits = String(rest[..<point]) + fraction
        } else {
            digits = String(rest)
        }
        return BigInt(digits).map { ($0, exponent) }
    }

    private static func spell(_ significand: BigInt, _ exponent: Int) -> String {
        let isNegative = significand.signum() < 0
        var digits = String(significand.magnitude)
        if exponent > 0 {
            digits += exponent <= plainZeros ? String(repeating: "0", count: exponent) : "e+\(exponent)"
        } else if exponent < 0, -exponent <= plainZeros + digits.utf8.count {
            let places = -exponent
            if digits.utf8.count <= places {
                digits = String(repeating: "0", count: places - digits.utf8.count + 1) + digits
            }
            let point = digits.index(digits.endIndex, offsetBy: -places)
            digits = digits[..<point] + "." + digits[point...]
        } else if exponent < 0 {
            digits += "e\(exponent)"
        }
        return isNegative ? "-" + digits : digits
    }

    public var isInteger: Bool {
        if exponent >= 0 || significand.signum() == 0 { return true }
        let places = -exponent
        guard places <= digitBound else { return false }
        return significand.isMultiple(of: BigInt(10).power(places))
    }

    /// The value when it is an integer of a size that one can compute with.
    public var bigInt: BigInt? {
        if significand.signum() == 0 { return 0 }
        if exponent >= 0 { return exponent <= 10_000 ? significand * BigInt(10).power(exponent) : nil }
        guard -exponent <= digitBound else { return nil }
        let (quotient, remainder) = significand.quotientAndRemainder(dividingBy: BigInt(10).power(-exponent))
        return remainder.signum() == 0 ? quotient : nil
    }

    /// No fewer than the digits of the significand.
    private var digitBound: Int { significand.magnitude.bitWidth * 31 / 100 + 1 }

    typealias Parts = (significand: BigInt, exponent: Int)

    /// Signs first, then orders of magnitude, then all digits.
    static func exactOrdering(_ left: Parts, _ right: Parts) -> Int {
        let signs = Int(left.significand.signum()) - Int(right.significand.signum())
        if signs != 0 { return signs }
        let sign = Int(left.significand.signum())
        if sign == 0 { return 0 }
        let shift = left.exponent - right.exponent
        let (leftDigits, rightDigits) = (digits(left.significand), digits(right.significand))
        let magnitudes = leftDigits + left.exponent - rightDigits - right.exponent
        if magnitudes != 0 { return magnitudes > 0 ? sign : -sign }
        // Here the exponents differ by no more than the digits do.
        let leftScaled = shift > 0 ? left.significand * BigInt(10).power(shift) : left.significand
        let rightScaled = shift < 0 ? right.significand * BigInt(10).power(-shift) : right.significand
        return leftScaled < rightScaled ? -1 : (leftScaled == rightScaled ? 0 : 1)
    }

    private static func digits(_ significand: BigInt) -> Int { String(significand.magnitude).utf8.count }
}
