/// A suite that judges all its cases together, by figures against goals.
protocol MeasuringSuite: ConformanceSuite {
    /// - Throws: where a case is not of the suite's form.
    func run(_ cases: [ConformanceCase], complain: (String) -> Void) throws -> Measures
}

struct Measures {
    /// One a figure.
    var lines: [String]
    /// What the last line says after the suite's name.
    var summary: String
    var areMet: Bool
}

extension MeasuringSuite {
    func failure(of testCase: ConformanceCase) -> String? { "the \(name) suite judges all cases together" }
}

enum Thousandths {
    /// `0.987`, rounded away from its goal: one that is missed by a little is not shown as met.
    static func text(_ value: Double, _ rule: FloatingPointRoundingRule = .down) -> String {
        let thousandths = Int((value * 1000).rounded(rule))
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
