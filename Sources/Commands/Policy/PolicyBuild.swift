import ArgumentParser
import Core
import JSON
import Policy
import Rego

struct PolicyBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Pack policy and data into a bundle.",
        discussion: """
            Everything is compiled first; what does not compile is not packed. What --bundle names is packed again with its manifest. \
            The same files give the same bytes. The bundle works with Gatehouse and with OPA.
            """)

    enum Target: String, CaseIterable, ExpressibleByArgument {
        case rego, plan
    }

    @Argument(help: "Files and folders with policy and data.") var paths: [String] = []
    @OptionGroup var bundles: PolicyBundleOptions
    @OptionGroup var language: PolicyLanguageOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("Where the bundle is written.", valueName: "file"))
    var output = "bundle.tar.gz"
    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("A rule or package that is asked for: app/allow; may be given again.", valueName: "path"))
    var entrypoint: [String] = []
    @Option(name: .shortAndLong, help: "rego, or plan: compiled for the entry points, as well as the policy itself.")
    var target: Target = .rego
    @Option(help: ArgumentHelp("What the manifest names as its revision.", valueName: "text")) var revision: String?
    @OptionGroup var signing: PolicySigningOptions
    @Flag(help: "Print what was written as a JSON object.") var json = false

    func validate() throws {
        guard !paths.isEmpty || !bundles.bundle.isEmpty else { throw ValidationError("name files or folders to pack") }
        guard target == .rego || !entrypoint.isEmpty else { throw ValidationError("a plan needs an --entrypoint") }
    }

    func run() async throws {
        let packed = try await PolicyProblems.reporting(json: json) { try pack() }
        let bytes = try BundleWriter(signing: signing.signing()).build(packed)
        try WholeFile.write(bytes, to: output)
        if json {
            let written: JSON = [
                "output": .string(output), "bytes": JSON(bytes.count), "modules": JSON(packed.modules.count),
                "revision": .string(packed.manifest.revision),
            ]
            Terminal.data(written.text(pretty: true) + "\n")
        }
        let count = packed.modules.count
        Terminal.say("\(output): \(count == 1 ? "1 module" : "\(count) modules"), \(bytes.count) bytes")
    }

    private func pack() throws -> Bundle {
        var packed = try gathered()
        if let revision { packed.manifest.revision = revision }
        let compiler = try LoadedPolicy(modules: packed.modules, data: packed.data)
            .compiler(language.compilerOptions)
        try compiler.check()
        let points = try entrypoint.map { try EntryPoint($0, in: compiler) }
        guard target == .plan else { return packed }
        try packed.addPlan(entryPoints: points.map(\.path), options: language.compilerOptions)
        return packed
    }

    /// A single bundle keeps its manifest.
    private func gathered() throws -> Bundle {
        var parts = try bundles.read().map(\.bundle)
        if !paths.isEmpty { parts.append(try LoadedPolicy.bundle(of: paths, language)) }
        var packed = try parts.dropFirst().reduce(parts.first ?? Bundle()) { try $0.joined(with: $1) }
        if language.v0Compatible { packed.manifest.regoVersion = .v0 }
        packed.plan = nil
        for at in packed.modules.indices { packed.modules[at].path = Self.packed(packed.modules[at].path) }
        return packed
    }

    /// `../policy/app.rego` is `policy/app.rego` in a bundle.
    private static func packed(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
    }
}

/// A rule or package by a path that exists.
struct EntryPoint {
    let path: String

    init(_ text: String, in compiler: Compiler) throws {
        let steps = text.split { $0 == "/" || $0 == "." }.map(String.init)
        let path = steps.first == "data" ? Array(steps.dropFirst()) : steps
        self.path = path.joined(separator: "/")
        let rules = Set(
            compiler.modules.flatMap { module in
                module.rules.map { (module.package + [$0.ruleName]).joined(separator: "/") }
            })
        let own = self.path
        // A rule, what is within one, or a package.
        guard rules.contains(where: { $0 == own || own.hasPrefix($0 + "/") || $0.hasPrefix(own + "/") }) else {
            throw GatehouseError(
                "policy", .notFound, "there is no rule or package \(self.path)",
                hint: Suggestion.nearest(to: self.path, among: rules.sorted()).map { "did you mean \($0)?" })
        }
    }
}

extension Rule {
    /// The first part of its name.
    var ruleName: String { if case .variable(let name) = head.node { name } else { "" } }
}
