import Core

/// What has been spent of one sum, and how much of it a restart would know of.
struct Account: Sendable, Hashable {
    private(set) var window: BudgetWindow
    private(set) var spent: Int64
    /// By actions under way.
    private(set) var reserved: Int64 = 0
    /// What is on disk as spent. Nothing is granted above it: a process that is killed counts the rest as spent.
    private(set) var covered: Int64

    init(window: BudgetWindow) {
        self.window = window
        spent = 0
        covered = 0
    }

    /// As read from disk, where only ``covered`` is known.
    init(window: BudgetWindow, covered: Int64) {
        self.window = window
        spent = covered
        self.covered = covered
    }

    var used: Int64 { saturatingSum(spent, reserved) }

    /// Goes on to the window that holds now. What is reserved goes with it, since it will be spent there.
    mutating func advance(_ kind: BudgetRule.Window, to now: Timestamp) {
        switch window.following(kind, to: now) {
        case .same: return
        case .moved(let new): window = new
        case .opened(let new):
            window = new
            spent = 0
        }
        covered = 0
    }

    func allows(_ amount: Int64, limit: Int64) -> Bool { saturatingSum(used, amount) <= limit }

    /// What must be on disk before `amount` may be granted; nil when it is.
    func coverNeeded(for amount: Int64, limit: Int64) -> Int64? {
        let needed = saturatingSum(used, amount)
        guard needed > covered else { return nil }
        let ahead = saturatingSum(needed, max(1, limit / Self.leaseShare))
        return max(needed, min(ahead, limit))
    }

    mutating func reserve(_ amount: Int64) { reserved = saturatingSum(reserved, amount) }

    mutating func settle(reserved amount: Int64, spent actual: Int64) {
        reserved = max(0, reserved - amount)
        spent = saturatingSum(spent, actual)
    }

    /// Takes note of what is on disk, unless it is of another window.
    mutating func cover(_ amount: Int64, in window: BudgetWindow) {
        if window == self.window { covered = max(covered, amount) }
    }

    /// A kill loses at most this part of a limit.
    private static let leaseShare: Int64 = 32
}

func saturatingSum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (b < 0 ? .min : .max) : sum
}
