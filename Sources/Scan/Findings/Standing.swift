import Core
import JSON
import Risk
import Store

/// Since when a finding is open, and by when BOD 26-04 wants it gone: what the store keeps beside the finding itself.
struct Standing: Sendable, Hashable {
    var openedAt: Timestamp
    /// Of its tier; nil for findings that have none, and for what can wait for the next upgrade.
    var dueDays: Int?
    var dueAt: Timestamp?
    /// Among the known exploited vulnerabilities.
    var isExploited: Bool

    /// Of a finding that nobody knew.
    init(_ finding: Finding) {
        openedAt = finding.firstSeen
        let tier = finding.remediationTier
        dueDays = tier?.days
        dueAt = dueDays.map { finding.firstSeen + ServiceLevels.days($0) }
        isExploited = finding.isKnownExploited
    }

    init(_ row: Row) throws {
        openedAt = try row.optionalTime("opened_at") ?? row.time("first_seen")
        dueDays = try row.optionalInteger("due_days").map { Int($0) }
        dueAt = try row.optionalTime("due_at")
        isExploited = try row.bool("exploited")
    }

    /// As an assessment finds it now. A shorter time than it had counts from now on, so that nobody is late for what
    /// nobody knew; a longer one from when it was opened.
    mutating func take(_ finding: Finding, at time: Timestamp) {
        isExploited = finding.isKnownExploited
        let days = finding.remediationTier?.days
        guard days != dueDays else { return }
        let isShorter = (days ?? .max) < (dueDays ?? .max)
        dueDays = days
        dueAt = days.map { (isShorter ? time : openedAt) + ServiceLevels.days($0) }
    }

    /// It is open again: its time begins anew.
    mutating func reopen(at time: Timestamp) {
        openedAt = time
        dueAt = dueDays.map { time + ServiceLevels.days($0) }
    }

    /// When it is due, as long as it is open.
    func due(_ severity: Severity, _ levels: ServiceLevels) -> Timestamp? {
        dueAt ?? levels.due(severity, openSince: openedAt)
    }
}

extension Finding {
    /// What its decision says, where it has one.
    var remediationTier: RemediationTier? {
        guard let words = details?["risk"]?["tier"]?.string else { return nil }
        return RemediationTier.allCases.first { $0.words == words }
    }

    /// Whether CISA lists it as exploited.
    public var isKnownExploited: Bool { details?["risk"]?["facts"]?["known_exploited_since"]?.string != nil }
}

extension RemediationTier {
    /// Nil for what can wait for the next upgrade.
    var days: Int? {
        switch self {
        case .threeDaysAndForensics, .threeDays: 3
        case .fourteenDays: 14
        case .sixtyDays: 60
        case .nextUpgrade: nil
        }
    }
}
