public import JSON

/// What is asked of the gate, worked out: nothing in it is an expression any more.
public struct StepRequest: Sendable, Hashable {
    public var tool: String
    public var target: String
    public var arguments: JSON

    public init(tool: String, target: String, arguments: JSON) {
        self.tool = tool
        self.target = target
        self.arguments = arguments
    }
}

/// One attempt at a step, as the journal has it before anything is asked of the gate.
public struct Attempt: Sendable, Hashable {
    public enum Work: Sendable, Hashable {
        case action(StepRequest)
        /// Undo this action by the plan that its tool made.
        case undo(actionID: String)
    }

    public var ref: StepRef
    /// From 1.
    public var number: Int
    public var work: Work
    /// `run_…/STEP/INDEX/ATTEMPT`, for undoing with `undo/` before the step.
    public var key: String
    /// How what it does is undone, where the workflow says so itself.
    public var undo: StepRequest?

    public init(ref: StepRef, number: Int, work: Work, key: String, undo: StepRequest? = nil) {
        self.ref = ref
        self.number = number
        self.work = work
        self.key = key
        self.undo = undo
    }
}
