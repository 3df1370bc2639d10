public import Core

/// A value that goes into a statement or comes out of a row. Every driver stores exactly these five kinds.
public enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    /// Finite or infinite. NaN is refused: SQLite stores it as NULL, PostgreSQL does not.
    case real(Double)
    /// Any Unicode text save U+0000, which PostgreSQL cannot store; such bytes go into a blob.
    case text(String)
    case blob([UInt8])
}

extension Value {
    /// Absent becomes NULL, here and in the initialisers below.
    public init(_ text: String?) { self = text.map(Value.text) ?? .null }
    public init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    public init(_ number: Int64?) { self = number.map(Value.integer) ?? .null }
    public init(_ number: Double?) { self = number.map(Value.real) ?? .null }
    public init(_ bytes: [UInt8]?) { self = bytes.map(Value.blob) ?? .null }
    public init(_ time: Timestamp?) { self = time.map { .integer($0.microseconds) } ?? .null }
    /// 1 and 0: the one spelling of a truth value that both SQLite and PostgreSQL keep in an integer column.
    public init(_ flag: Bool?) { self = flag.map { .integer($0 ? 1 : 0) } ?? .null }

    /// Microseconds since 1970, the form of a `.time` column.
    public static func time(_ time: Timestamp) -> Value { .integer(time.microseconds) }
    public static func bool(_ flag: Bool) -> Value { .integer(flag ? 1 : 0) }

    var kind: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .real: "a real"
        case .text: "text"
        case .blob: "a blob"
        }
    }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(stringLiteral value: String) { self = .text(value) }
}
