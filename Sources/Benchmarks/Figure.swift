import JSON

/// One measured figure and what it should reach.
struct Figure {
    enum Goal {
        case atLeast(Double)
        case atMost(Double)
        /// Shown beside others; no goal of its own.
        case none
    }

    var name: String
    var value: Double
    var unit: String
    var goal: Goal = .none
    var note = ""

    var reached: Bool? {
        switch goal {
        case .atLeast(let bound): value >= bound
        case .atMost(let bound): value <= bound
        case .none: nil
        }
    }

    var goalText: String {
        switch goal {
        case .atLeast(let bound): "≥ \(Figure.text(bound))"
        case .atMost(let bound): "≤ \(Figure.text(bound))"
        case .none: ""
        }
    }

    var json: JSON {
        [
            "name": .string(name), "value": JSON(value) ?? .null, "unit": .string(unit), "goal": .string(goalText),
            "reached": reached.map { .bool($0) } ?? .null, "note": .string(note),
        ]
    }

    /// Three significant digits, thousands grouped.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        var decimals = 0
        var scaled = abs(value)
        while scaled > 0, scaled < 100, decimals < 3 {
            scaled *= 10
            decimals += 1
        }
        let factor = [1.0, 10, 100, 1000][decimals]
        let whole = Int((abs(value) * factor).rounded())
        var digits = String(whole / Int(factor))
        var grouped = ""
        while digits.count > 3 {
            grouped = " " + digits.suffix(3) + grouped
            digits = String(digits.dropLast(3))
        }
        var text = (value < 0 ? "-" : "") + digits + grouped
        if decimals > 0 {
            let fraction = String(whole % Int(factor))
            text += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        }
        return text
    }
}
