public import Core
public import JSON
public import Rego

/// A decision as the decision log tells it, in OPA's form
/// (https://www.openpolicyagent.org/docs/management-decision-logs).
public struct DecisionEvent: Sendable, Hashable {
    public enum Question: Sendable, Hashable {
        /// A path below `data`, with slashes.
        case path(String)
        case query(String)
    }

    public var decisionID: String
    /// Of whoever decided: `id`, `version`.
    public var labels: [String: String] = [:]
    /// Revisions of the active bundles, by name.
    public var bundles: [String: String] = [:]
    public var question: Question
    /// Nil where there was none, or where it was erased.
    public var input: RegoValue?
    /// Nil where the answer was undefined or an error, or where it was erased.
    public var result: RegoValue?
    /// JSON pointers to what was taken out.
    public var erased: [String] = []
    /// JSON pointers to what was replaced.
    public var masked: [String] = []
    /// `code` and `message`, where the evaluation failed.
    public var error: RegoValue?
    public var timestamp: Timestamp
    /// The address of whoever asked.
    public var requestedBy: String?
    /// Counts the requests of one run of the server.
    public var requestID: Int?
    /// Nanoseconds, by OPA's names: `timer_rego_query_eval_ns`.
    public var metrics: [String: Int] = [:]
    /// What OPA has no member for.
    public var custom: [String: String] = [:]

    public init(decisionID: String, question: Question, timestamp: Timestamp) {
        self.decisionID = decisionID
        self.question = question
        self.timestamp = timestamp
    }

    /// As it is sent, and as `data.system.log` sees it as its input.
    public var document: RegoValue {
        var members = RegoObject(reserving: 16)
        func put(_ name: String, _ value: RegoValue?) {
            if let value { members.updateValue(value, forKey: RegoValue(name)) }
        }
        put("labels", Self.object(labels) { RegoValue($0) })
        put("decision_id", RegoValue(decisionID))
        put("bundles", Self.object(bundles) { ["revision": RegoValue($0)] })
        switch question {
        case .path(let path): put("path", RegoValue(path))
        case .query(let query): put("query", RegoValue(query))
        }
        put("input", input)
        put("result", result)
        if !erased.isEmpty { put("erased", .array(RegoArray(erased.map { RegoValue($0) }))) }
        if !masked.isEmpty { put("masked", .array(RegoArray(masked.map { RegoValue($0) }))) }
        put("error", error)
        put("timestamp", RegoValue(timestamp.description))
        put("requested_by", requestedBy.map { RegoValue($0) })
        put("req_id", requestID.map { RegoValue($0) })
        if !metrics.isEmpty { put("metrics", Self.object(metrics) { RegoValue($0) }) }
        if !custom.isEmpty { put("custom", Self.object(custom) { RegoValue($0) }) }
        return .object(members)
    }

    public var json: JSON { document.json }

    private static func object<Value>(_ values: [String: Value], _ make: (Value) -> RegoValue) -> RegoValue {
        .object(RegoObject(values.map { (RegoValue($0.key), make($0.value)) }))
    }
}
