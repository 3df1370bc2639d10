public struct TookTooLong: Error, CustomStringConvertible {
    public let description: String
}

/// Waits until something holds, and never for a time: the limit only ends a test that has failed, and is far from what a
/// busy machine takes.
public func wait(
    _ what: @autoclosure () async -> String, until isSo: () async throws -> Bool
) async throws {
    let limit = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < limit {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw TookTooLong(description: "it took too long: \(await what())")
}
