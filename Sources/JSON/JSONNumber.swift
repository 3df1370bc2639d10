/// A JSON number of any size, as it was spelled.
///
/// Two numbers are equal when their spellings are: `1`, `1.0` and `1e0` are three numbers. Compare ``int`` or
/// ``double`` where the value is meant.
public struct JSONNumber: Sendable, Hashable {
    /// The number in the grammar of RFC 8259, section 6.
    public let spelling: String

    public init(_ integer: Int) { spelling = String(integer) }
    public init(_ integer: Int64) { spelling = String(integer) }

    /// The shortest spelling that reads back as the same double, in ECMAScript's form (`1e21`, `0.1`; `0` for `-0.0`).
    /// Nil for a double that is not finite.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        var bytes = [UInt8]()
        NumberText.append(double, to: &bytes)
        spelling = String(decoding: bytes, as: UTF8.self)
    }

    /// Nil when the text is not exactly one JSON number.
    public init?(spelling: String) {
        guard spelling.utf8.count <= JSON.Limits.default.numberLength, NumberText.isNumber(spelling) else { return nil }
        self.spelling = spelling
    }

    init(validated spelling: String) { self.spelling = spelling }

    /// The value when it is an integer that fits, however spelled: `10`, `10.0`, `1e1`.
    public var int: Int? { withBytes(NumberText.int) }

    /// The nearest double; nil when the magnitude is out of range.
    public var double: Double? { withBytes(NumberText.double) }

    /// The exact value, for comparison without rounding.
    package var decimal: Decimal { withBytes(Decimal.init) }

    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = spelling
        return text.withUTF8(body)
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int) { self.init(value) }
    public var description: String { spelling }
}
