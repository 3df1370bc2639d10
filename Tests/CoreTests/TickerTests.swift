import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite(.timeLimit(.minutes(1))) struct TickerTests {
    private final class Count: Sendable {
        private let value = Mutex(0)
        var now: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    @Test func asksEverybodyUntilTheyAreRemovedAndBeginsAgain() async throws {
        let ticker = Ticker(tick: .milliseconds(2))
        for _ in 0..<3 {
            let (first, second) = (Count(), Count())
            let begun = ContinuousClock.now
            let ids = [first, second].map { count in
                ticker.add { now in if now >= begun { count.add() } }
            }
            #expect(!ticker.isEmpty)
            while first.now < 3 || second.now < 3 { try await Task.sleep(for: .milliseconds(1)) }
            ticker.remove(ids[0])
            // One that is under way may still come.
            let (left, other) = (first.now, second.now)
            while second.now < other + 5 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(first.now <= left + 1)
            ticker.remove(ids[1])
            #expect(ticker.isEmpty)
        }
    }

    @Test func waitsAreRoundedUpToWholeSeconds() {
        let waits: [(Duration, Int64)] = [
            (.zero, 1), (.milliseconds(1), 1), (.seconds(1), 1), (.milliseconds(1001), 2), (.seconds(-5), 1),
            (.seconds(41), 41),
        ]
        for (wait, seconds) in waits { #expect(wait.secondsToWait == seconds, "\(wait)") }
    }

    @Test func theShortestTimeIsThatOfTheWork() async throws {
        var runs = 0
        let slow = try await shortestTime(within: .milliseconds(1)) {
            runs += 1
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(slow >= .milliseconds(5) && runs == 5)
        let quick = await shortestTime(within: .seconds(3600)) { runs += 1 }
        #expect(quick < .seconds(3600) && runs == 6)
    }
}
