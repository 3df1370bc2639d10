/// What budgets count.
public enum Meter: String, Sendable, Hashable, CaseIterable {
    /// Millionths of a US dollar.
    case money
    case tokens
    /// Actions performed.
    case steps
    /// Actions begun in a sliding minute.
    case callsPerMinute = "calls_per_minute"
}

/// An amount of everything that costs: estimated when reserved, actual when reconciled.
public struct Usage: Sendable, Hashable {
    /// Millionths of a US dollar.
    public var money: Int64
    public var tokens: Int64

    public init(money: Int64 = 0, tokens: Int64 = 0) {
        self.money = money
        self.tokens = tokens
    }

    /// Both, or the greatest number that there is.
    public static func + (a: Usage, b: Usage) -> Usage {
        Usage(money: sum(a.money, b.money), tokens: sum(a.tokens, b.tokens))
    }

    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, isOver) = a.addingReportingOverflow(b)
        return isOver ? .max : sum
    }
}
