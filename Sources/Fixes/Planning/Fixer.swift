import Scan

/// Knows how findings of one scanner are put right. Fixers are values in an explicit list.
protocol Fixer: Sendable {
    /// The scanner's id.
    var source: String { get }

    /// Changes that may help, the best first; none of them is proven yet.
    /// - Throws: why there is none.
    func proposals(for finding: Finding, in tree: inout FixTree) async throws(NoFix) -> [Proposal]
}
