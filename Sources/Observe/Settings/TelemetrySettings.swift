public import Config
public import Core

/// The section `telemetry` of the configuration: where spans and metrics go, and which.
public struct TelemetrySettings: Sendable, Hashable {
    /// A collector that takes OTLP over HTTP.
    public struct Collector: Sendable, Hashable {
        /// Without a slash at its end: `/v1/traces` and `/v1/metrics` are put after it.
        public var endpoint: String
        public var headers: [String: Secret] = [:]
        /// From one export to the next, at the most.
        public var interval: Duration = .seconds(10)
        /// Of one export.
        public var timeout: Duration = .seconds(10)
        /// Spans that wait at the most; of more, the oldest go.
        public var queue = 4096
        /// Whether what is sent is compressed.
        public var isCompressed = false

        public init(endpoint: String) { self.endpoint = endpoint }
    }

    /// Nil: nothing is sent, and nothing made for it.
    public var collector: Collector?
    /// Attributes of the resource beside our own, or instead of them.
    public var resource: [String: String] = [:]
    /// The share of traces that are kept, of those that begin here.
    public var sample = 1.0
    /// Whether providers of models are told of our spans.
    public var isPropagated = false

    public init() {}

    /// - Parameter root: of a file that was read with ``field`` among its sections.
    /// - Throws: `invalid`, with the place.
    public init(_ root: ConfigNode) throws {
        let node = try root.object("telemetry")
        collector = try Self.collector(try node.object("otlp"))
        for (name, value) in node.map("resource") { resource[name] = value.string }
        sample = try Self.share(node)
        isPropagated = try node.bool("propagate")
    }

    private static func collector(_ node: ConfigNode) throws -> Collector? {
        guard let endpoint = try node.optionalString("endpoint") else {
            guard let headers = node["headers"], !headers.members.isEmpty else { return nil }
            throw headers.error("there is no endpoint to send them to", hint: "set telemetry.otlp.endpoint")
        }
        guard !endpoint.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw (node["endpoint"] ?? node).error("paths are put after the endpoint, so that it has no query")
        }
        var collector = Collector(endpoint: endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint)
        for (name, value) in node.map("headers") { collector.headers[name] = try header(name, value) }
        guard collector.headers.isEmpty || WebPlace.isProtected(endpoint) else {
            throw (node["headers"] ?? node).error(
                "headers are sent by https only, or to this machine", hint: "write https:// in the endpoint")
        }
        collector.interval = try atLeast(.milliseconds(100), node, "interval")
        collector.timeout = try atLeast(.milliseconds(100), node, "timeout")
        collector.queue = try node.int("queue")
        collector.isCompressed = try node.bool("gzip")
        return collector
    }

    private static func atLeast(_ least: Duration, _ node: ConfigNode, _ key: String) throws -> Duration {
        let duration = try node.duration(key)
        guard duration >= least else { throw (node[key] ?? node).error("this is too short", hint: "100ms or more") }
        return duration
    }

    private static func header(_ name: String, _ node: ConfigNode) throws -> Secret {
        let isToken = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        guard isToken else { throw node.error("\"\(name)\" is no name of a header") }
        guard let value = node.secret, value.expose().utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw node.error("the value has control characters in it")
        }
        return value
    }

    private static func share(_ node: ConfigNode) throws -> Double {
        guard let share = Double(try node.string("sample")), (0...1).contains(share) else {
            throw (node["sample"] ?? node).error("this is no share", hint: "a number from 0 to 1, such as 0.05")
        }
        return share
    }
}
