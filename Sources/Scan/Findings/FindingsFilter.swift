public import Core
import Store

/// Which findings; an empty filter means all.
public struct FindingsFilter: Sendable, Hashable {
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// What to do first before the rest: by tier, severity and path.
        case priority
        case severity
        /// What is due first; then what is due never.
        case due
        case newest, oldest
        case path

        func sql(_ due: String) -> String {
            switch self {
            case .priority: "tier, severity DESC, path, id"
            case .severity: "severity DESC, tier, path, id"
            case .due: "CASE WHEN \(due) IS NULL THEN 1 ELSE 0 END, \(due), tier, severity DESC, id"
            case .newest: "first_seen DESC, id DESC"
            case .oldest: "first_seen, id"
            case .path: "repository, path, id"
            }
        }
    }

    public var severities: Set<Severity> = []
    public var states: Set<Finding.State> = []
    public var tiers: Set<Priority.Tier> = []
    public var repository: String?
    /// The scanner: `scan.secrets`.
    public var source: String?
    /// Part of the path, title or rule, in any case.
    public var text: String?
    /// Only what should be gone by now.
    public var isOverdue = false
    public var order = Order.priority
    /// At most 1,000.
    public var limit = 100
    public var offset = 0

    public init() {}

    /// As a condition and its arguments.
    func condition(_ levels: ServiceLevels, at now: Timestamp) -> (String, [Value]) {
        var parts = ["1 = 1"]
        var arguments: [Value] = []
        func among(_ column: String, _ values: [Value]) {
            guard !values.isEmpty else { return }
            parts.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
            arguments += values
        }
        among("severity", severities.map { Value($0.rank) })
        among("state", states.map { .text($0.rawValue) })
        among("tier", tiers.map { Value($0.rawValue) })
        among("repository", repository.map { [.text($0)] } ?? [])
        among("source", source.map { [.text($0)] } ?? [])
        if let text, !text.isEmpty {
            parts.append(
                #"(LOWER(path) LIKE ? ESCAPE '\' OR LOWER(title) LIKE ? ESCAPE '\' OR rule LIKE ? ESCAPE '\')"#)
            arguments += Array(repeating: .text("%\(Self.escapedForLike(text.lowercased().prefix(200)))%"), count: 3)
        }
        if isOverdue {
            parts.append("\(levels.dueSQL) < ?")
            arguments.append(.time(now))
        }
        return (parts.joined(separator: " AND "), arguments)
    }

    private static func escapedForLike(_ text: Substring) -> String {
        var out = ""
        for character in text where character != "\0" {
            if character == "%" || character == "_" || character == "\\" { out.append("\\") }
            out.append(character)
        }
        return out
    }
}
