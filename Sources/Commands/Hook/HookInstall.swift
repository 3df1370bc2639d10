import ArgumentParser
import Core

struct HookInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Have git assess what is staged before each commit.",
        discussion: """
            A hook that is there already is kept, and runs first. Run it again after the program has moved, or to choose another \
            severity. Hooks belong to one clone: each who works on the repository installs it, and a pipeline runs \
            gatehouse assess --since for all.
            """)

    @Argument(help: "The repository.") var repository: String = "."
    @Option(help: "Stop a commit with a finding that is at least this severe: info, low, medium, high or critical.")
    var failOn: SeverityArgument?
    @Option(help: "The data folder that the hook is to use, where it is not the usual one.") var data: String?

    func run() async throws {
        let folder = try await HookFolder(of: RepositoryAddress.absolute(repository))
        if let present = try folder.read(HookScript.name), !HookScript.isOurs(present) {
            guard try folder.read(HookScript.earlier) == nil else {
                throw GatehouseError(
                    "hook", .conflict, "there are both \(folder.file(HookScript.name)) and \(HookScript.earlier)",
                    hint: "make one hook of the two, and delete the second")
            }
            try folder.move(HookScript.name, to: HookScript.earlier)
            Terminal.say("kept the hook that was there as \(HookScript.earlier): it runs first")
        }
        try folder.write(script().text, as: HookScript.name)
        let severity = failOn?.severity ?? HookRun.defaultSeverity
        Terminal.say(
            "installed \(folder.file(HookScript.name)): stops commits with findings at \(severity.rawValue) or above")
    }

    private func script() throws -> HookScript {
        var script = HookScript(program: try RepositoryAddress.absolute("/proc/self/exe"))
        if let failOn { script.arguments += ["--fail-on", failOn.severity.rawValue] }
        if let data { script.arguments += ["--data", try RepositoryAddress.absolute(data)] }
        return script
    }
}
