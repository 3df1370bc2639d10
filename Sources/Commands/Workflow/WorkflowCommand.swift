import ArgumentParser

struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Write, check, draw and run workflows.",
        discussion: """
            A workflow says in one file what happens, in which order, who agrees, and how it is undone; docs/workflows.md \
            describes it. Data goes to stdout, all that is said about it to stderr. Exit codes: 0 done · 1 a workflow is wrong, or its \
            run failed · 2 wrong usage or a file that cannot be read · 4 a run waits.
            """,
        subcommands: [
            WorkflowList.self, WorkflowRun.self, WorkflowRuns.self, WorkflowStatus.self, WorkflowCancel.self,
            WorkflowResume.self, WorkflowUndo.self, WorkflowValidate.self, WorkflowGraphCommand.self,
            WorkflowSchemaCommand.self,
        ])
}
