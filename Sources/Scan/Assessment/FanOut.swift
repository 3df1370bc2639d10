/// Hands items from one producer to at most `width` workers. Results are merged into `sum` one at a time, in the
/// order in which they come. The producer waits while all are busy, so that no queue grows.
@concurrent
func fanOut<Item: Sendable, Output: Sendable, Sum: Sendable>(
    width: Int, into sum: inout Sum, work: @escaping @Sendable (Item) -> Output,
    merge: @escaping @Sendable (inout Sum, Output) -> Void,
    produce: (_ hand: (Item) async throws -> Void) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Output.self) { group in
        var running = 0
        try await produce { item in
            try Task.checkCancellation()
            if running >= max(1, width), let output = try await group.next() {
                merge(&sum, output)
                running -= 1
            }
            group.addTask { @concurrent in work(item) }
            running += 1
        }
        while let output = try await group.next() { merge(&sum, output) }
    }
}
