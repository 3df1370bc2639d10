import ArgumentParser
import Core
import Formats
import JSON
import Policy
import Rego

struct PolicyFormat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Write policies in the one style, that of `opa fmt`.",
        discussion: """
            Without a flag the formatted text goes to stdout; without a path, stdin is formatted. A file that cannot be read as policy \
            is left as it is. Exit code 1 when --check finds a file that is not formatted, 2 when one is not policy.
            """)

    @Argument(help: "Files and folders; - for stdin.") var paths: [String] = []
    @Flag(name: .shortAndLong, help: "Write the files instead.") var write = false
    @Flag(name: .shortAndLong, help: "Name the files that are not formatted.") var list = false
    @Flag(name: .shortAndLong, help: "Show what would change.") var diff = false
    @Flag(name: [.long, .customLong("fail")], help: "Exit with 1 when a file is not formatted.") var check = false
    @Flag(help: "Rewrite Rego v0 as v1: if, contains, := and no imports of keywords.") var regoV1 = false
    @Flag(help: "Read policy as Rego v0, where it does not say otherwise.") var v0Compatible = false
    @Option(
        help: ArgumentHelp(
            "Leave out files and folders of this name or pattern; may be given again.", valueName: "glob"))
    var ignore: [String] = []
    @Flag(help: "Print which files are not formatted, as JSON.") var json = false

    func run() async throws {
        var changed: [String] = []
        try await PolicyProblems.reporting(json: json) {
            let formatter = Formatter(options)
            var problems: [RegoError] = []
            for file in try files() {
                do {
                    let formatted = try formatter.format(file.text, name: file.path)
                    if formatted != file.text { changed.append(file.path) }
                    try deliver(file, formatted)
                } catch let errors as RegoErrors { problems += errors.errors }
            }
            guard problems.isEmpty else { throw RegoErrors(problems) }
        }
        if json { Terminal.data((["changed": .array(changed.map { .string($0) })] as JSON).text(pretty: true) + "\n") }
        if check, !changed.isEmpty { throw ExitStatus.found.code }
    }

    private var options: FormatterOptions {
        var options = FormatterOptions()
        options.target = regoV1 ? .v1 : .keep
        options.version = v0Compatible ? .v0 : .v1
        return options
    }

    private var isStandardInput: Bool { paths.isEmpty || paths == ["-"] }

    private func files() throws -> [PolicyModule] {
        guard !isStandardInput else {
            return [PolicyModule(path: "stdin", text: try StandardInput.read(limit: options.limits.bytes))]
        }
        let excluded = PolicyLanguageOptions.excluded(ignore) + PolicyLanguageOptions.dataFiles
        return try PolicyFiles(loading: paths, excluding: excluded).modules
    }

    private func deliver(_ file: PolicyModule, _ formatted: [UInt8]) throws {
        let hasChanged = formatted != file.text
        if diff { Terminal.data(UnifiedDiff(from: file.text, to: formatted).text(name: file.path)) }
        if list, hasChanged { Terminal.data(file.path + "\n") }
        if write, hasChanged, !isStandardInput { try WholeFile.rewrite(formatted, at: file.path) }
        let isPlain = !diff && !list && !check && !json && (!write || isStandardInput)
        if isPlain { Terminal.data(formatted) }
    }
}
