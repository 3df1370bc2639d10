import Core
import Store
import Synchronization
import TestSupport
import Testing

@testable import Gate

private let session = Session(
    id: "ses_1", principalID: "prn_ada", sessionClass: .standard, labels: [], started: Premises.start,
    expires: Premises.start + .seconds(86_400))

extension Budgets {
    fileprivate func spend(
        _ usage: Usage, by principal: Principal = .sample(), in held: Session = session,
        at time: Timestamp = Premises.start
    ) async throws -> Reservation {
        try await reserve(principal: principal, session: held, estimate: usage, at: time)
    }

    fileprivate func standing(of budget: String) throws -> BudgetStanding {
        try #require(standing().first { $0.budget == budget })
    }
}

@Suite struct BudgetTests {
    private static let tokens = BudgetRule(subject: .everyone, meter: .tokens, limit: 1000, window: .day)

    @Test func reservedThenSpent() async throws {
        let premises = Premises()
        let budgets = try await premises.open(GateSettings(budgets: [Self.tokens])).budgets
        let first = try await budgets.spend(Usage(tokens: 600))
        #expect(try budgets.standing(of: Self.tokens.id).reserved == 600)
        #expect(await codeThrown { _ = try await budgets.spend(Usage(tokens: 401)) } == .exhausted)
        await budgets.reconcile(first, actual: Usage(tokens: 100))
        await budgets.reconcile(first, actual: Usage(tokens: 100))
        let second = try await budgets.spend(Usage(tokens: 900))
        budgets.release(second)
        budgets.release(second)
        let standing = try budgets.standing(of: Self.tokens.id)
        #expect(standing.spent == 100)
        #expect(standing.reserved == 0)
        #expect(standing.resets == Timestamp("2026-03-11T00:00:00Z"))
    }

    @Test func allOrNothing() async throws {
        let premises = Premises()
        let money = BudgetRule(subject: .role("developer"), meter: .money, limit: 50, window: .month)
        let budgets = try await premises.open(GateSettings(budgets: [Self.tokens, money])).budgets
        let message = await messageThrown { _ = try await budgets.spend(Usage(money: 51, tokens: 10)) }
        #expect(message.contains("role developer: money per month"))
        #expect(message.contains("2026-04-01"))
        #expect(try budgets.standing(of: Self.tokens.id).reserved == 0)
        // Who does not have the role is not held by it.
        _ = try await budgets.spend(Usage(money: 51, tokens: 10), by: .sample("eve", roles: ["viewer"]))
    }

    @Test func moreThanReservedIsRecordedAndBlocks() async throws {
        let premises = Premises()
        let settings = GateSettings(budgets: [Self.tokens])
        let rooms = try await premises.open(settings)
        await rooms.budgets.reconcile(try await rooms.budgets.spend(Usage(tokens: 1)), actual: Usage(tokens: 1500))
        try rooms.vanish()
        let budgets = try await premises.open(settings).budgets
        #expect(try budgets.standing(of: Self.tokens.id).spent == 1500)
        #expect(await codeThrown { _ = try await budgets.spend(Usage()) } == .exhausted)
        #expect(await codeThrown { _ = try await budgets.spend(Usage(), at: Premises.start + .seconds(86_400)) } == nil)
    }

    @Test func amountsBelowNothingOrBeyondAllBoundsDoNoHarm() async throws {
        let premises = Premises()
        let budgets = try await premises.open(GateSettings(budgets: [Self.tokens])).budgets
        let gift = try await budgets.spend(Usage(money: .min, tokens: -500))
        await budgets.reconcile(gift, actual: Usage(tokens: .min))
        #expect(try budgets.standing(of: Self.tokens.id).spent == 0)
        #expect(await codeThrown { _ = try await budgets.spend(Usage(tokens: .max)) } == .exhausted)
        await budgets.reconcile(try await budgets.spend(Usage()), actual: Usage(tokens: .max))
        #expect(try budgets.standing(of: Self.tokens.id).spent == .max)
    }

