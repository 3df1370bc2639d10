public import Config

/// The section `integrations` of the configuration: whom the house can tell something, and how patiently.
public struct IntegrationsSettings: Sendable {
    /// By name.
    var destinations: [String: Destination] = [:]
    /// Tries of one send, before it is a dead letter.
    public var attempts = 14
    /// Before the second try; doubled for each one after that.
    public var firstPause = Duration.seconds(2)
    public var longestPause = Duration.seconds(900)
    /// Sends under way at a time, all together and to one destination.
    public var concurrency = 16
    public var concurrencyPerDestination = 4
    /// Sends that wait for one destination.
    public var waiting = 10_000
    /// How long what was delivered is remembered.
    public var keep = Duration.seconds(30 * 86_400)

    public init() {}

    /// - Parameter root: of a file that was read with ``field`` among its sections.
    /// - Throws: `invalid`, with the place.
    public init(_ root: ConfigNode) throws {
        let node = try root.object("integrations")
        for entry in node.list("destinations") {
            let destination = try Destination(entry)
            guard destinations.updateValue(destination, forKey: destination.name) == nil else {
                throw (entry["name"] ?? entry).error("there are two destinations with this name")
            }
        }
        attempts = try node.int("attempts")
        firstPause = try node.duration("first_pause")
        longestPause = try node.duration("longest_pause")
        concurrency = try node.int("concurrency")
        concurrencyPerDestination = try node.int("concurrency_per_destination")
        waiting = try node.int("waiting")
        keep = try node.duration("keep")
        guard firstPause >= .milliseconds(10), longestPause >= firstPause else {
            throw (node["longest_pause"] ?? node).error(
                "the longest pause is shorter than the first", hint: "first_pause is 10ms at the least")
        }
    }
}
