import ArgumentParser

/// `15us`, `2.5ms`, `10s`, `1m`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        for (name, nanoseconds) in Self.units where argument.hasSuffix(name) {
            guard let number = Double(argument.dropLast(name.count)), number >= 0 else { continue }
            let total = number * nanoseconds
            guard total < 1e17 else { return nil }
            duration = .nanoseconds(Int64(total.rounded()))
            return
        }
        return nil
    }

    /// For help: what was written would be read.
    var defaultValueDescription: String {
        for (name, size) in Self.units.reversed() where name != "µs" {
            let count = Self.nanoseconds(duration) / size
            if count >= 1, count == count.rounded() { return "\(Int(count))\(name)" }
        }
        return "0s"
    }

    /// With three significant digits and the unit that fits: `51.2µs`.
    static func text(nanoseconds: Double) -> String {
        let steps: [(String, Double)] = [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
        let (unit, size) = steps.last { nanoseconds >= $0.1 } ?? ("ns", 1)
        let value = nanoseconds / size
        if unit == "ns" || value >= 100 { return "\(Int(value.rounded()))\(unit)" }
        let scale: Double = value >= 10 ? 10 : 100
        let rounded = Int((value * scale).rounded())
        let fraction = rounded % Int(scale)
        let digits = scale == 10 || fraction > 9 ? "\(fraction)" : "0\(fraction)"
        return "\(rounded / Int(scale)).\(digits)\(unit)"
    }

    static func text(_ duration: Duration) -> String { text(nanoseconds: nanoseconds(duration)) }

    static func nanoseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }
}
