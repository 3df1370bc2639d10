import Formats
import JSON

/// Vectors and their scores, one a line: `VECTOR - (base, temporal, environmental)`, with `None` where there is none,
/// or `VECTOR - score`.
struct CVSSSuite: ConformanceSuite {
    let name = "cvss"

    func failure(of testCase: ConformanceCase) -> String? {
        guard let line = testCase.json.string, let mark = line.firstRange(of: " - ") else {
            return "not a case of this suite"
        }
        let wanted = Self.numbers(line[mark.upperBound...])
        do {
            let scores = try CVSS(String(line[..<mark.lowerBound])).scores
            let found = [scores.base, scores.temporal, scores.environmental].prefix(wanted.count)
            return Array(found) == wanted ? nil : "\(line): \(found.map { $0.map { "\($0)" } ?? "None" })"
        } catch {
            return "\(line): \(error)"
        }
    }

    private static func numbers(_ text: Substring) -> [Double?] {
        text.split { "(), ".contains($0) }.map { Double($0) }
    }
}
