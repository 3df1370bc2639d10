/// A workflow of the library, or a file that should be one.
public struct WorkflowEntry: Sendable, Hashable {
    public enum Origin: Sendable, Hashable {
        /// Gatehouse brings it along.
        case builtIn
        /// A file of the folder.
        case file(path: String)
    }

    /// The workflow's name; the file's, without its ending, where it could not be read.
    public let name: String
    public let origin: Origin
    /// Nil where the file could not be read. With ``problems`` it is there to be looked at and cannot run.
    public let workflow: Workflow?
    /// In the order of the file; empty where it can run.
    public let problems: [WorkflowProblem]

    public var isRunnable: Bool { workflow != nil && problems.isEmpty }

    init(_ name: String, _ origin: Origin, _ workflow: Workflow?, _ problems: [WorkflowProblem] = []) {
        (self.name, self.origin, self.workflow, self.problems) = (name, origin, workflow, problems)
    }

    func adding(_ more: [WorkflowProblem]) -> WorkflowEntry {
        WorkflowEntry(name, origin, workflow, problems + more)
    }

    /// What is told about a file as a whole.
    static func file(_ name: String, _ origin: Origin, _ message: String, hint: String? = nil) -> WorkflowEntry {
        WorkflowEntry(name, origin, nil, [WorkflowProblem(Place(line: 0, column: 0), "", message, hint: hint)])
    }
}
