/// What everything that is sent is about: this process.
struct ResourceIdentity: Sendable, Hashable {
    let version: String
    let instance: String

    /// In the order of their names.
    /// - Parameter configured: go before ours.
    func attributes(_ configured: [String: String]) -> [(name: String, value: String)] {
        let own = [
            "service.name": "gatehouse", "service.version": version, "service.instance.id": instance,
            "telemetry.sdk.name": "gatehouse", "telemetry.sdk.language": "swift", "telemetry.sdk.version": version,
        ]
        return own.merging(configured) { _, configured in configured }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value) }
    }
}
