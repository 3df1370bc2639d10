import Config
import Core
import JSON
import Policy
import Rego

/// The organisation's own policy as the settings name it: two bundles beside the built-in one, for the files and for
/// what is configured.
struct OwnPolicy: Sendable {
    static let filesName = "own"
    static let settingsName = "settings"
    static let names: Set<String> = [filesName, settingsName]
    private static let greatestFile = 4 << 20

    let bundles: [String: Bundle]

    /// - Throws: `invalid`, with the place, and what reading reports.
    init(_ settings: PolicySettings) throws {
        var modules: [PolicyModule] = []
        var data = RegoObject()
        for path in settings.paths {
            let found = try Self.read(path)
            modules += found.modules.filter { !$0.path.hasSuffix("_test.rego") }
            data = try Self.joined(data, found.data, path)
        }
        let files = Bundle(
            manifest: Bundle.Manifest(roots: try Self.roots(of: modules, data)), modules: modules, data: .object(data))
        let environments = RegoObject(
            settings.environments.map { name, globs in
                (RegoValue(name), .array(RegoArray(globs.map { RegoValue($0) })))
            })
        let configured = Bundle(
            manifest: Bundle.Manifest(roots: ["gatehouse/environments"]),
            data: ["gatehouse": ["environments": .object(environments)]])
        bundles = [Self.filesName: files, Self.settingsName: configured]
    }

    // MARK: In force

    /// With the built-in policy.
    /// - Throws: `invalid` for what does not compile; `conflict` for what lies where other policy does.
    func store(clock: any WallClock) throws -> PolicyStore {
        var all = bundles
        all[BuiltInPolicy.name] = BuiltInPolicy.bundle
        let options = PolicyOptions(requiredEntryPoints: [BuiltInPolicy.entryPoint])
        return try Self.explained { try PolicyStore(options: options, bundles: all, clock: clock) }
    }

    static func explained<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let errors as RegoErrors {
            throw GatehouseError(
                "gate", .invalid, "the policy does not compile", cause: errors.description,
                hint: "correct the line that is shown; until then the former policy stays in force")
        }
    }

    // MARK: Reading

    private static func read(_ path: String) throws -> (modules: [PolicyModule], data: RegoValue) {
        if path.hasSuffix(".rego") {
            let text = try InputFile.contents(of: path, limit: greatestFile).bytes
            return ([PolicyModule(path: path, text: text)], [:])
        }
        if path.hasSuffix(".json") {
            let text = try InputFile.contents(of: path, limit: greatestFile).bytes
            return ([], try RegoValue(parsing: text))
        }
        let bundle = try BundleReader().read(path: path)
        return (
            bundle.modules.map { module in
                var module = module
                module.path = "\(path)/\(module.path)"
                module.version = module.version ?? bundle.manifest.regoVersion
                return module
            }, bundle.data
        )
    }

    private static func joined(_ data: RegoObject, _ more: RegoValue, _ path: String) throws -> RegoObject {
        guard let more = more.object else {
            throw GatehouseError("gate", .invalid, "\(path): the data is no object")
        }
        var data = data
        for (key, value) in more where data.updateValue(value, forKey: key) != nil {
            throw GatehouseError(
                "gate", .conflict, "\(path): there is data at \(key.jsonKey) already",
                hint: "keep what belongs to one key in one folder")
        }
        return data
    }

    /// What the files have policy or data at; of roots within each other the wider one.
    private static func roots(of modules: [PolicyModule], _ data: RegoObject) throws -> [String] {
        var compiler = Compiler()
        for module in modules {
            try explained { try compiler.add(module: module.text, name: module.path, version: module.version) }
        }
        var paths = Set(compiler.modules.map(\.package))
        for (key, value) in data {
            guard key.text == "gatehouse", let below = value.object else {
                paths.insert([key.jsonKey])
                continue
            }
            for key in below.keys { paths.insert(["gatehouse", key.jsonKey]) }
        }
        let widest = paths.filter { path in
            !(1..<max(1, path.count)).contains { paths.contains(Array(path.prefix($0))) }
        }
        return widest.map { $0.joined(separator: "/") }.sorted()
    }
}
