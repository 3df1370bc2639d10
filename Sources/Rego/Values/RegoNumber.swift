public import BigInt
internal import JSON

/// A number of Rego: any size, with the spelling it came with; equal and ordered by what it denotes.
public enum RegoNumber: Sendable {
    /// An integer that fits, spelled plainly.
    case int(Int)
    /// Any other: larger, with a fraction or an exponent, or spelled otherwise (`1.0`, `-0`).
    case decimal(RegoDecimal)

    public init(_ integer: Int) { self = .int(integer) }

    public init(_ integer: BigInt) {
        if let small = Int(exactly: integer) {
            self = .int(small)
        } else {
            self = .decimal(RegoDecimal(significand: integer, exponent: 0))
        }
    }

    /// `significand × 10^exponent`, spelled without an exponent where that is short.
    public init(significand: BigInt, exponent: Int) {
        if exponent == 0, let small = Int(exactly: significand) {
            self = .int(small)
        } else {
            self = .decimal(RegoDecimal(significand: significand, exponent: exponent))
        }
    }

    /// The shortest spelling that reads back as the same double; an integer below 2^53 is spelled as one.
    /// Nil for a double that is not finite.
    public init?(_ double: Double) {
        if let small = Int(exactly: double), abs(small) <= 1 << 53 {
            self = .int(small)
            return
        }
        guard let number = JSONNumber(double) else { return nil }
        self.init(spelling: number.spelling)
    }

    /// Nil when the text is not exactly one JSON number (RFC 8259, section 6) or has over 4,096 characters.
    public init?(spelling: String) {
        var text = spelling
        if let small = text.withUTF8(Self.plainInteger) {
            self = .int(small)
            return
        }
        guard let number = JSONNumber(spelling: spelling), let decimal = RegoDecimal(spelling: number.spelling) else {
            return nil
        }
        self = .decimal(decimal)
    }

    /// An integer spelled as `String(describing:)` would, of up to 18 digits.
    static func plainInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text.dropFirst(isNegative ? 1 : 0)
        guard let first = digits.first, digits.count <= 18 else { return nil }
        if first == UInt8(ascii: "0") { return digits.count == 1 && !isNegative ? 0 : nil }
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }
}

extension RegoNumber {
    public var spelling: String {
        switch self {
        case .int(let value): String(value)
        case .decimal(let decimal): decimal.spelling
        }
    }

    /// The value when it is an integer that fits, however spelled.
    public var int: Int? {
        switch self {
        case .int(let value): value
        case .decimal(let decimal): decimal.bigInt.flatMap { Int(exactly: $0) }
        }
    }

    /// The value when it is an integer, however spelled, of at most about 10,000 digits.
    public var bigInt: BigInt? {
        switch self {
        case .int(let value): BigInt(value)
        case .decimal(let decimal): decimal.bigInt
        }
    }

    public var isInteger: Bool {
        switch self {
        case .int: true
        case .decimal(let decimal): decimal.isInteger
        }
    }

    /// The nearest double; infinite where the magnitude is out of range.
    public var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .decimal(let decimal): decimal.double
        }
    }

    /// `significand × 10^exponent`, exactly.
    public var decimal: (significand: BigInt, exponent: Int) {
        switch self {
        case .int(let value): (BigInt(value), 0)
        case .decimal(let decimal): (decimal.significand, decimal.exponent)
        }
    }

    public var isNegative: Bool {
        switch self {
        case .int(let value): value < 0
        case .decimal(let decimal): decimal.significand.signum() < 0
        }
    }

    var size: Int {
        switch self {
        case .int: 8
        case .decimal(let decimal): decimal.spelling.utf8.count
        }
    }
}

extension RegoNumber: Hashable {
    var fingerprint: UInt64 {
        // Equal numbers have equal nearest doubles; adding zero makes -0 into 0.
        Fingerprint.of((double + 0.0).bitPattern, role: 2)
    }

    public static func == (left: RegoNumber, right: RegoNumber) -> Bool {
        if case .int(let left) = left, case .int(let right) = right { return left == right }
        return ordering(left, right) == 0
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension RegoNumber: Comparable {
    public static func < (left: RegoNumber, right: RegoNumber) -> Bool { ordering(left, right) < 0 }

    /// Negative, zero or positive. Rounding to the nearest double keeps order, so only ties need exact arithmetic.
    static func ordering(_ left: RegoNumber, _ right: RegoNumber) -> Int {
        if case .int(let left) = left, case .int(let right) = right {
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        let (leftDouble, rightDouble) = (left.double, right.double)
        if leftDouble < rightDouble { return -1 }
        if leftDouble > rightDouble { return 1 }
        return RegoDecimal.exactOrdering(left.decimal, right.decimal)
    }
}

extension RegoNumber: ExpressibleByIntegerLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int) { self = .int(value) }
    public var description: String { spelling }
}
