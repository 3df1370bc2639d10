import JSON

/// One case of a suite and where it stands.
struct ConformanceCase {
    /// The file, and the line in one that has many.
    var place: String
    var json: JSON
}

protocol ConformanceSuite: Sendable {
    var name: String { get }
    /// The cases, where what is in the files is more or less than one.
    func cases(_ found: [ConformanceCase]) throws -> [ConformanceCase]
    /// Why the case failed; nil when it passed. A case that is not of the suite's form fails.
    func failure(of testCase: ConformanceCase) -> String?
}

extension ConformanceSuite {
    func cases(_ found: [ConformanceCase]) throws -> [ConformanceCase] { found }
}
