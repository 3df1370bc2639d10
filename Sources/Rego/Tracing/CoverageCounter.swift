internal import Synchronization

/// Counts what evaluations reach: put it into ``EvaluationOptions/coverage``, of as many at a time as wanted.
///
/// The programs must be of policies that were compiled to be observed.
public final class CoverageCounter: Sendable {
    private struct Hits {
        let program: Program
        var counts: [Int]
    }

    private let state = Mutex<[ObjectIdentifier: Hits]>([:])

    public init() {}

    /// Counts a program's rules as not covered though nothing of it is ever evaluated.
    public func include(_ program: Program) { add([Int](repeating: 0, count: program.points.count), of: program) }

    public var coverage: Coverage {
        let all = state.withLock { Array($0.values) }
        var coverage = Coverage()
        for hits in all { coverage.merge(Coverage(hits.program, hits: hits.counts)) }
        return coverage
    }

    func add(_ counts: [Int], of program: Program) {
        guard !counts.isEmpty else { return }
        state.withLock { all in
            var hits =
                all.removeValue(forKey: ObjectIdentifier(program))
                ?? Hits(program: program, counts: [Int](repeating: 0, count: counts.count))
            for at in counts.indices where counts[at] > 0 { hits.counts[at] += counts[at] }
            all[ObjectIdentifier(program)] = hits
        }
    }
}