    @Test func whoseSpendingCounts() async throws {
        let premises = Premises()
        let rules = [
            BudgetRule(subject: .principal("prn_ada"), meter: .steps, limit: 1, window: .hour),
            BudgetRule(subject: .role("agent"), meter: .steps, limit: 2, window: .hour, share: .eachPrincipal),
            BudgetRule(subject: .sessionClass("standard"), meter: .steps, limit: 3, window: .session),
        ]
        let budgets = try await premises.open(GateSettings(budgets: rules)).budgets
        _ = try await budgets.spend(Usage())
        #expect(await codeThrown { _ = try await budgets.spend(Usage()) } == .exhausted)
        let other = Session(
            id: "ses_2", principalID: "x", sessionClass: .standard, labels: [], started: Premises.start,
            expires: Premises.start)
        let (first, second) = (Principal.sample("r1", roles: ["agent"]), Principal.sample("r2", roles: ["agent"]))
        for _ in 0..<2 { _ = try await budgets.spend(Usage(), by: first, in: other) }
        let own = await messageThrown { _ = try await budgets.spend(Usage(), by: first, in: other) }
        #expect(own.contains("role agent: steps per hour and principal"))
        _ = try await budgets.spend(Usage(), by: second, in: other)
        let shared = await messageThrown { _ = try await budgets.spend(Usage(), by: second, in: other) }
        #expect(shared.contains("sessions standard: steps per session"))
        #expect(budgets.standing().filter { $0.budget == rules[1].id }.map(\.holder) == ["prn_r1", "prn_r2"])
    }

    @Test func aCleanStopWritesTheExactSumAndAKillCountsTheLease() async throws {
        let premises = Premises()
        let settings = GateSettings(budgets: [BudgetRule(subject: .everyone, meter: .tokens, limit: 3200, window: .day)]
        )
        let id = settings.budgets[0].id
        let first = try await premises.open(settings)
        await first.budgets.reconcile(try await first.budgets.spend(Usage(tokens: 10)), actual: Usage(tokens: 10))
        try await first.budgets.close()
        #expect(await codeThrown { _ = try await first.budgets.spend(Usage(tokens: 1)) } == .unavailable)
        try first.vanish()
        let second = try await premises.open(settings)
        #expect(try second.budgets.standing(of: id).spent == 10)
        _ = try await second.budgets.spend(Usage(tokens: 10))
        try second.vanish()
        // 10, the 10 under way, and the rest of a lease of 3200/32.
        #expect(try await premises.open(settings).budgets.standing(of: id).spent == 120)
    }

    @Test func aWriteThatFailsGrantsNothing() async throws {
        let premises = Premises()
        let rooms = try await premises.open(GateSettings(budgets: [Self.tokens]))
        try rooms.vanish()
        #expect(await codeThrown { _ = try await rooms.budgets.spend(Usage(tokens: 1)) } != nil)
        #expect(try rooms.budgets.standing(of: Self.tokens.id).reserved == 0)
    }

    @Test func anotherLimitKeepsWhatWasSpent() async throws {
        let premises = Premises()
        let budgets = try await premises.open(GateSettings(budgets: [Self.tokens])).budgets
        await budgets.reconcile(try await budgets.spend(Usage(tokens: 900)), actual: Usage(tokens: 900))
        budgets.reload(
            GateSettings(budgets: [BudgetRule(subject: .everyone, meter: .tokens, limit: 500, window: .day)]))
        #expect(await codeThrown { _ = try await budgets.spend(Usage(tokens: 1)) } == .exhausted)
        budgets.reload(
            GateSettings(budgets: [BudgetRule(subject: .everyone, meter: .tokens, limit: 2000, window: .day)]))
        _ = try await budgets.spend(Usage(tokens: 1100))
    }

    @Test func ofTwoRulesForOneSumTheStricterHolds() async throws {
        let premises = Premises()
        let loose = BudgetRule(subject: .everyone, meter: .tokens, limit: 5000, window: .day)
        let budgets = try await premises.open(GateSettings(budgets: [loose, Self.tokens, loose])).budgets
        #expect(await codeThrown { _ = try await budgets.spend(Usage(tokens: 1001)) } == .exhausted)
        _ = try await budgets.spend(Usage(tokens: 1000))
        #expect(budgets.standing().map(\.reserved) == [1000])
    }

    @Test func sumsThatNoLongerMatterAreForgotten() async throws {
        let premises = Premises()
        let rules = [
            Self.tokens, BudgetRule(subject: .everyone, meter: .steps, limit: 9, window: .session),
            BudgetRule(subject: .everyone, meter: .callsPerMinute, limit: 9, window: .minute),
        ]
        let rooms = try await premises.open(GateSettings(budgets: rules))
        await rooms.budgets.reconcile(try await rooms.budgets.spend(Usage(tokens: 5)), actual: Usage(tokens: 5))
        func rows() async throws -> Int {
            try await rooms.store.read { try $0.query("SELECT * FROM gate_budget_sums") }.count
        }
        #expect(try await rows() == 3)
        try await rooms.budgets.tidy { _ in true }
        #expect(try await rows() == 3)
        premises.clock.advance(by: .seconds(120))
        try await rooms.budgets.tidy { _ in false }
        #expect(try await rows() == 1)
        premises.clock.advance(by: .seconds(2 * 86_400))
        try await rooms.budgets.tidy { _ in false }
        #expect(try await rows() == 0)
    }
}

