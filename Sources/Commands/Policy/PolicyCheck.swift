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
    @OptionGroup var bundles: PolicyBundleOptions
    @OptionGroup var language: PolicyLanguageOptions
    @Flag(help: "Print OPA's JSON.") var json = false

    func validate() throws {
        guard !paths.isEmpty || !bundles.bundle.isEmpty else { throw ValidationError("name a file or folder to check") }
    }

    func run() async throws {
        let count = try await PolicyProblems.reporting(json: json, as: .found) {
            let policy = try LoadedPolicy(paths: paths, bundles: bundles, language, policyOnly: true)
            guard !policy.modules.isEmpty else {
                throw GatehouseError(
                    "policy", .notFound, "there is no policy in \((paths + bundles.bundle).joined(separator: ", "))",
                    hint: "policy is in files with names that end in .rego")
            }
            try policy.compiler(language.compilerOptions).check()
            return policy.modules.count
        }
        if json { PolicyProblems.print([]) }
        Terminal.say(count == 1 ? "1 module: no errors" : "\(count) modules: no errors")
    }
}
