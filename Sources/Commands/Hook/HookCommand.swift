import ArgumentParser

struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "Assess what is committed, before it is; and what a request brings.",
        subcommands: [HookInstall.self, HookRemove.self, HookRun.self, PipelineCommand.self])
}
