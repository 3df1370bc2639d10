import Gate
import HTTPTypes
import Models
import Observe

/// Reads of a request in which trace its sender stands (W3C Trace Context), where anybody wants to know.
struct CallerTraces: Sendable {
    let telemetry: Telemetry
    let privacy: ModelPrivacy

    private static let parent = HTTPField.Name("traceparent")
    private static let state = HTTPField.Name("tracestate")

    /// Two parents are none. A state goes on to the collector, and so it is left out where something private is in it.
    func trace(of call: Call) -> TraceContext? {
        guard telemetry.isOn, let parent = Self.parent, let state = Self.state else { return nil }
        let parents = call.headers[values: parent]
        guard parents.count == 1, let context = TraceContext(traceparent: parents[0]) else { return nil }
        let states = call.headers[values: state].joined(separator: ",")
        guard !states.isEmpty, let whole = TraceContext(traceparent: parents[0], state: states),
            let kept = whole.state, privacy.isHarmless(kept)
        else { return context }
        return whole
    }
}
