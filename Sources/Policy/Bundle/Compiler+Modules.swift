public import Rego

extension Compiler {
    /// Adds modules in the order of their paths.
    /// - Throws: everything that does not parse in any of them.
    public mutating func add(_ modules: [PolicyModule]) throws(RegoErrors) {
        var errors: [RegoError] = []
        for module in modules.sorted(by: { $0.path < $1.path }) {
            do throws(RegoErrors) {
                try add(module: module.text, name: module.path, version: module.version)
            } catch { errors += error.errors }
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
    }
}
