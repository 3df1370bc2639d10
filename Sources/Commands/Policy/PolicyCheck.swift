import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find what is wrong with policies.",
        discussion:
            "Names every error with its file, line and column, and shows the line. Exit code 1 when there is any.")

    @Argument(help: "Files and folders with policies.") var paths: [String] = []
    @Option(
        name: [.customShort("b"), .long],
        help: ArgumentHelp("A bundle: an archive or a folder; may be given again.", valueName: "path"))
    var bundle: [String] = []
    @OptionGroup var language: PolicyLanguageOptions
    @Flag(help: "Print OPA's JSON.") var json = false

    func validate() throws {
        guard !paths.isEmpty || !bundle.isEmpty else { throw ValidationError("name a file or folder to check") }
    }

    func run() async throws {
        let count = try await PolicyProblems.reporting(json: json, as: .found) {
            let policy = try LoadedPolicy(paths: paths, bundles: bundle, language)
            guard !policy.modules.isEmpty else {
                throw GatehouseError(
                    "policy", .notFound, "there is no policy in \((paths + bundle).joined(separator: ", "))",
                    hint: "policy is in files with names that end in .rego")
            }
            try policy.compiler(language.compilerOptions).check()
            return policy.modules.count
        }
        if json { PolicyProblems.print([]) }
        Terminal.say(count == 1 ? "1 module: no errors" : "\(count) modules: no errors")
    }
}
