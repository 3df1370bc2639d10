/// What names mean in one module. Locals, variables and outputs are evaluated when they are first asked for.
final class ModuleScope: HCLScope {
    let source: ModuleSource
    /// `["module", "net"]`; empty for the root.
    let path: [String]
    private let shared: TerraformEvaluation
    /// The caller, and the arguments that it gives.
    private let caller: (scope: ModuleScope, arguments: HCLBody, variables: [String: HCLValue])?
    private let given: [String: HCLValue]
    private var values: [String: HCLValue] = [:]
    /// By the name of the call; nil for a module that is not in the tree.
    var children: [String: ModuleScope] = [:]
    private let declared: Set<String>

    init(
        _ source: ModuleSource, path: [String], given: [String: HCLValue], shared: TerraformEvaluation,
        caller: (scope: ModuleScope, arguments: HCLBody, variables: [String: HCLValue])? = nil
    ) {
        self.source = source
        self.path = path
        self.given = given
        self.shared = shared
        self.caller = caller
        declared = Set(source.resources.map { $0.block.labels.joined(separator: ".") })
    }

    func evaluator(_ variables: [String: HCLValue] = [:]) -> HCLEvaluator {
        HCLEvaluator(scope: self, functions: shared.functions, budget: shared.budget, variables: variables)
    }

    func readFile(_ path: String) -> String? { shared.readFile(path) }

    func resolve(_ path: HCLPath) throws(HCLProblem) -> HCLResolution {
        switch path.root {
        case "var", "local":
            guard let name = path.name(0) else { break }
            return HCLResolution(try value(path.root, name, at: path.place), consumed: 1)
        case "path":
            let folder = source.folder.isEmpty ? "." : source.folder
            if let name = path.name(0) { return HCLResolution(.string(name == "module" ? folder : "."), consumed: 1) }
        case "module": if let found = try output(path) { return found }
        default: break
        }
        return HCLResolution(.unknown(HCLUnknown(qualified(path.reference))), consumed: path.steps.count)
    }

    private func qualified(_ reference: HCLReference) -> HCLReference {
        path.isEmpty ? reference : HCLReference(path + reference.parts)
    }

    // MARK: Named values

    private func value(_ kind: String, _ name: String, at place: HCLPlace) throws(HCLProblem) -> HCLValue {
        let key = "\(kind).\(name)"
        if let value = values[key] { return value }
        let full = qualified(HCLReference([kind, name])).text
        let value = try shared.defining(full, at: place) { () throws(HCLProblem) -> HCLValue in
            kind == "var" ? try variable(name, at: place) : try local(name, at: place)
        }
        values[key] = value
        return value
    }

    private func local(_ name: String, at place: HCLPlace) throws(HCLProblem) -> HCLValue {
        guard let local = source.locals[name] else {
            throw HCLProblem("there is no local value \(name)", at: place)
        }
        return try shared.inside(local.file, of: "local.\(name)", at: place) { () throws(HCLProblem) in
            try evaluator().evaluate(local.value)
        }
    }

    private func variable(_ name: String, at place: HCLPlace) throws(HCLProblem) -> HCLValue {
        guard let declared = source.variables[name] else {
            throw HCLProblem("there is no variable \(name)", at: place)
        }
        let type = declared.block.body.attribute("type")?.value
        if let caller, let argument = caller.arguments.attribute(name) {
            let value = try caller.scope.evaluator(caller.variables).evaluate(argument.value)
            if !value.isNull { return TerraformType.convert(value, to: type) }
        } else if let value = given[name] {
            return TerraformType.convert(value, to: type)
        }
        if let fallback = declared.block.body.attribute("default") {
            return TerraformType.convert(try evaluator().evaluate(fallback.value), to: type)
        }
        return .unknown(HCLUnknown(qualified(HCLReference(["var", name]))))
    }

    private func output(_ path: HCLPath) throws(HCLProblem) -> HCLResolution? {
        guard let call = path.name(0), let child = children[call] else { return nil }
        var at = 1
        if path.steps.indices.contains(1), path.name(1).map({ child.source.outputs[$0] == nil }) ?? true { at = 2 }
        guard let name = path.name(at), let output = child.source.outputs[name],
            let expression = output.block.body.attribute("value")?.value
        else { return nil }
        let full = qualified(HCLReference(["module", call, name])).text
        let value = try shared.defining(full, at: path.place) { () throws(HCLProblem) in
            try shared.inside(output.file, of: full, at: path.place) { () throws(HCLProblem) in
                try child.evaluator().evaluate(expression)
            }
        }
        return HCLResolution(value, consumed: at + 1)
    }
}
