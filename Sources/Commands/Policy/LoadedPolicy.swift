import Core
import JSON
import Policy
import Rego

/// Policy and data from files, as the commands work on them.
struct LoadedPolicy {
    /// With paths as messages speak of them.
    var modules: [PolicyModule]
    var data: RegoValue

    init(modules: [PolicyModule], data: RegoValue) {
        self.modules = modules
        self.data = data
    }

    /// - Parameter policyOnly: whether files of data are passed over; what bundles hold is read whole.
    init(
        paths: [String], bundles: PolicyBundleOptions, _ language: PolicyLanguageOptions, policyOnly: Bool = false
    ) throws {
        var all = try Self.bundle(of: paths, language, policyOnly: policyOnly)
        for (path, read) in try bundles.read() {
            var bundle = read
            for at in bundle.modules.indices { bundle.modules[at].path = "\(path)/\(bundle.modules[at].path)" }
            all = try all.joined(with: bundle)
        }
        self.init(modules: all.modules, data: all.data)
    }

    /// Files that are no bundle, as one without a manifest.
    static func bundle(
        of paths: [String], _ language: PolicyLanguageOptions, policyOnly: Bool = false
    ) throws -> Bundle {
        let data = policyOnly ? PolicyLanguageOptions.dataFiles : []
        let files = try PolicyFiles(
            loading: paths, excluding: PolicyLanguageOptions.excluded(language.ignore) + data)
        return Bundle(modules: files.modules, data: files.data)
    }

    /// A JSON or YAML document.
    static func document(_ bytes: [UInt8], name: String) throws -> RegoValue {
        if name.hasSuffix(".json") {
            do { return try RegoValue(parsing: bytes) } catch {
                throw GatehouseError("policy", .invalid, "\(name) is no JSON", from: error)
            }
        }
        do { return try RegoValue(yaml: bytes) } catch {
            throw GatehouseError("policy", error.code, "\(name): \(error.message)", hint: error.hint)
        }
    }

    /// - Throws: all parse errors.
    func compiler(_ options: CompilerOptions) throws(RegoErrors) -> Compiler {
        var compiler = Compiler(options)
        try compiler.add(modules)
        return compiler
    }
}
