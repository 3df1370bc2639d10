import Agents
import Core
import Flow
import Gate
import Logging
import Store

/// The workflows of a house: where they come from, and what runs them.
struct HouseWorkflows: Sendable {
    let library: WorkflowLibrary
    let engine: FlowEngine

    /// - Throws: `unavailable` where the folder is there and cannot be read.
    init(_ settings: WorkflowSettings, folder: String, store: Store, gate: Gate, clock: any WallClock, logger: Logger)
        throws
    {
        library = try WorkflowLibrary(
            folder: settings.folder ?? folder, tools: gate.tools.descriptors, builtIn: AgentWorkflows.all)
        var engineSettings = FlowEngine.Settings()
        engineSettings.keep = settings.keep
        engine = FlowEngine(
            store: store, gate: gate, clock: clock, logger: logger, library: library, settings: engineSettings)
    }
}
