/// The blocks of a module's files, as they are written.
struct ModuleSource {
    struct Located {
        var file: String
        var block: HCLBlock
    }

    struct Local {
        var file: String
        var value: HCLExpression
    }

    var folder: String
    var resources: [Located] = []
    var variables: [String: Located] = [:]
    var outputs: [String: Located] = [:]
    var modules: [Located] = []
    var providers: [Located] = []
    var locals: [String: Local] = [:]
    var problems: [TerraformProblem] = []

    static func isConfiguration(_ name: String) -> Bool { name.hasSuffix(".tf") || name.hasSuffix(".tf.json") }

    init(folder: String, files: any TerraformFiles, limits: TerraformLimits) {
        self.folder = folder
        let names = files.names(in: folder).filter(Self.isConfiguration)
        // What is overridden is read first.
        for name in names.filter({ !Self.isOverride($0) }) + names.filter(Self.isOverride) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard let bytes = files.read(path) else { continue }
            let isJSON = name.hasSuffix(".json")
            let file =
                isJSON ? HCLJSON.parse(bytes, limits: limits.files) : HCLParser.parse(bytes, limits: limits.files)
            problems += file.problems.map { TerraformProblem(file: path, problem: $0) }
            for block in isJSON ? Self.blocks(of: file.body) : file.body.blocks {
                add(Located(file: path, block: block), overrides: Self.isOverride(name))
            }
        }
    }

    private static func isOverride(_ name: String) -> Bool {
        let stem = name.hasSuffix(".tf") ? name.dropLast(3) : name.dropLast(8)
        return stem == "override" || stem.hasSuffix("_override")
    }

    /// How many labels Terraform's blocks have.
    private static let labels = [
        "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0,
    ]

    private static func blocks(of body: HCLBody) -> [HCLBlock] {
        body.attributes.flatMap { attribute -> [HCLBlock] in
            guard let count = labels[attribute.name] else { return [] }
            return HCLJSON.blocks(of: attribute.value, type: attribute.name, labels: count)
        }
    }

    private mutating func add(_ located: Located, overrides: Bool) {
        let block = located.block
        guard let count = Self.labels[block.type] else { return }
        guard block.labels.count == count else {
            let problem = HCLProblem("\(block.type) takes \(count) labels", at: block.range.start)
            return problems.append(TerraformProblem(file: located.file, problem: problem))
        }
        switch block.type {
        case "resource", "data": Self.add(located, to: &resources, overrides)
        case "module": Self.add(located, to: &modules, overrides)
        case "provider": providers.append(located)
        case "variable": variables[block.labels[0]] = Self.merged(variables[block.labels[0]], located, overrides)
        case "output": outputs[block.labels[0]] = located
        case "locals":
            for attribute in block.body.attributes {
                locals[attribute.name] = Local(file: located.file, value: attribute.value)
            }
        default: break
        }
    }

    private static func add(_ located: Located, to list: inout [Located], _ overrides: Bool) {
        let block = located.block
        if overrides,
            let at = list.firstIndex(where: { $0.block.type == block.type && $0.block.labels == block.labels })
        {
            list[at] = merged(list[at], located, true)
        } else {
            list.append(located)
        }
    }

    /// An override replaces attributes one by one, and blocks type by type.
    private static func merged(_ base: Located?, _ other: Located, _ overrides: Bool) -> Located {
        guard overrides, var base else { return other }
        let names = Set(other.block.body.attributes.map(\.name))
        let types = Set(other.block.body.blocks.map(\.type))
        base.block.body.attributes.removeAll { names.contains($0.name) }
        base.block.body.attributes += other.block.body.attributes
        base.block.body.blocks.removeAll { types.contains($0.type) }
        base.block.body.blocks += other.block.body.blocks
        return base
    }
}
