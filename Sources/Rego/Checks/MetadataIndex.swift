/// The annotations of all modules, for `rego.metadata.rule()` and `rego.metadata.chain()`.
struct MetadataIndex {
    private let modules: [Module]
    /// By path: of packages, of `subpackages`, and of `document`.
    private var packages: [[String]: RegoValue] = [:]
    private var subpackages: [[String]: RegoValue] = [:]
    private var documents: [[String]: RegoValue] = [:]
    private var isEmpty = true

    init(_ modules: [Module]) {
        self.modules = modules
        for module in modules {
            for annotation in module.annotations {
                isEmpty = false
                switch annotation.scope {
                case "package": packages[module.package] = annotation.value
                case "subpackages": subpackages[module.package] = annotation.value
                case "document":
                    if let rule = annotation.rule { documents[path(module, rule)] = annotation.value }
                default: break
                }
            }
        }
    }

    private func path(_ module: Module, _ rule: Int) -> [String] {
        module.package + RuleCompiler.fixedPath(module.rules[rule])
    }

    func constants(module at: Int, rule: Int) -> Resolver.Metadata {
        guard modules.indices.contains(at) else {
            return Resolver.Metadata(rule: .object(RegoObject()), chain: .array(RegoArray([])))
        }
        let module = modules[at]
        // The closest to the rule comes first.
        let own =
            isEmpty ? [] : module.annotations.reversed().filter { $0.rule == rule && $0.scope == "rule" }.map(\.value)
        let path = path(module, rule)
        var chain = own.isEmpty ? [Self.link(path, nil)] : own.map { Self.link(path, $0) }
        if let document = documents[path] { chain.append(Self.link(path, document)) }
        if let package = packages[module.package] { chain.append(Self.link(module.package, package)) }
        for length in stride(from: module.package.count, through: 1, by: -1) {
            let path = Array(module.package.prefix(length))
            if let value = subpackages[path] { chain.append(Self.link(path, value)) }
        }
        return Resolver.Metadata(rule: own.first ?? .object(RegoObject()), chain: .array(RegoArray(chain)))
    }

    private static func link(_ path: [String], _ annotations: RegoValue?) -> RegoValue {
        var link = RegoObject()
        link.updateValue(.array(RegoArray(path.map { RegoValue($0) })), forKey: "path")
        if let annotations { link.updateValue(annotations, forKey: "annotations") }
        return .object(link)
    }
}
