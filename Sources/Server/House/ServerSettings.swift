public import Config
import Core
import JSON

/// What the `server` section of the configuration says.
public struct ServerSettings: Sendable, Hashable {
    /// Further names under which people and agents reach this server, without port.
    public var hostNames: [String] = []
    /// Where people reach the console when that is not the address it listens on, as behind a proxy:
    /// `https://gate.example.org`.
    public var publicAddress: String?
    public var limits = HTTPLimits()

    public init() {}

    /// - Parameter node: the `server` section of a file that was checked by ``schema``.
    public init(_ node: ConfigNode) throws {
        hostNames = try node.strings("host_names")
        publicAddress = try node.optionalString("public_address").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        let limits = try node.object("limits")
        self.limits.bodyBytes = Int(clamping: try limits.bytes("body_bytes"))
        self.limits.modelBodyBytes = Int(clamping: try limits.bytes("model_body_bytes"))
        self.limits.headerBytes = Int(clamping: try limits.bytes("header_bytes"))
        self.limits.headerCount = try limits.int("header_count")
        self.limits.headerTime = try limits.duration("header_time")
        self.limits.bodyTime = try limits.duration("body_time")
        self.limits.idleTime = try limits.duration("idle_time")
        self.limits.requestTime = try limits.duration("request_time")
        self.limits.shutdownTime = try limits.duration("shutdown_time")
        self.limits.connections = try limits.int("connections")
        self.limits.streams = try limits.int("streams")
        guard self.limits.bodyBytes >= 1024, self.limits.headerBytes >= 1024 else {
            throw limits.error("body_bytes and header_bytes are 1KiB at least")
        }
    }

    static let schema = Field(
        "server",
        .object([
            Field(
                "host_names", .list(of: .string), "Further names it answers to, beside this machine's own.", default: []
            ),
            Field(
                "public_address", .url, "Where people reach the console, as behind a proxy.",
                example: "https://gate.example.org"),
            Field("limits", .object(limitFields), "Bounds on what callers may send and hold.", default: [:]),
        ]), "The HTTP server. What it listens on is said on the command line.", default: [:])

    private static let limitFields: [Field] = [
        Field("body_bytes", .bytes, "The largest body taken.", default: "1MiB"),
        Field("model_body_bytes", .bytes, "The largest body of a request to a model.", default: "32MiB"),
        Field("header_bytes", .bytes, "All header fields together.", default: "16KiB"),
        Field("header_count", .int(8...1000), "Header fields in a request.", default: 64),
        Field("header_time", .duration, "For a connection's first header to arrive.", default: "10s"),
        Field("body_time", .duration, "For a body to arrive.", default: "30s"),
        Field("idle_time", .duration, "Between requests on one connection.", default: "1m"),
        Field("request_time", .duration, "For an answer that is no stream and no action.", default: "30s"),
        Field("shutdown_time", .duration, "For what is in flight when the house stops.", default: "30s"),
        Field("connections", .int(1...100_000), "Open at a time.", default: 1024),
        Field("streams", .int(1...10_000), "Event streams open at a time.", default: 128),
    ]

    var rules: HostRules {
        let own = publicAddress?.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(
            String.init)
        return HostRules(configured: hostNames + [own].compactMap { $0.map(HostRules.name(of:)) })
    }

    var isReachedOverTLS: Bool { publicAddress?.hasPrefix("https://") ?? false }
}
