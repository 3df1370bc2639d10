import Core
import Gate
import JSON

/// A span that is over: an action, and what it was as a call to a model.
struct FinishedSpan: Sendable {
    let action: EndedAction
    let call: GenAICall?
    /// Microseconds since 1970.
    let start: Int64
    let end: Int64

    init(_ action: EndedAction, _ call: GenAICall?) {
        var action = action
        // What counts of them is in the call.
        action.facts = [:]
        self.action = action
        self.call = call
        start = action.submitted.microseconds
        end = start + max(0, action.took.microseconds)
    }

    /// As the conventions for generative AI want it for a call to a model; else the tool's id, which is one of a list.
    var name: String {
        guard let call else { return action.tool }
        return call.model.map { "\(call.operation) \($0)" } ?? call.operation
    }
}
