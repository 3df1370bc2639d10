import Core
import Synchronization

/// Lets one through at a time for each key, in the order in which they came.
final class Turnstile: Sendable {
    /// Those who wait; a key is there while somebody is inside.
    private let lines = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    /// - Throws: `exhausted` where too many wait; what the work throws.
    func pass<Result>(_ key: String, most: Int, _ work: () async throws -> Result) async throws -> Result {
        try await enter(key, most)
        defer { leave(key) }
        return try await work()
    }

    private func enter(_ key: String, _ most: Int) async throws {
        guard lines.withLock({ ($0[key]?.count ?? 0) < most }) else {
            throw GatehouseError(
                "hub", .exhausted, "\(most) texts of this conversation wait for an answer already",
                hint: "wait for the answers", retryAfter: .seconds(1))
        }
        await withCheckedContinuation { continuation in
            let isFree = lines.withLock { lines in
                guard lines[key] != nil else {
                    lines[key] = []
                    return true
                }
                lines[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ key: String) {
        let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            guard lines[key]?.isEmpty == false else {
                lines[key] = nil
                return nil
            }
            return lines[key]?.removeFirst()
        }
        next?.resume()
    }
}
