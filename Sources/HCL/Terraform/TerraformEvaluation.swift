/// One evaluation of a root module and the modules that it calls.
///
/// Nothing outside the tree is read: a module from a registry, a repository or above the tree's root stays unknown.
public final class TerraformEvaluation {
    let functions: HCLFunctions
    let budget: HCLBudget
    private let files: any TerraformFiles
    private let limits: TerraformLimits
    private let root: String
    private var result = TerraformConfiguration()
    private var modules = 0
    /// Names that are being defined, the outermost first.
    private var defining: [String] = []
    private var reported: Set<TerraformProblem> = []

    private init(
        _ root: String, _ files: any TerraformFiles, _ functions: HCLFunctions, _ limits: TerraformLimits
    ) {
        self.root = root
        self.files = files
        self.functions = functions
        self.limits = limits
        budget = HCLBudget(steps: limits.steps)
    }

    /// - Parameter folder: the root module's, relative to the tree.
    public static func evaluate(
        _ folder: String, in files: any TerraformFiles, functions: HCLFunctions = .standard,
        limits: TerraformLimits = TerraformLimits()
    ) -> TerraformConfiguration {
        let evaluation = TerraformEvaluation(folder, files, functions, limits)
        evaluation.run()
        return evaluation.result
    }

    /// Folders that local modules of this one are in, whether or not they are there.
    public static func calledFolders(
        of folder: String, in files: any TerraformFiles, limits: TerraformLimits = TerraformLimits()
    ) -> [String] {
        ModuleSource(folder: folder, files: files, limits: limits).modules.compactMap { call in
            Self.localSource(of: call.block).flatMap { TerraformPath.join(folder, $0) }
        }
    }

    private static func localSource(of call: HCLBlock) -> String? {
        guard case .literal(.string(let source))? = call.body.attribute("source")?.value.node,
            source.hasPrefix("./") || source.hasPrefix("../") || source == "." || source == ".."
        else { return nil }
        return source
    }

    // MARK: Modules

    private func run() {
        let source = ModuleSource(folder: root, files: files, limits: limits)
        let scope = ModuleScope(source, path: [], given: VariableFiles.read(root, files, limits, report), shared: self)
        load(scope, depth: 0, stack: [root])
        expand(scope)
    }

    /// Reads the modules that a module calls, and those that they call.
    private func load(_ scope: ModuleScope, depth: Int, stack: [String]) {
        for problem in scope.source.problems { report(problem) }
        for call in scope.source.modules {
            guard let path = Self.localSource(of: call.block) else { continue }
            do throws(HCLProblem) {
                guard let folder = TerraformPath.join(scope.source.folder, path) else {
                    throw HCLProblem("the module's source leads out of the tree", at: call.block.range.start)
                }
                guard !stack.contains(folder) else {
                    let chain = (stack + [folder]).map { $0.isEmpty ? "." : $0 }.joined(separator: " → ")
                    throw HCLProblem("modules call each other in a circle: \(chain)", at: call.block.range.start)
                }
                modules += 1
                guard depth < limits.moduleDepth, modules <= limits.modules else {
                    throw HCLProblem("modules call more modules than are followed", at: call.block.range.start)
                }
                let source = ModuleSource(folder: folder, files: files, limits: limits)
                guard let instance = try instances(of: call.block, in: scope).first else { continue }
                let child = ModuleScope(
                    source, path: scope.path + ["module", call.block.labels[0]], given: [:], shared: self,
                    caller: (scope, call.block.body, instance.variables))
                scope.children[call.block.labels[0]] = child
                load(child, depth: depth + 1, stack: stack + [folder])
            } catch { report(TerraformProblem(file: call.file, problem: error)) }
        }
    }

    private func expand(_ scope: ModuleScope) {
        for located in scope.source.resources { expand(located, in: scope) }
        for located in scope.source.providers {
            add(.provider, located, scope, HCLReference(["provider"] + located.block.labels).text, [:])
        }
        for call in scope.source.modules {
            if let child = scope.children[call.block.labels[0]] { expand(child) }
        }
    }

    // MARK: Resources

    struct Instance {
        /// `[0]`, `["key"]` or nothing.
        var suffix: String
        var variables: [String: HCLValue]
    }