private final class Tally: Sendable {
    private let sum = Mutex<Int64>(0)

    var total: Int64 { sum.withLock { $0 } }

    func add(_ amount: Int64) { sum.withLock { $0 += amount } }
}

@Suite struct BudgetConcurrencyTests {
    /// Everybody spends as much as they can, the process "dies" again and again, and the sum of what was granted never
    /// passes the limit.
    @Test func sixtyFourSpendersNeverPassTheLimitWhateverDies() async throws {
        let premises = Premises()
        let limit: Int64 = 20_000
        let settings = GateSettings(budgets: [
            BudgetRule(subject: .everyone, meter: .tokens, limit: limit, window: .month),
            BudgetRule(subject: .role("developer"), meter: .money, limit: 3 * limit, window: .day),
        ])
        let granted = Tally()
        for life in 0..<6 {
            let rooms = try await premises.open(settings)
            await withTaskGroup(of: Void.self) { group in
                for spender in 0..<64 {
                    group.addTask {
                        await spend(
                            rooms.budgets, granted, seed: UInt64(life * 64 + spender), rounds: 4, settles: life % 2 == 1
                        )
                    }
                }
            }
            // No close: as after kill -9.
            try rooms.vanish()
        }
        let last = try await premises.open(settings)
        await withTaskGroup(of: Void.self) { group in
            for spender in 0..<64 {
                group.addTask {
                    await spend(last.budgets, granted, seed: UInt64(9000 + spender), rounds: 200, settles: true)
                }
            }
        }
        let total = granted.total
        #expect(total <= limit)
        // Seven lives lose seven leases of a 32nd at most; the rest can be spent.
        #expect(total > limit / 2)
        #expect(last.budgets.standing().allSatisfy { $0.spent + $0.reserved <= $0.limit })
    }

    private func spend(_ budgets: Budgets, _ granted: Tally, seed: UInt64, rounds: Int, settles: Bool) async {
        var numbers = SeededRandom(seed: seed)
        for _ in 0..<rounds {
            let estimate = Int64.random(in: 1...40, using: &numbers)
            guard let held = try? await budgets.spend(Usage(money: estimate, tokens: estimate)) else { continue }
            await Task.yield()
            switch settles ? Int.random(in: 0..<4, using: &numbers) : 1 {
            case 0: budgets.release(held)
            // Done, and killed before anybody heard of it.
            case 1: granted.add(estimate)
            default:
                let actual = Int64.random(in: 0...estimate, using: &numbers)
                granted.add(actual)
                await budgets.reconcile(held, actual: Usage(money: actual, tokens: actual))
            }
        }
    }

    @Test func callsPerMinuteHoldAtAnyConcurrencyAndAcrossAKill() async throws {
        let premises = Premises()
        let settings = GateSettings(budgets: [
            BudgetRule(subject: .everyone, meter: .callsPerMinute, limit: 40, window: .minute)
        ])
        let made = Tally()
        for _ in 0..<3 {
            let rooms = try await premises.open(settings)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        if (try? await rooms.budgets.spend(Usage())) != nil { made.add(1) }
                    }
                }
            }
            try rooms.vanish()
        }
        #expect(made.total == 40)
    }
}

@Suite struct BudgetClockTests {
    private static let hour = BudgetRule(subject: .everyone, meter: .steps, limit: 10, window: .hour)

    /// How many steps are granted at this time, up to 30.
    private func grants(_ budgets: Budgets, at time: Timestamp) async -> Int {
        var count = 0
        while count < 30, let held = try? await budgets.spend(Usage(), at: time) {
            await budgets.reconcile(held, actual: Usage())
            count += 1
        }
        return count
    }

    @Test func aNewWindowBeginsOnTheHour() async throws {
        let premises = Premises()
        let budgets = try await premises.open(GateSettings(budgets: [Self.hour])).budgets
        #expect(await grants(budgets, at: Premises.start) == 10)
        #expect(await grants(budgets, at: Premises.start + .seconds(3599)) == 0)
        #expect(await grants(budgets, at: Premises.start + .seconds(3600)) == 10)
    }

