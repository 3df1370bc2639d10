import Formats
import JSON

/// Orders of versions, one a line: `a < b`, `a = b`, `a > b`; `//` begins a remark. The file's name begins with the
/// ecosystem.
struct VersionsSuite: ConformanceSuite {
    let name = "versions"

    func cases(_ found: [ConformanceCase]) -> [ConformanceCase] {
        found.filter { one in
            guard let line = one.json.string else { return true }
            return !line.hasPrefix("//") && line.contains { $0 != " " }
        }
    }

    func failure(of testCase: ConformanceCase) -> String? {
        guard let line = testCase.json.string else { return "not a case of this suite" }
        guard let scheme = Self.scheme(of: testCase.place) else { return "no scheme is known for this file" }
        let parts = line.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 3, let wanted = Self.orders[parts[1]] else { return "not an order: \(line)" }
        let (a, b) = (String(parts[0]), String(parts[2]))
        let order = scheme.compare(a, b)
        let mirrored = scheme.compare(b, a)
        guard order == wanted else { return "\(line): \(order)" }
        return mirrored.rawValue == -order.rawValue ? nil : "\(line): the other way round it is \(mirrored)"
    }

    private static let orders: [Substring: VersionOrder] = ["<": .less, "=": .equal, ">": .greater]

    private static let schemes: [Substring: VersionScheme] = ["redhat": .rpm]

    private static func scheme(of place: String) -> VersionScheme? {
        let file = place.split(separator: "/").last ?? ""
        let ecosystem = file.prefix { $0 != "-" }
        return schemes[ecosystem] ?? VersionScheme(rawValue: String(ecosystem))
    }
}
