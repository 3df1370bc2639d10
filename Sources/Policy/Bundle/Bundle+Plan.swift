internal import JSON
public import Rego

extension Bundle {
    /// Compiles the modules to ``plan``, as `opa build -t plan` does: for evaluators that have no compiler.
    ///
    /// - Parameter entryPoints: paths below `data`, with slashes.
    /// - Throws: ``RegoErrors``; a `GatehouseError` when patterns of versions take too long to match.
    public mutating func addPlan(
        entryPoints: [String], options: CompilerOptions = CompilerOptions()
    ) throws {
        var compiler = Compiler(options)
        var versions = FileVersions(manifest)
        for module in modules.sorted(by: { $0.path < $1.path }) {
            let path = String(module.path.drop { $0 == "/" })
            let version = try module.version ?? versions.version(of: path)
            try compiler.add(module: module.text, name: module.path, version: version)
        }
        let policy = try compiler.compile(entryPoints.sorted().map { .entryPoint($0) })
        plan = policy.planJSON(builtins: options.builtins).bytes()
    }
}