    @Test func whoIsRefusedIsToldWhenToComeBack() async throws {
        let premises = Premises()
        let calls = BudgetRule(subject: .everyone, meter: .callsPerMinute, limit: 1, window: .minute)
        let tokens = BudgetRule(subject: .everyone, meter: .tokens, limit: 100, window: .hour)
        let budgets = try await premises.open(GateSettings(budgets: [tokens])).budgets
        func wait(_ budgets: Budgets, _ usage: Usage, after seconds: Int64) async -> Duration? {
            let time = Premises.start + .seconds(seconds)
            do { _ = try await budgets.spend(usage, at: time) } catch let error as GatehouseError {
                return error.retryAfter
            } catch {}
            return .zero
        }
        #expect(await wait(budgets, Usage(tokens: 60), after: 0) == .zero)
        #expect(await wait(budgets, Usage(tokens: 60), after: 600) == .seconds(3000))
        #expect(await wait(budgets, Usage(tokens: 101), after: 600) == nil, "more than there ever is")
        let counted = try await Premises().open(GateSettings(budgets: [calls])).budgets
        #expect(await wait(counted, Usage(), after: 0) == .zero)
        #expect(await wait(counted, Usage(), after: 20) == .seconds(41))
    }

    @Test func aClockThatGoesBackReopensNothing() async throws {
        let premises = Premises()
        let settings = GateSettings(budgets: [Self.hour])
        let rooms = try await premises.open(settings)
        #expect(await grants(rooms.budgets, at: Premises.start + .seconds(3700)) == 10)
        for back in [3600, 3000, 100, -1000, -500_000] {
            #expect(await grants(rooms.budgets, at: Premises.start + .seconds(back)) == 0)
        }
        try rooms.vanish()
        let second = try await premises.open(settings)
        #expect(await grants(second.budgets, at: Premises.start) == 0)
    }

    @Test func aJumpAheadGivesOneWindowAndTheWayBackEndsIt() async throws {
        let premises = Premises()
        let budgets = try await premises.open(GateSettings(budgets: [Self.hour])).budgets
        #expect(await grants(budgets, at: Premises.start) == 10)
        let far = Premises.start + .seconds(10 * 365 * 86_400)
        #expect(await grants(budgets, at: far) == 10)
        #expect(await grants(budgets, at: far) == 0)
        // Set right again, it is closed for an hour, not for ten years.
        #expect(await grants(budgets, at: Premises.start + .seconds(60)) == 0)
        #expect(await grants(budgets, at: Premises.start + .seconds(3650)) == 0)
        #expect(await grants(budgets, at: Premises.start + .seconds(3661)) == 10)
    }

    @Test func noSixtySecondsHoldMoreThanTheLimit() async throws {
        let premises = Premises()
        let rule = BudgetRule(subject: .everyone, meter: .callsPerMinute, limit: 25, window: .minute)
        let budgets = try await premises.open(GateSettings(budgets: [rule])).budgets
        var numbers = SeededRandom(seed: 3)
        var now = Premises.start
        var made: [Timestamp] = []
        for _ in 0..<1500 {
            now = now + .milliseconds(Int64.random(in: 0...2500, using: &numbers))
            if (try? await budgets.spend(Usage(), at: now)) != nil { made.append(now) }
        }
        for (index, time) in made.enumerated() {
            #expect(made[index...].prefix { $0 - time < .seconds(60) }.count <= 25)
        }
        #expect(made.count > 600)
    }

    @Test func callsAreFreeAgainWhenItSays() async throws {
        let premises = Premises()
        let rule = BudgetRule(subject: .everyone, meter: .callsPerMinute, limit: 3, window: .minute)
        let budgets = try await premises.open(GateSettings(budgets: [rule])).budgets
        #expect(await grants(budgets, at: Premises.start) == 3)
        let message = await messageThrown { _ = try await budgets.spend(Usage(), at: Premises.start + .seconds(30)) }
        #expect(message.contains("2026-03-10T12:01:01"))
        #expect(await grants(budgets, at: Premises.start + .seconds(60)) == 0)
        #expect(await grants(budgets, at: Premises.start + .seconds(61)) == 3)
        // A clock that goes back a day holds calls up for a minute, not for a day.
        let yesterday = Premises.start - .seconds(86_400)
        #expect(await grants(budgets, at: yesterday) == 0)
        #expect(await grants(budgets, at: yesterday + .seconds(61)) == 3)
    }

    @Test(arguments: [
        ("2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    ])
    func monthsAreOfTheCalendar(time: String, start: String, end: String) throws {
        let window = BudgetWindow(.month, containing: try #require(Timestamp(time)))
        #expect(window == BudgetWindow(start: try #require(Timestamp(start)), end: try #require(Timestamp(end))))
    }
}
