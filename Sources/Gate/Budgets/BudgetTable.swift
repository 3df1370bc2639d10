import Core

/// One sum: a rule, and whose spending it counts where each has their own.
struct BudgetKey: Sendable, Hashable {
    let budget: String
    /// Empty for a sum that is shared.
    let holder: String
}

/// What one action asks of the budgets.
struct BudgetClaim: Sendable {
    let principal: Principal
    let session: Session
    let estimate: Usage
    let time: Timestamp
}

/// What must be on disk before a claim can be granted.
struct Cover: Sendable, Hashable {
    let key: BudgetKey
    let window: BudgetWindow
    let amount: Int64
    /// For calls per minute: they are written one lease after another, and add up.
    let isLease: Bool
}

/// All budgets and what is reserved of them: the state behind ``Budgets``, without its storage.
struct BudgetTable: Sendable {
    /// What a reservation holds of one sum.
    struct Line: Sendable {
        let key: BudgetKey
        let rule: BudgetRule
        let amount: Int64
    }

    enum Outcome {
        case granted(Reservation)
        case needsCover
        case exhausted(GatehouseError)
    }

    static let greatestSums = 100_000

    private(set) var rules: [BudgetRule] = []
    private(set) var accounts: [BudgetKey: Account] = [:]
    private(set) var calls: [BudgetKey: CallWindow] = [:]
    private var outstanding: [UInt64: [Line]] = [:]
    private var lastNumber: UInt64 = 0
    private(set) var isClosed = false

    init(rules: [BudgetRule]) { use(rules) }

    /// Of rules for the same sum the one with the lowest limit holds.
    mutating func use(_ rules: [BudgetRule]) {
        let strictest = rules.reduce(into: [String: Int64]()) { limits, rule in
            limits[rule.id] = min(rule.limit, limits[rule.id] ?? .max)
        }
        var seen = Set<String>()
        self.rules = rules.filter { strictest[$0.id] == $0.limit && seen.insert($0.id).inserted }
    }

    // MARK: Claiming

    /// Grants all or nothing.
    mutating func claim(_ claim: BudgetClaim) -> Outcome {
        if isClosed { return .exhausted(Self.closedError) }
        let lines = lines(for: claim)
        for line in lines {
            if let error = open(line, at: claim.time) ?? refusal(of: line, at: claim.time) { return .exhausted(error) }
        }
        if lines.contains(where: { cover(for: $0, at: claim.time) != nil }) { return .needsCover }
        for line in lines {
            if line.rule.meter == .callsPerMinute {
                calls[line.key]?.count()
            } else {
                accounts[line.key]?.reserve(line.amount)
            }
        }
        lastNumber += 1
        if !lines.isEmpty { outstanding[lastNumber] = lines }
        return .granted(Reservation(number: lastNumber, estimate: claim.estimate))
    }

    /// What has to be written so that the claim can be granted.
    mutating func covers(for claim: BudgetClaim) -> [Cover] {
        if isClosed { return [] }
        return lines(for: claim).compactMap { line in
            guard open(line, at: claim.time) == nil, refusal(of: line, at: claim.time) == nil else { return nil }
            return cover(for: line, at: claim.time)
        }
    }

    /// Takes note of what was written.
    mutating func apply(_ covers: [Cover], at now: Timestamp) {
        for cover in covers {
            if cover.isLease {
                calls[cover.key]?.grant(cover.amount, from: cover.window.start, at: now)
            } else {
                accounts[cover.key]?.cover(cover.amount, in: cover.window)
            }
        }
    }

    private func lines(for claim: BudgetClaim) -> [Line] {
        rules.compactMap { rule in
            guard rule.applies(to: claim.principal, claim.session) else { return nil }
            let key = BudgetKey(budget: rule.id, holder: rule.holder(claim.principal, claim.session))
            return Line(key: key, rule: rule, amount: claim.estimate.amount(of: rule.meter))
        }
    }

    /// Sees to it that the line's sum exists and stands in the present.
    private mutating func open(_ line: Line, at now: Timestamp) -> GatehouseError? {
        if line.rule.meter == .callsPerMinute {
            if calls[line.key] == nil {
                guard hasRoom else { return Self.fullError }
                calls[line.key] = CallWindow(at: now)
            }
            calls[line.key]?.advance(to: now)
        } else {
            if accounts[line.key] == nil {
                guard hasRoom else { return Self.fullError }
                accounts[line.key] = Account(window: BudgetWindow(line.rule.window, containing: now))
            }
            accounts[line.key]?.advance(line.rule.window, to: now)
        }
        return nil
    }

    private func refusal(of line: Line, at now: Timestamp) -> GatehouseError? {
        if let window = calls[line.key] {
            return window.allows(limit: line.rule.limit) ? nil : line.rule.exhausted(window, at: now)
        }
        guard let account = accounts[line.key] else { return nil }
        return account.allows(line.amount, limit: line.rule.limit)
            ? nil : line.rule.exhausted(account, asked: line.amount, at: now)
    }

