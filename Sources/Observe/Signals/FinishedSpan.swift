import Core
import Gate
import JSON

/// A span that is over: an action, and what it was as a call to a model.
struct FinishedSpan: Sendable {
    let action: EndedAction
    let call: GenAICall?
    let toolCall: MCPCall?
    /// Microseconds since 1970.
    let start: Int64
    let end: Int64

    init(_ action: EndedAction, _ call: GenAICall?) {
        toolCall = MCPCall(action)
        var action = action
        // What counts of them is in the calls.
        action.facts = [:]
        self.action = action
        self.call = call
        start = action.submitted.microseconds
        end = start + max(0, action.took.microseconds)
    }

    /// As the conventions want it for calls to models and of tools; else the tool's id, which is one of a list.
    var name: String {
        if let toolCall { return "\(MCPCall.method) \(toolCall.tool)" }
        guard let call else { return action.tool }
        return call.asked.model.map { "\(call.asked.operation) \($0)" } ?? call.asked.operation
    }
}
