internal import JSON
public import Rego

extension Bundle {
    /// Compiles the modules to ``plan``, as `opa build -t plan` does: for evaluators that have no compiler.
    ///
    /// - Parameter entryPoints: paths below `data`, with slashes.
    /// - Throws: ``RegoErrors``.
    public mutating func addPlan(
        entryPoints: [String], options: CompilerOptions = CompilerOptions()
    ) throws(RegoErrors) {
        var compiler = Compiler(options)
        for module in modules.sorted(by: { $0.path < $1.path }) {
            try compiler.add(
                module: module.text, name: module.path, version: module.version ?? manifest.version(of: module.path))
        }
        let policy = try compiler.compile(entryPoints.sorted().map { .entryPoint($0) })
        plan = policy.planJSON(builtins: options.builtins).bytes()
    }
}
