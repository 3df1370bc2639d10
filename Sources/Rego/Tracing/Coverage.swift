/// What evaluations have reached of the rules and expressions of a policy.
///
/// A rule (a default and a branch of `else` too) is covered when it has given a value, an expression when it was
/// evaluated, whether or not it held. A line is covered when all that begins on it is; so 100 % means that every rule
/// has given a value and every expression was evaluated.
public struct Coverage: Sendable, Hashable {
    /// A rule or an expression.
    public struct Point: Sendable, Hashable {
        /// From 1.
        public var row: Int
        public var column: Int
        public var isRule: Bool
        /// How often it was reached.
        public var count: Int
    }

    public struct File: Sendable, Hashable {
        /// In the order of rows and columns.
        public internal(set) var points: [Point]
    }

    /// By the name of the module.
    public private(set) var files: [String: File] = [:]

    public init() {}

    init(_ program: Program, hits: [Int]) {
        var points: [String: [Point]] = [:]
        for (point, count) in zip(program.points, hits) where point.isCounted {
            points[program.file(point.place), default: []].append(
                Point(row: point.place.row, column: point.place.column, isRule: point.kind == .rule, count: count))
        }
        for (name, points) in points { merge(points, into: name) }
    }

    /// Adds what other evaluations have reached, of the same modules or of others.
    public mutating func merge(_ other: Coverage) {
        for (name, file) in other.files { merge(file.points, into: name) }
    }

    /// Only the files for which the condition holds: not those of tests, say.
    public func limited(to isIncluded: (_ file: String) -> Bool) -> Coverage {
        var limited = self
        limited.files = files.filter { isIncluded($0.key) }
        return limited
    }

    private mutating func merge(_ added: [Point], into name: String) {
        var counts: [Place: Int] = [:]
        for point in (files[name]?.points ?? []) + added {
            counts[Place(row: point.row, column: point.column, isRule: point.isRule), default: 0] += point.count
        }
        let points = counts.map { place, count in
            Point(row: place.row, column: place.column, isRule: place.isRule, count: count)
        }
        files[name] = File(points: points.sorted { ($0.row, $0.column) < ($1.row, $1.column) })
    }

    private struct Place: Hashable {
        var row: Int
        var column: Int
        var isRule: Bool
    }
}

extension Coverage.File {
    /// Rows on which rules or expressions begin, ascending.
    public var coveredRows: [Int] { rows(areCovered: true) }
    public var notCoveredRows: [Int] { rows(areCovered: false) }

    private func rows(areCovered: Bool) -> [Int] {
        var isCovered: [Int: Bool] = [:]
        for point in points { isCovered[point.row] = isCovered[point.row, default: true] && point.count > 0 }
        return isCovered.filter { $0.value == areCovered }.keys.sorted()
    }
}
