import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wall and CPU time of a piece of work; CPU is the whole process, user and system, so that helper threads count.
struct Spent {
    var wall: Double
    var cpu: Double

    static func measure(_ work: () throws -> Void) rethrows -> Spent {
        let start = (Self.wallSeconds(), Self.cpuSeconds())
        try work()
        return Spent(wall: wallSeconds() - start.0, cpu: cpuSeconds() - start.1)
    }

    static func measure(_ work: () async throws -> Void) async rethrows -> Spent {
        let start = (Self.wallSeconds(), Self.cpuSeconds())
        try await work()
        return Spent(wall: wallSeconds() - start.0, cpu: cpuSeconds() - start.1)
    }

    private static func wallSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension Spent {
    /// Seconds per repetition, medians over the rounds; a first round that warms the caches does not count.
    static func median(rounds: Int = 7, repetitions: Int, _ work: () throws -> Void) rethrows -> Spent {
        var spent: [Spent] = []
        for _ in 0...rounds { spent.append(try measure { for _ in 0..<repetitions { try work() } }) }
        let counted = spent.dropFirst()
        return Spent(
            wall: counted.map(\.wall).median / Double(repetitions), cpu: counted.map(\.cpu).median / Double(repetitions)
        )
    }
}

extension [Double] {
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// Keeps the optimiser from throwing away a result that nothing else uses.
@inline(never) func keep<T>(_ value: T) { withExtendedLifetime(value) {} }

/// Runs the same work in turn with its peer, A B A B …, so that a drift of the machine's speed meets both.
enum Paired {
    /// Seconds of CPU per repetition of each, medians over the rounds.
    static func compare(rounds: Int = 7, repetitions: Int, _ ours: () throws -> Void, _ peer: () throws -> Void)
        rethrows -> (ours: Double, peer: Double)
    {
        var times: (ours: [Double], peer: [Double]) = ([], [])
        for round in 0...rounds {
            let a = try Spent.measure { for _ in 0..<repetitions { try ours() } }
            let b = try Spent.measure { for _ in 0..<repetitions { try peer() } }
            if round == 0 { continue }  // warms caches
            times.ours.append(a.cpu / Double(repetitions))
            times.peer.append(b.cpu / Double(repetitions))
        }
        return (times.ours.median, times.peer.median)
    }
}
