internal import BigInt

/// Durations as Go reads them: `300ms`, `-1.5h`, `2h45m`.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: Int)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    static func parse(_ text: String) throws(BuiltinError) -> Int {
        func invalid(_ words: String = "invalid duration") -> BuiltinError {
            .failure("time: \(words) \(GoText.quote(text))")
        }
        guard text.utf8.count <= 256 else { throw invalid() }
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { throw invalid() }
        var total: BigInt = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber || $0 == ".") }
            rest = rest.dropFirst(unit.count)
            guard let amount = RegoNumber(relaxed: String(number)) else { throw invalid() }
            guard !unit.isEmpty else { throw invalid("missing unit in duration") }
            guard let factor = units.first(where: { $0.name == unit }) else {
                throw .failure("time: unknown unit \(GoText.quote(String(unit))) in duration \(GoText.quote(text))")
            }
            let part = try NumberArithmetic.multiply(amount, RegoNumber(factor.nanoseconds))
            total += try NumberArithmetic.round(part, .down).bigInt ?? 0
        }
        guard let nanoseconds = Int(exactly: isNegative ? -total : total) else { throw invalid() }
        return nanoseconds
    }
}
