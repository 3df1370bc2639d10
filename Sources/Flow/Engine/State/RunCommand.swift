public import Core
public import JSON

/// What a run wants done next.
public enum RunCommand: Sendable, Hashable {
    /// To be in the journal before anything else is done.
    case note(RunEvent.Kind)
    /// To be in the journal, with an id for the new run, before it is begun.
    case begin(StepRef, workflow: String, inputs: JSON)
    /// Ask the gate for it. With the key that it has: whatever became of it, it happens once.
    case submit(Attempt)
    /// See what became of an action that people were asked about, or whose outcome was not seen.
    case look(Attempt, actionID: String?)
    /// People need not answer any more.
    case withdraw(StepRef, approvalID: String)
    /// See that the run below is there, and how it stands.
    case follow(StepRef, run: String, workflow: String, inputs: JSON)
    case cancel(StepRef, run: String)
    /// Have the run below undone, and see how that stands.
    case undoChild(StepRef, run: String)
    /// Nothing else is due before.
    case timer(Timestamp)
}
