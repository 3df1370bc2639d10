import Config
public import Core
public import Gate
import Synchronization

/// The workflows that can be run, by name: those that Gatehouse brings along and those of a folder.
///
/// A file that is wrong is listed with its problems, and takes none of the others down.
public final class WorkflowLibrary: Sendable {
    private let folder: DefinitionFolder?
    private let tools: [ToolDescriptor]?
    private let builtIn: [BuiltInWorkflow]
    private let state: Mutex<[WorkflowEntry]>

    /// Reads the folder.
    ///
    /// - Parameters:
    ///   - folder: one that does not exist holds none; nil where there is no folder at all.
    ///   - tools: what the gate can perform; nil where that is not known.
    ///   - builtIn: what other rooms bring along, beside those of this one.
    /// - Throws: `unavailable` where the folder is there and cannot be read.
    public init(
        folder: String?, tools: [ToolDescriptor]? = nil, builtIn: [BuiltInWorkflow] = []
    ) throws(GatehouseError) {
        self.folder = folder.map { DefinitionFolder(path: $0, Self.kind) }
        self.tools = tools
        self.builtIn = BuiltInWorkflow.own + builtIn
        state = Mutex(try Self.read(self.folder, tools, self.builtIn))
    }

    /// In the order of their names.
    public var entries: [WorkflowEntry] { state.withLock { $0 } }

    /// Those that can run.
    public var workflows: [Workflow] { entries.filter(\.isRunnable).compactMap(\.workflow) }

    /// Reads the folder again. When it throws, what was there stays.
    public func reload() throws(GatehouseError) {
        let entries = try Self.read(folder, tools, builtIn)
        state.withLock { $0 = entries }
    }

    /// - Throws: `notFound`, with the nearest name; `invalid` with what is wrong with it.
    public func workflow(named name: String) throws -> Workflow {
        let entries = entries
        if let entry = entries.first(where: { $0.name == name && $0.isRunnable }), let found = entry.workflow {
            return found
        }
        if let broken = entries.first(where: { $0.name == name }) {
            throw WorkflowProblems(file: broken.file, broken.problems).failure
        }
        let nearest = Suggestion.nearest(to: name, among: entries.map(\.name))
        throw GatehouseError(
            "flow", .notFound, "there is no workflow \"\(name.prefix(80))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "list those that there are: gatehouse workflow list")
    }

    // MARK: Reading

    private static let kind = DefinitionFolder.Kind(
        domain: "flow", noun: "workflows", setting: "workflows.folder", mostFiles: 500,
        mostBytes: WorkflowReader.limits.fileBytes)

    private static func read(
        _ folder: DefinitionFolder?, _ tools: [ToolDescriptor]?, _ builtIn: [BuiltInWorkflow]
    ) throws(GatehouseError) -> [WorkflowEntry] {
        var entries: [WorkflowEntry] = []
        for workflow in builtIn { entries.append(unlessTaken(entry(workflow.name, .builtIn, workflow.bytes), entries)) }
        if let folder {
            let (files, isCut) = try folder.files()
            for file in files { entries.append(entry(file, in: folder, beside: entries)) }
            if isCut {
                entries.append(
                    .file(
                        folder.path, .file(path: folder.path), "holds more than \(folder.kind.mostFiles) files",
                        hint: "those that come last by name are not read"))
            }
        }
        return check(entries, tools).sorted { ($0.name, $0.file) < ($1.name, $1.file) }
    }

    private static func entry(_ name: String, _ origin: WorkflowEntry.Origin, _ bytes: [UInt8]) -> WorkflowEntry {
        do throws(WorkflowProblems) {
            let workflow = try WorkflowReader.read(bytes, file: name)
            return WorkflowEntry(workflow.name, origin, workflow)
        } catch {
            return WorkflowEntry(name, origin, nil, error.problems)
        }
    }

    private static func entry(
        _ file: DefinitionFolder.File, in folder: DefinitionFolder, beside others: [WorkflowEntry]
    ) -> WorkflowEntry {
        let origin = WorkflowEntry.Origin.file(path: file.path)
        let found: WorkflowEntry
        do throws(GatehouseError) {
            found = entry(file.stem, origin, try folder.bytes(of: file))
        } catch {
            return .file(file.stem, origin, error.message, hint: error.hint)
        }
        return unlessTaken(found, others)
    }

    /// A name is whose it was first.
    private static func unlessTaken(_ found: WorkflowEntry, _ others: [WorkflowEntry]) -> WorkflowEntry {
        guard let taken = others.first(where: { $0.name == found.name && $0.workflow != nil }) else { return found }
        let problem = WorkflowProblem(
            Place(line: 1, column: 1), "name", "\"\(found.name)\" is the name of \(taken.file) already",
            hint: "give this one another")
        return found.adding([problem])
    }

    /// Against the tools, and against the others that can run. One that runs a broken one is broken in turn.
    private static func check(_ entries: [WorkflowEntry], _ tools: [ToolDescriptor]?) -> [WorkflowEntry] {
        var entries = entries
        var before = -1
        while entries.count(where: \.isRunnable) != before {
            before = entries.count(where: \.isRunnable)
            let check = WorkflowCheck(tools: tools, workflows: entries.filter(\.isRunnable).compactMap(\.workflow))
            entries = entries.map { entry in
                guard entry.isRunnable, let workflow = entry.workflow else { return entry }
                return entry.adding(check.outerProblems(in: workflow))
            }
        }
        return entries
    }
}

extension WorkflowEntry {
    /// How messages call where it comes from.
    var file: String {
        switch origin {
        case .builtIn: "the built-in \(name)"
        case .file(let path): path
        }
    }
}