    private func expand(_ located: ModuleSource.Located, in scope: ModuleScope) {
        let block = located.block
        let mode: TerraformResource.Mode = block.type == "data" ? .data : .managed
        let parts = scope.path + (mode == .data ? ["data"] : []) + block.labels
        do throws(HCLProblem) {
            for instance in try instances(of: block, in: scope).prefix(limits.instances) {
                add(mode, located, scope, HCLReference(parts).text + instance.suffix, instance.variables)
            }
        } catch {
            report(TerraformProblem(file: located.file, problem: error))
            add(mode, located, scope, HCLReference(parts).text, Self.unknownInstance.variables)
        }
    }

    private static let unknownInstance = Instance(
        suffix: "",
        variables: [
            "each": .object(
                HCLObject([
                    ("key", .unknown(HCLUnknown(text: "${each.key}"))),
                    ("value", .unknown(HCLUnknown(text: "${each.value}"))),
                ])),
            "count": .object(HCLObject([("index", .unknown(HCLUnknown(text: "${count.index}")))])),
        ])

    /// One for each that `count` or `for_each` makes; one that stands for all where they are not known.
    private func instances(of block: HCLBlock, in scope: ModuleScope) throws(HCLProblem) -> [Instance] {
        if let count = block.body.attribute("count") {
            let value = try scope.evaluator().evaluate(count.value)
            if value.isUnknown || value.isNull { return [Self.unknownInstance] }
            guard let number = value.integerValue, number >= 0 else {
                throw HCLProblem("count is no number of instances", at: count.value.range.start)
            }
            return (0..<min(number, limits.instances)).map {
                Instance(suffix: "[\($0)]", variables: ["count": .object(HCLObject([("index", .integer($0))]))])
            }
        }
        guard let each = block.body.attribute("for_each") else { return [Instance(suffix: "", variables: [:])] }
        let value = try scope.evaluator().evaluate(each.value)
        // A list is refused by Terraform; it is most likely a set whose conversion is written elsewhere.
        let entries = try HCLEvaluator.entries(value, at: each.value.range.start)
        guard let entries else { return [Self.unknownInstance] }
        return entries.prefix(limits.instances).map { entry in
            let key = entry.key.stringValue ?? ""
            let each = HCLValue.object(HCLObject([("key", entry.key), ("value", entry.value)]))
            return Instance(suffix: "[\"\(key)\"]", variables: ["each": each])
        }
    }

    private func add(
        _ mode: TerraformResource.Mode, _ located: ModuleSource.Located, _ scope: ModuleScope, _ address: String,
        _ variables: [String: HCLValue]
    ) {
        guard result.resources.count < limits.resources else { return }
        let block = located.block
        var reader = BodyReader(scope.evaluator(variables)) { [self] problem in
            report(TerraformProblem(file: located.file, problem: problem))
        }
        let node = reader.node(block.body, at: block.range.start)
        result.resources.append(
            TerraformResource(
                mode: mode, type: block.labels[0], name: block.labels.count > 1 ? block.labels[1] : "",
                address: address, file: located.file, range: block.range, body: node))
        if result.resources.count == limits.resources {
            let problem = HCLProblem("there are more than \(limits.resources) resources", at: block.range.start)
            report(TerraformProblem(file: located.file, problem: problem))
        }
    }

    // MARK: What modules share

    func report(_ problem: TerraformProblem) {
        if result.problems.count < 1000, reported.insert(problem).inserted { result.problems.append(problem) }
    }

    func readFile(_ path: String) -> String? {
        for folder in ["", root] {
            if let path = TerraformPath.join(folder, path), let bytes = files.read(path) {
                return String(validating: bytes, as: UTF8.self)
            }
        }
        return nil
    }

    /// Evaluates what a name stands for, unless that needs the name itself.
    func defining<Result>(
        _ name: String, at place: HCLPlace, _ body: () throws(HCLProblem) -> Result
    ) throws(HCLProblem) -> Result {
        if let start = defining.firstIndex(of: name) {
            let chain = (defining[start...] + [name]).joined(separator: " → ")
            throw HCLProblem("is defined by itself: \(chain)", at: place)
        }
        defining.append(name)
        defer { defining.removeLast() }
        return try body()
    }

    /// A problem within the definition of a name is told where it is, and where the name is used in its words.
    func inside<Result>(
        _ file: String, of name: String, at place: HCLPlace, _ body: () throws(HCLProblem) -> Result
    ) throws(HCLProblem) -> Result {
        do throws(HCLProblem) { return try body() } catch {
            if error.message.hasPrefix("\(name): ") { throw error }
            let message = error.message.hasPrefix("is defined by") ? error.message : "\(name): \(error.message)"
            throw HCLProblem(message, at: place, hint: "see \(file):\(error.place.line)")
        }
    }
}
