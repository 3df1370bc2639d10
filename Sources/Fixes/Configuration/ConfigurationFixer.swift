import JSON
import Scan

/// Puts right what a check found, as the check's annotations say.
struct ConfigurationFixer: Fixer {
    let source = "scan.infrastructure"

    func proposals(for finding: Finding, in tree: inout FixTree) async throws(NoFix) -> [Proposal] {
        guard let site = Site(finding.details?["site"]) else {
            throw NoFix("no change is known that puts this right for certain: \(finding.rule.remedy)")
        }
        guard let bytes = tree.read(finding.path) else { throw NoFix("the file cannot be read") }
        let text = SourceText(bytes)
        var proposals: [Proposal] = []
        var refusal = NoFix("no change is known that puts this right for certain: \(finding.rule.remedy)")
        for recipe in Recipe.all(finding.details?["recipe"]) {
            do throws(NoFix) {
                let edits = try edits(recipe, site, finding, text, &tree)
                proposals.append(
                    Proposal(
                        kind: .configuration, title: finding.rule.remedy, edits: [finding.path: edits],
                        steps: recipe.text("then").map { [$0] } ?? [], risks: recipe.text("risk").map { [$0] } ?? []))
            } catch { refusal = error }
        }
        if proposals.isEmpty { throw refusal }
        return proposals
    }

    private func edits(
        _ recipe: Recipe, _ site: Site, _ finding: Finding, _ text: SourceText, _ tree: inout FixTree
    ) throws(NoFix) -> [TextEdit] {
        switch site.format {
        case "terraform":
            guard finding.path.hasSuffix(".tf") else { throw NoFix("only Terraform's own syntax is changed") }
            return try TerraformEditor(text, site).edits(recipe, site)
        case "dockerfile": return try DockerfileEditor(text, line: finding.start.line).edits(recipe)
        case "kubernetes", "compose", "github_actions", "gitlab_ci":
            let editor = try YAMLEditor(text, site)
            switch recipe.text("edit") {
            case "expressions-to-environment":
                return try WorkflowEdits(editor: editor).expressionsToEnvironment(site.path)
            case "known-pin": return try WorkflowEdits(editor: editor).pin(site.path, pins(&tree))
            default: return try editor.edits(recipe, site)
            }
        default: throw NoFix("files of this kind (\(site.format)) are not changed")
        }
    }

    private func pins(_ tree: inout FixTree) -> [String: String] {
        var texts: [SourceText] = []
        for path in tree.paths where path.contains(".github/") && (path.hasSuffix(".yml") || path.hasSuffix(".yaml")) {
            if let bytes = tree.read(path) { texts.append(SourceText(bytes)) }
        }
        return WorkflowEdits.pins(in: texts)
    }
}
