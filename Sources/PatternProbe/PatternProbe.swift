import Agents
import Core
import Flow
import Gate
import Ledger
import Logging
import Server

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A whole house that runs one of the agents' patterns over a folder with planted flaws, again and again, until it is
/// killed; and goes on where it was when it is started anew. Tests kill it and look whether anything was done twice.
///
/// `PatternProbe FOLDER WORKFLOW [finish]`: the house's data are in `FOLDER/data`, the flaws in `FOLDER/shop`; with
/// `finish` no further run is begun, and the program ends when the last one is over. On its standard output it says
/// `open` once its house is, then the size of the ledger with each entry that is new, and `change` where people agree to
/// a change of the folder.
@main
struct PatternProbe {
    static func main() async throws {
        // Whoever reads what it says may be gone.
        signal(SIGPIPE, SIG_IGN)
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            throw GatehouseError("probe", .invalid, "usage: PatternProbe FOLDER WORKFLOW [finish]")
        }
        let logger = Logger(label: "probe", factory: { _ in SwiftLogNoOpLogHandler() })
        let house = try await House.open(dataDirectory: "\(arguments[1])/data", version: "probe", logger: logger)
        let library = try WorkflowLibrary(
            folder: nil, tools: house.gate.tools.descriptors, builtIn: AgentWorkflows.all)
        // It reads what the house's own engine has written, and runs nothing.
        let journal = FlowEngine(store: house.store, gate: house.gate, logger: logger, library: library)
        let people = People(
            gate: house.gate, journal: journal, workflow: arguments[2],
            folder: PlantedFolder(path: "\(arguments[1])/shop"), isFinishing: arguments.count > 3,
            say: say)
        try await house.run(signals: false) { _ in
            say("open")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await people.play() }
                group.addTask {
                    var size = house.ledger.size
                    while true {
                        while size < house.ledger.size {
                            size += 1
                            say("\(size)")
                        }
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// One write, so that a line is whole or absent.
    @Sendable private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
