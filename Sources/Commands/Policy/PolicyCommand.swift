import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Evaluate, check, test, format, measure and pack policies written in Rego.",
        discussion: """
            Needs no running house, save `explain`. Data goes to stdout, all that is said about it to stderr. Exit codes: 0 done · \
            1 a test failed, a policy is wrong, a file is not formatted, a limit that was set is passed · 2 wrong usage or input.
            """,
        subcommands: [
            PolicyEval.self, PolicyCheck.self, PolicyTestCommand.self, PolicyFormat.self, PolicyBench.self,
            PolicyBuild.self, PolicySign.self, PolicyDeps.self, PolicyExplain.self,
        ])
}
