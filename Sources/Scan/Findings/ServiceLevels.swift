public import Core
import Synchronization

/// By when findings are to be gone, by severity, from the day they are open on (`assess.sla`). For a package with a
/// known flaw BOD 26-04's date counts instead, where its tier has one.
public struct ServiceLevels: Sendable, Hashable {
    /// Nil where nothing is asked for.
    public var limits: [Severity: Duration]

    public init(_ limits: [Severity: Duration] = ServiceLevels.standard) { self.limits = limits }

    /// 15, 30, 90 and 180 days: what CISA's directive 19-02 and FedRAMP ask for.
    public static let standard: [Severity: Duration] = [
        .critical: days(15), .high: days(30), .medium: days(90), .low: days(180),
    ]

    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }

    /// When a finding of this severity is due that is open since then; nil for never.
    func due(_ severity: Severity, openSince: Timestamp) -> Timestamp? { limits[severity].map { openSince + $0 } }

    /// When an open row of `scan_findings` is due; NULL for those that are not. The same as ``Standing/due(_:_:)``.
    var dueSQL: String {
        let cases = Severity.allCases.compactMap { severity in
            limits[severity].map { "WHEN \(severity.rank) THEN opened_at + \($0.microseconds)" }
        }
        let byLevel = cases.isEmpty ? "NULL" : "CASE severity \(cases.joined(separator: " ")) END"
        return "CASE WHEN state = 'open' THEN COALESCE(due_at, \(byLevel)) END"
    }
}

/// The levels in force; changed when the configuration is read again.
public final class SharedServiceLevels: Sendable {
    private let levels: Mutex<ServiceLevels>

    public init(_ levels: ServiceLevels = ServiceLevels()) { self.levels = Mutex(levels) }

    public var current: ServiceLevels {
        get { levels.withLock { $0 } }
        set { levels.withLock { $0 = newValue } }
    }
}
