/// A rule as its policy describes it: what to say of a decision in words.
public struct RuleDescription: Sendable, Hashable {
    /// A `METADATA` block that speaks of the rule.
    public struct Annotation: Sendable, Hashable {
        /// `rule`, `document`, `package` or `subpackages`.
        public var scope: String
        /// The YAML, read: an object.
        public var value: RegoValue
        /// Where the block begins.
        public var file: String
        public var row: Int
    }

    /// Below `data`, as far as it is fixed.
    public var path: [String]
    public var file: String
    /// From 1.
    public var row: Int
    public var column: Int
    public var isDefault: Bool
    public var isFunction: Bool
    /// The closest first: of the rule, of the document that it is a part of, of the package, of packages around it.
    public var annotations: [Annotation]

    /// `data.app.allow`
    public var name: String { RefText.of(["data"] + path) }
    /// Of the rule or its document; what packages say is in ``annotations``.
    public var title: String? { own("title")?.text }
    public var description: String? { own("description")?.text }
    public var custom: RegoObject? { own("custom")?.object }
    public var isEntrypoint: Bool { own("entrypoint")?.bool ?? false }

    private func own(_ key: String) -> RegoValue? {
        for annotation in annotations where annotation.scope == "rule" || annotation.scope == "document" {
            if let value = annotation.value.object?[key] { return value }
        }
        return nil
    }
}

extension Compiler {
    /// All rules of the modules in the order of their text, branches of `else` as a part of theirs.
    public var ruleDescriptions: [RuleDescription] {
        let scopes = AnnotationScopes(modules)
        return modules.flatMap { module in
            module.rules.enumerated().map { number, rule in
                RuleDescription(
                    path: module.package + RuleCompiler.fixedPath(rule), file: module.name, row: Int(rule.place.row),
                    column: Int(rule.place.column), isDefault: rule.isDefault, isFunction: rule.arguments != nil,
                    annotations: scopes.annotations(of: number, in: module))
            }
        }
    }
}

/// The annotations of modules by what they speak of.
private struct AnnotationScopes {
    private var byScope: [String: [[String]: [RuleDescription.Annotation]]] = [:]

    init(_ modules: [Module]) {
        for module in modules {
            for annotation in module.annotations where annotation.scope != "rule" {
                var path = module.package
                if let rule = annotation.rule { path += RuleCompiler.fixedPath(module.rules[rule]) }
                byScope[annotation.scope, default: [:]][path, default: []].append(Self.describe(annotation, module))
            }
        }
    }

    private static func describe(_ annotation: Module.Annotation, _ module: Module) -> RuleDescription.Annotation {
        RuleDescription.Annotation(
            scope: annotation.scope, value: annotation.value, file: module.name, row: Int(annotation.place.row))
    }

    func annotations(of rule: Int, in module: Module) -> [RuleDescription.Annotation] {
        var found = module.annotations.filter { $0.rule == rule && $0.scope == "rule" }.reversed().map {
            Self.describe($0, module)
        }
        let path = module.package + RuleCompiler.fixedPath(module.rules[rule])
        found += byScope["document"]?[path] ?? []
        found += byScope["package"]?[module.package] ?? []
        for length in stride(from: module.package.count, through: 1, by: -1) {
            found += byScope["subpackages"]?[Array(module.package.prefix(length))] ?? []
        }
        return found
    }
}
