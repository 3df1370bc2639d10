import Core

enum TimeLimit {
    /// Runs `work` for at most `limit`; then it is cancelled.
    /// - Throws: `timeout`, and what `work` throws.
    static func run<Value: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Value)
        async throws -> Value
    {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else {
                throw GatehouseError(
                    "http", .timeout, "this took longer than \(limit)", hint: "ask for less at once, or try again")
            }
            return value
        }
    }
}