    private func cover(for line: Line, at now: Timestamp) -> Cover? {
        if let window = calls[line.key] {
            guard let amount = window.leaseNeeded(at: now, limit: line.rule.limit) else { return nil }
            let span = BudgetWindow(start: now, end: now + CallWindow.Lease.length)
            return Cover(key: line.key, window: span, amount: amount, isLease: true)
        }
        guard let account = accounts[line.key],
            let amount = account.coverNeeded(for: line.amount, limit: line.rule.limit)
        else { return nil }
        return Cover(key: line.key, window: account.window, amount: amount, isLease: false)
    }

    private var hasRoom: Bool { accounts.count + calls.count < Self.greatestSums }

    // MARK: Settling

    /// Turns what was reserved into what was spent. Nil `actual`: it was not performed, and only the call counts.
    /// - Returns: whether more was spent than is on disk.
    mutating func settle(_ reservation: Reservation, actual: Usage?) -> Bool {
        guard let lines = outstanding.removeValue(forKey: reservation.number) else { return false }
        var isBeyondCover = false
        for line in lines where line.rule.meter != .callsPerMinute {
            let spent = actual?.amount(of: line.rule.meter) ?? 0
            accounts[line.key]?.settle(reserved: line.amount, spent: spent)
            if let account = accounts[line.key], account.used > account.covered { isBeyondCover = true }
        }
        return isBeyondCover
    }

    /// Sums of which more is spent than is on disk.
    func uncovered() -> [Cover] {
        accounts.compactMap { key, account in
            guard account.used > account.covered else { return nil }
            return Cover(key: key, window: account.window, amount: account.used, isLease: false)
        }
    }

    // MARK: Stopping and starting

    /// Grants nothing more.
    /// - Returns: what was spent, to the cent, in place of what was leased.
    mutating func close() -> [Cover] {
        isClosed = true
        let sums = accounts.map { Cover(key: $0, window: $1.window, amount: $1.used, isLease: false) }
        let moments = calls.flatMap { key, window in
            window.byMoment().map { moment in
                Cover(
                    key: key, window: BudgetWindow(start: moment.time, end: moment.time), amount: moment.calls,
                    isLease: true)
            }
        }
        return sums + moments
    }

    mutating func restore(_ cover: Cover, now: Timestamp) {
        if cover.isLease {
            var window = calls[cover.key] ?? CallWindow(at: now)
            window.restore(cover.amount, madeBy: cover.window.end, now: now)
            calls[cover.key] = window
        } else {
            accounts[cover.key] = Account(window: cover.window, covered: cover.amount)
        }
    }

    // MARK: Looking and tidying

    /// Every sum that something was drawn from, and shared ones that nothing was.
    mutating func standing(at now: Timestamp) -> [BudgetStanding] {
        rules.flatMap { rule in
            var holders = Set(accounts.keys.filter { $0.budget == rule.id }.map(\.holder))
            holders.formUnion(calls.keys.filter { $0.budget == rule.id }.map(\.holder))
            if rule.share == .together { holders.insert("") }
            return holders.sorted().compactMap { holder in
                let line = Line(key: BudgetKey(budget: rule.id, holder: holder), rule: rule, amount: 0)
                return open(line, at: now) == nil ? standing(of: line) : nil
            }
        }
    }

    private func standing(of line: Line) -> BudgetStanding {
        let window = calls[line.key]
        let account = accounts[line.key]
        return BudgetStanding(
            budget: line.rule.id, holder: line.key.holder.isEmpty ? nil : line.key.holder, meter: line.rule.meter,
            limit: line.rule.limit, spent: window?.total ?? account?.spent ?? 0, reserved: account?.reserved ?? 0,
            resets: window?.frees(limit: line.rule.limit) ?? account?.resets)
    }

    /// Forgets sums that no longer matter: their window ended a day ago, their session is over, or a minute passed
    /// without a call.
    /// - Returns: their keys.
    mutating func forget(at now: Timestamp, isLive: (_ sessionID: String) -> Bool) -> [BudgetKey] {
        let held = Set(outstanding.values.joined().map(\.key))
        // A day of grace, so that a clock that goes back does not find a fresh sum in a window that was closed.
        let oldAccounts = accounts.filter { key, account in
            guard !held.contains(key) else { return false }
            return account.window == .unending ? !isLive(key.holder) : now - account.window.end > .seconds(86_400)
        }
        for key in calls.keys { calls[key]?.advance(to: now) }
        let oldCalls = calls.filter { $1.total == 0 }
        for key in oldAccounts.keys { accounts[key] = nil }
        for key in oldCalls.keys { calls[key] = nil }
        return Array(oldAccounts.keys) + Array(oldCalls.keys)
    }

    private static let fullError = GatehouseError(
        "gate", .exhausted, "budgets keep \(greatestSums) sums at most, and all are in use",
        hint: "let more principals share a budget")
    private static let closedError = GatehouseError("gate", .unavailable, "budgets are closed: the gate is stopping")
}
