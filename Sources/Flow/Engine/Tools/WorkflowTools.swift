import Core
public import Gate
import JSON

/// The tools by which runs are begun, looked at and intervened in. They pass the gate like any others.
public enum WorkflowTools {
    static let run = "workflow.run"
    static let cancel = "workflow.cancel"
    static let resume = "workflow.resume"
    static let undo = "workflow.undo"
    static let approval = "workflow.approval"
    static let list = "workflow.list"
    static let runs = "workflow.runs"
    static let status = "workflow.status"

    /// - Parameters:
    ///   - engine: set once there is one, after the gate that these tools are registered with.
    ///   - seesAll: whether somebody is shown the runs of others too.
    public static func all(
        _ engine: FlowReference, seesAll: @escaping @Sendable (Principal) -> Bool = { _ in true }
    ) -> [any Tool] {
        [
            RunTool(engine: engine), CancelTool(engine: engine), ResumeTool(engine: engine),
            UndoRunTool(engine: engine),
            ApprovalTool(), ListTool(engine: engine), RunsTool(engine: engine, seesAll: seesAll),
            StatusTool(engine: engine, seesAll: seesAll),
        ]
    }

    /// What a step does not use: a run below another is a step of its own kind, and no run intervenes in others.
    static func startsRuns(_ tool: String) -> Bool { [run, cancel, resume, undo, approval].contains(tool) }
}

/// The engine, for tools that the gate has before there is an engine.
public typealias FlowReference = LateReference<FlowEngine>

extension LateReference where Target == FlowEngine {
    public convenience init() { self.init(absence: Dispatcher.stopped) }
}

/// How the arguments of these tools are described and read.
enum RunArguments {
    static let run = text("The run's id: run_…", to: 40)
    static let workflow = text("The workflow's name.", to: 100)
    static let reason = text("Why, in words that somebody else understands.", to: 1000)

    static func text(_ description: String, to greatest: Int) -> JSON {
        ["type": "string", "description": .string(description), "minLength": 1, "maxLength": JSON(greatest)]
    }
}

extension JSON {
    /// The text of a required argument; the schema has seen to it that it is there.
    func textArgument(_ name: String) throws -> String {
        guard let text = self[name]?.string else {
            throw GatehouseError("flow", .invalid, "the argument \"\(name)\" is missing or is no text")
        }
        return text
    }
}

extension ActionContext {
    var caller: Caller { Caller(principal: principal, session: session, isLocal: isLocal) }
}
