import JSON

/// One case of a suite and where it stands.
struct ConformanceCase {
    /// The file, and the line in one that has many.
    var place: String
    var json: JSON
}

protocol ConformanceSuite: Sendable {
    var name: String { get }
    /// Why the case failed; nil when it passed. A case that is not of the suite's form fails.
    func failure(of testCase: ConformanceCase) -> String?
}
