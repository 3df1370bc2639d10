/// Values of variables from `terraform.tfvars` and `*.auto.tfvars`, in Terraform's order: the last wins.
enum VariableFiles {
    static func read(
        _ folder: String, _ files: any TerraformFiles, _ limits: TerraformLimits, _ report: (TerraformProblem) -> Void
    ) -> [String: HCLValue] {
        let names = files.names(in: folder)
        let wanted =
            ["terraform.tfvars", "terraform.tfvars.json"].filter(names.contains)
            + names.filter { $0.hasSuffix(".auto.tfvars") || $0.hasSuffix(".auto.tfvars.json") }
        var values: [String: HCLValue] = [:]
        for name in wanted {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard let bytes = files.read(path) else { continue }
            let file =
                name.hasSuffix(".json")
                ? HCLJSON.parse(bytes, limits: limits.files) : HCLParser.parse(bytes, limits: limits.files)
            for problem in file.problems { report(TerraformProblem(file: path, problem: problem)) }
            let evaluator = HCLEvaluator(scope: NoNames(), budget: HCLBudget(steps: limits.steps))
            for attribute in file.body.attributes {
                do throws(HCLProblem) { values[attribute.name] = try evaluator.evaluate(attribute.value) } catch {
                    report(TerraformProblem(file: path, problem: error))
                }
            }
        }
        return values
    }

    /// Values of variables are constants.
    private struct NoNames: HCLScope {
        func resolve(_ path: HCLPath) throws(HCLProblem) -> HCLResolution {
            throw HCLProblem("a variable's value names nothing else", at: path.place)
        }

        func readFile(_ path: String) -> String? { nil }
    }
}
