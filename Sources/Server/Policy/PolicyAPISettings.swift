public import Config
public import Core
import JSON
public import Policy
public import Rego

/// What the `policy_api` section of the configuration says: bounds on what is asked over HTTP, and where those decisions
/// go. Where policy comes from is said in the gate's section `policy`.
public struct PolicyAPISettings: Sendable, Hashable {
    /// Where decisions are sent.
    public struct Upload: Sendable, Hashable {
        /// `/logs` and the partition are put after it.
        public var url: String
        public var partition: String?
        public var token: Secret?
        public var timeout: Duration = .seconds(10)

        public init(url: String, partition: String? = nil, token: Secret? = nil) {
            self.url = url
            self.partition = partition
            self.token = token
        }
    }

    public var upload: Upload?
    public var log = DecisionLogOptions()
    /// Whether each decision asked for over HTTP becomes an entry of the ledger.
    public var recordsQueries = true
    public var limits = EvaluationLimits(
        steps: 10_000_000, memory: 256 << 20, valueSize: 16 << 20, callDepth: 1000, time: .seconds(2))

    public init() {}

    /// - Parameter node: the `policy_api` section of a file that was checked by ``schema``.
    public init(_ node: ConfigNode) throws {
        let log = try node.object("decision_log")
        if let url = try log.optionalString("url") {
            guard WebAddress.isPrivate(url) else {
                throw (log["url"] ?? log).error("decisions are sent by https only, or to this machine")
            }
            upload = Upload(
                url: url.hasSuffix("/") ? String(url.dropLast()) : url, partition: try log.optionalString("partition"),
                token: try log.optionalSecret("token"))
            upload?.timeout = try log.duration("timeout")
        }
        recordsQueries = try log.bool("ledger")
        self.log.minimumDelay = try log.duration("min_delay")
        self.log.maximumDelay = max(self.log.minimumDelay, try log.duration("max_delay"))
        self.log.uploadBytes = max(1024, Int(clamping: try log.bytes("upload_bytes")))
        self.log.bytes = max(1024, Int(clamping: try log.bytes("buffer_bytes")))
        self.log.events = try log.int("buffer_events")
        let limits = try node.object("limits")
        self.limits.steps = try limits.int("steps")
        self.limits.memory = Int(clamping: try limits.bytes("memory"))
        self.limits.time = try limits.duration("time")
    }

    static let schema = Field(
        "policy_api",
        .object([
            Field("limits", .object(limitFields), "Bounds on one evaluation.", default: [:]),
            Field(
                "decision_log", .object(logFields), "Where decisions that are asked for are kept and sent.",
                default: [:]),
        ]), "Asking policy over HTTP, as clients of OPA do: see `docs/policy.md`.", default: [:])

    private static let limitFields = [
        Field("steps", .int(1000...1_000_000_000), "Instructions of one evaluation.", default: 10_000_000),
        Field("memory", .bytes, "What one evaluation builds.", default: "256MiB"),
        Field("time", .duration, "From the start of an evaluation to its end.", default: "2s"),
    ]

    private static let logFields = [
        Field("ledger", .bool, "Whether each decision is an entry of the ledger as well.", default: true),
        Field(
            "url", .url, "A server that takes batches in OPA's form, at /logs below this address.",
            example: "https://decisions.example.org"),
        Field("partition", .string, "Put after /logs/."),
        Field("token", .secret, "Sent to the server as a bearer token.", example: "${DECISIONS_TOKEN}"),
        Field("timeout", .duration, "For one upload.", default: "10s"),
        Field("min_delay", .duration, "Between two uploads, at the least.", default: "5m"),
        Field("max_delay", .duration, "Between two uploads, at the most.", default: "10m"),
        Field("upload_bytes", .bytes, "One upload, compressed.", default: "32KiB"),
        Field("buffer_bytes", .bytes, "What waits to be sent; of more, the oldest go.", default: "32MiB"),
        Field("buffer_events", .int(1...10_000_000), "Events that wait to be sent.", default: 10_000),
    ]
}
