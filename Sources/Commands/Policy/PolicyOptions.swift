import ArgumentParser
import Core
import JSON
import Policy
import Rego

/// Where policy and data come from, and how policy is read; shared by the commands that take both.
struct PolicySourceOptions: ParsableArguments {
    @Option(
        name: [.customShort("d"), .long],
        help: ArgumentHelp(
            "A file or folder with policy and data; may be given again.",
            discussion: "Data of a folder has the path of its folder in it: roles/x.json is data.roles.",
            valueName: "path"))
    var data: [String] = []
    @OptionGroup var bundles: PolicyBundleOptions
    @OptionGroup var language: PolicyLanguageOptions

    var compilerOptions: CompilerOptions { language.compilerOptions }

    func load() throws -> LoadedPolicy { try LoadedPolicy(paths: data, bundles: bundles, language) }
}

/// How policy is read.
struct PolicyLanguageOptions: ParsableArguments {
    @Flag(help: "Read policy as Rego v0, where neither it nor its bundle says otherwise.") var v0Compatible = false
    @Flag(help: "Unused variables and imports, and shadowed names, are errors.") var strict = false
    @Option(
        help: ArgumentHelp(
            "Leave out files and folders of this name or pattern; may be given again.", valueName: "glob"))
    var ignore: [String] = []

    /// Patterns that leave out what is no policy.
    static let dataFiles = ["json", "yaml", "yml"].map { "**/*.\($0)" }

    /// A pattern without a slash is of names, at any depth.
    static func excluded(_ ignored: [String]) -> [String] {
        ignored.flatMap { $0.contains("/") ? [$0] : ["**/\($0)", "**/\($0)/**"] }
    }

    var version: RegoVersion { v0Compatible ? .v0 : .v1 }

    var compilerOptions: CompilerOptions {
        var options = CompilerOptions()
        options.version = version
        options.isStrict = strict
        options.keepsPrint = true
        return options
    }
}

/// The document that a query sees as `input`.
struct PolicyInputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The input: a JSON or YAML file.", valueName: "file"))
    var input: String?
    @Flag(name: [.customShort("I"), .long], help: "Read the input from stdin.") var stdinInput = false

    static let largest = 256 << 20

    func validate() throws {
        guard input == nil || !stdinInput else { throw ValidationError("give --input or --stdin-input, not both") }
    }

    /// Nil where there is none.
    func read() throws -> RegoValue? {
        guard stdinInput || input != nil else { return nil }
        let name = input ?? "stdin"
        let bytes =
            try input.map { try WholeFile.read($0, limit: Self.largest) } ?? StandardInput.read(limit: Self.largest)
        return try LoadedPolicy.document(bytes, name: name)
    }
}

/// Where a query stands.
struct PolicyQueryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The package that the query speaks from.", valueName: "name")) var package: String?
    @Option(
        name: .customLong("import"),
        help: ArgumentHelp("An import for the query: data.lib as l; may be given again.", valueName: "path"))
    var imports: [String] = []

    var isPlain: Bool { package == nil && imports.isEmpty }

    func query(_ text: String, keepsValues: Bool = false) -> Compiler.Query {
        var query = Compiler.Query(name: "query", text: text)
        let package = package ?? ""
        query.package = package.hasPrefix("data.") ? String(package.dropFirst(5)) : package
        query.imports = imports
        query.keepsValues = keepsValues
        return query
    }
}
