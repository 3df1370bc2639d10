public struct TookTooLong: Error, CustomStringConvertible {
    public let description: String
}

/// Waits until something holds, and never for a time: two minutes at the most.
public func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw TookTooLong(description: "it took too long: \(what)")
}
