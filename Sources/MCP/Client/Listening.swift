import JSON

extension MCPClient {
    /// Has the server tell of changes, for as long as the task is not cancelled; they come to `onNotification`.
    ///
    /// In a session what is told of lists is the server's to choose; the resources are subscribed to.
    /// - Throws: `CancellationError`, or as ``send(_:_:deadline:onProgress:)`` when the server ends it.
    public func listen(_ filter: SubscriptionFilter) async throws {
        let version = try await version()
        if version.isStateless {
            _ = try await told { try await exchange(Method.listen, ["notifications": filter.json], version, nil) }
            return
        }
        for uri in filter.watched { _ = try await send(Method.subscribe, ["uri": JSON(uri)]) }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
