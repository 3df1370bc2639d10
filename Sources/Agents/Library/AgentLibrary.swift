import Config
public import Core
import Synchronization

/// The agents that there are, by name: those that Gatehouse brings along and those of a folder.
///
/// A file that is wrong is listed with its problems, and takes none of the others down.
public final class AgentLibrary: Sendable {
    private let folder: DefinitionFolder?
    private let builtIn: [(name: String, bytes: [UInt8])]
    private let procedures: [String: any Procedure]
    private let state: Mutex<[AgentEntry]>

    /// Reads the folder.
    /// - Parameter folder: one that does not exist holds none; nil where there is no folder at all.
    /// - Throws: `unavailable` where the folder is there and cannot be read.
    public convenience init(folder: String? = nil) throws(GatehouseError) {
        try self.init(folder: folder, builtIn: BuiltInAgents.files, procedures: Procedures.all)
    }

    init(
        folder: String?, builtIn: [(name: String, bytes: [UInt8])], procedures: [any Procedure]
    ) throws(GatehouseError) {
        self.folder = folder.map { DefinitionFolder(path: $0, Self.kind) }
        self.builtIn = builtIn
        self.procedures = Dictionary(procedures.map { ($0.name, $0) }) { first, _ in first }
        state = Mutex([])
        try reload()
    }

    /// In the order of their names.
    public var entries: [AgentEntry] { state.withLock { $0 } }

    /// Those that can run.
    public var definitions: [AgentDefinition] { entries.filter { $0.problem == nil }.compactMap(\.definition) }

    /// Reads the folder again. When it throws, what was there stays.
    public func reload() throws(GatehouseError) {
        let entries = try read()
        state.withLock { $0 = entries }
    }

    /// - Throws: `not_found`, with the nearest name; `invalid` with what is wrong with it.
    public func agent(named name: String) throws(GatehouseError) -> AgentDefinition {
        let entries = entries
        if let found = entries.first(where: { $0.name == name && $0.problem == nil })?.definition { return found }
        if let problem = entries.first(where: { $0.name == name })?.problem { throw problem }
        let nearest = Suggestion.nearest(to: name, among: entries.map(\.name))
        throw GatehouseError(
            "agents", .notFound, "there is no agent \"\(name.prefix(80))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" }
                ?? "there are \(entries.prefix(12).map(\.name).joined(separator: ", "))")
    }

    /// - Throws: `internal` for one that the library has refused already.
    func procedure(of definition: AgentDefinition) throws(GatehouseError) -> any Procedure {
        guard let procedure = procedures[definition.procedure] else {
            throw GatehouseError("agents", .internal, "there is no procedure \"\(definition.procedure)\"")
        }
        return procedure
    }

    // MARK: Reading

    private static let kind = DefinitionFolder.Kind(
        domain: "agents", noun: "agents", setting: "agents.folder", mostFiles: 200,
        mostBytes: AgentReader.limits.fileBytes)

    private func read() throws(GatehouseError) -> [AgentEntry] {
        var entries: [AgentEntry] = []
        for (name, bytes) in builtIn { add(entry(name, .builtIn, bytes), to: &entries) }
        if let folder {
            let (files, isCut) = try folder.files()
            for file in files { add(entry(file, in: folder), to: &entries) }
            if isCut {
                let origin = AgentEntry.Origin.file(path: folder.path)
                entries.append(
                    AgentEntry(name: folder.path, origin: origin, definition: nil, problem: nil).refused(
                        "holds more than \(folder.kind.mostFiles) files",
                        hint: "those that come last by name are not read"))
            }
        }
        return entries.sorted { ($0.name, $0.file) < ($1.name, $1.file) }
    }

    /// A name is whose it was first: no file takes the place of what Gatehouse brings along.
    private func add(_ entry: AgentEntry, to entries: inout [AgentEntry]) {
        guard let taken = entries.first(where: { $0.name == entry.name && $0.problem == nil }) else {
            return entries.append(entry)
        }
        entries.append(
            entry.refused("\"\(entry.name)\" is the name of \(taken.file) already", hint: "give this one another"))
    }

    private func entry(_ file: DefinitionFolder.File, in folder: DefinitionFolder) -> AgentEntry {
        let origin = AgentEntry.Origin.file(path: file.path)
        do throws(GatehouseError) {
            return entry(file.stem, origin, try folder.bytes(of: file))
        } catch {
            return AgentEntry(name: file.stem, origin: origin, definition: nil, problem: error)
        }
    }

    private func entry(_ name: String, _ origin: AgentEntry.Origin, _ bytes: [UInt8]) -> AgentEntry {
        let definition: AgentDefinition
        let file = if case .file(let path) = origin { path } else { name }
        do throws(AgentProblems) {
            definition = try AgentReader.read(bytes, file: file)
        } catch {
            return AgentEntry(name: name, origin: origin, definition: nil, problem: error.failure)
        }
        let entry = AgentEntry(name: definition.name, origin: origin, definition: definition, problem: nil)
        guard procedures[definition.procedure] == nil else { return entry }
        let nearest = Suggestion.nearest(to: definition.procedure, among: procedures.keys)
        return entry.refused(
            "there is no procedure \"\(definition.procedure)\"",
            hint: nearest.map { "did you mean \"\($0)\"?" }
                ?? "there are \(procedures.keys.sorted().joined(separator: ", "))")
    }
}
