import Core

/// One field of a cron expression: the values that it lets through.
struct CronField: Sendable, Hashable {
    /// What a field may hold.
    struct Kind: Sendable {
        let title: String
        let range: ClosedRange<Int>
        /// For the values from the first of the range on.
        var names: [String] = []

        static let minute = Kind(title: "minute", range: 0...59)
        static let hour = Kind(title: "hour", range: 0...23)
        static let day = Kind(title: "day of the month", range: 1...31)
        static let month = Kind(
            title: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
        /// 0 and 7 are Sunday.
        static let weekday = Kind(
            title: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
    }

    /// Bit by value.
    private var bits: UInt64 = 0
    /// Begins with `*`: it does not count as a restriction where cron looks for one.
    let isStar: Bool

    /// - Throws: `invalid`, naming the field.
    init(_ text: Substring, _ kind: Kind) throws {
        isStar = text.hasPrefix("*")
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            for value in try Self.values(part, kind) {
                bits |= 1 << UInt64(kind.title == Kind.weekday.title ? value % 7 : value)
            }
        }
    }

    func contains(_ value: Int) -> Bool { (0..<64).contains(value) && bits >> UInt64(value) & 1 == 1 }

    /// The least value from this one on.
    func first(from value: Int) -> Int? { (max(0, value)..<64).first(where: contains) }

    private static func values(_ part: Substring, _ kind: Kind) throws -> [Int] {
        let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = pieces.first, !base.isEmpty else { throw wrong(part, kind) }
        var range: ClosedRange<Int>
        if base == "*" {
            range = kind.range
        } else {
            let ends = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let from = try value(ends[0], part, kind)
            // A single value with a step goes on to the end, as in `5/15`.
            let to = ends.count == 2 ? try value(ends[1], part, kind) : pieces.count == 2 ? kind.range.upperBound : from
            guard from <= to else { throw wrong(part, kind) }
            range = from...to
        }
        guard pieces.count == 2 else { return Array(range) }
        guard let step = number(pieces[1]), step > 0, step <= kind.range.upperBound else { throw wrong(part, kind) }
        return Array(stride(from: range.lowerBound, through: range.upperBound, by: step))
    }

    private static func value(_ text: Substring, _ part: Substring, _ kind: Kind) throws -> Int {
        if let number = number(text), kind.range.contains(number) { return number }
        if let index = kind.names.firstIndex(of: text.lowercased()) { return kind.range.lowerBound + index }
        throw wrong(part, kind)
    }

    /// Up to two digits.
    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func wrong(_ part: Substring, _ kind: Kind) -> GatehouseError {
        let names = kind.names.isEmpty ? "" : " or \(kind.names[0])-\(kind.names[kind.names.count - 1])"
        return GatehouseError(
            "flow", .invalid, "\"\(part.prefix(40))\" is no \(kind.title) of a schedule",
            hint: "\(kind.range.lowerBound)-\(kind.range.upperBound)\(names), with * , - and /")
    }
}
