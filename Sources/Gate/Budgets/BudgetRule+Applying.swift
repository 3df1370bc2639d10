import Core

extension Usage {
    /// What it takes of a budget with this meter. Amounts below nothing count as nothing.
    func amount(of meter: Meter) -> Int64 {
        switch meter {
        case .money: max(0, money)
        case .tokens: max(0, tokens)
        case .steps, .callsPerMinute: 1
        }
    }
}

extension BudgetRule {
    func applies(to principal: Principal, _ session: Session) -> Bool {
        switch subject {
        case .everyone: true
        case .principal(let id): principal.id == id
        case .role(let name): principal.roles.contains(name)
        case .sessionClass(let name): session.sessionClass.name == name
        }
    }

    func holder(_ principal: Principal, _ session: Session) -> String {
        switch share {
        case .together: ""
        case .eachPrincipal: principal.id
        case .eachSession: session.id
        }
    }

    func exhausted(_ account: Account, asked: Int64, at now: Timestamp) -> GatehouseError {
        let standing = "\(shown(account.spent)) of \(shown(limit)) spent, \(shown(account.reserved)) reserved"
        // What alone is more than the limit never fits.
        let resets = asked <= limit ? account.resets : nil
        return GatehouseError(
            "gate", .exhausted, "the budget \"\(id)\" does not allow it: \(standing), \(shown(asked)) asked",
            hint: account.resets.map { "it begins anew at \($0)" } ?? "it lasts as long as the session: start another",
            retryAfter: resets.map { $0 - now })
    }

    func exhausted(_ window: CallWindow, at now: Timestamp) -> GatehouseError {
        let frees = window.frees(limit: limit)
        return GatehouseError(
            "gate", .exhausted,
            "the budget \"\(id)\" does not allow it: \(window.total) of \(limit) made in the last minute",
            hint: limit == 0 ? "it allows none" : "there is room again at \(frees)",
            retryAfter: limit == 0 ? nil : frees - now)
    }

    private func shown(_ amount: Int64) -> String {
        guard meter == .money else { return String(amount) }
        let cents = (amount.magnitude % 1_000_000).description
        let padded = String(repeating: "0", count: 6 - cents.count) + cents
        let short = padded.hasSuffix("0000") ? String(padded.prefix(2)) : padded
        return "\(amount < 0 ? "-" : "")\(amount.magnitude / 1_000_000).\(short) USD"
    }
}

extension Account {
    /// When the sum begins anew; nil when it does not.
    var resets: Timestamp? { window == .unending ? nil : window.end }
}
