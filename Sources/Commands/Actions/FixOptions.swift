import ArgumentParser

/// What `gatehouse assess` takes for fixing what it finds.
struct FixOptions: ParsableArguments {
    @Flag(help: "Show changes that take findings away, each proven by looking again. Writes nothing.") var fix = false
    @Flag(help: "With --fix: ask to make the changes. They are undone by gatehouse undo.") var apply = false
    @Flag(help: "With --fix: an action, and an approval, for each fix instead of one for all.") var each = false
    @Option(help: "With --fix: only findings of this rule; may be given several times.") var rule: [String] = []
    @Option(help: "With --fix: only this finding (fnd_…); may be given several times.") var finding: [String] = []
    @Option(help: "With --apply: commit to a new branch of this name, and leave the folder as it is.")
    var branch: String?
    @Option(help: "With --apply: why; shown to approvers and recorded.") var reason: String?
    @Flag(
        help:
            "With --fix: run npm, cargo, go or uv in a scratch copy, so that lockfiles are changed too. Uses the network."
    )
    var runPackageManagers = false

    init() {}

    /// What does not go together.
    func problem(isURL: Bool) -> String? {
        let isGiven = apply || each || !rule.isEmpty || !finding.isEmpty || branch != nil || runPackageManagers
        if isGiven, !fix {
            return "--apply, --each, --rule, --finding, --branch and --run-package-managers go with --fix"
        }
        if branch != nil, !apply { return "--branch goes with --fix --apply" }
        if branch != nil, each { return "give one of --branch and --each" }
        if fix, isURL { return "--fix changes a folder of this machine: clone the repository first" }
        return nil
    }
}
