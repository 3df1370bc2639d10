import Ledger
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process of `PatternProbe`, a house that runs a pattern until it is killed.
struct PatternProcess {
    private let process: ProbeProcess

    init(_ folder: String, _ workflow: String, finishes: Bool = false) throws {
        process = try ProbeProcess("PatternProbe", [folder, workflow] + (finishes ? ["finish"] : []))
    }

    enum Moment {
        /// Once it has said so many lines.
        case lines(Int)
        /// Once it is about to change something.
        case change
    }

    /// Kills it at a moment, or a little later: in the middle of whatever it does then.
    /// - Parameter delay: microseconds.
    /// - Returns: whether it was killed, and had neither ended by itself nor stood still.
    func killed(at moment: Moment, delay: UInt32) -> Bool {
        var (seen, isThere) = (0, false)
        while !isThere {
            if case .lines(let wanted) = moment, seen == wanted { break }
            guard let line = process.line(patience: 120_000) else { break }
            seen += 1
            if case .change = moment { isThere = line == "change" }
        }
        usleep(delay)
        let isKilled = process.killed()
        if case .lines(let wanted) = moment { return isKilled && seen == wanted }
        return isKilled && isThere
    }

    func status() -> CInt? { process.status() }
}
