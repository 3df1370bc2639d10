public import ArgumentParser
import Core

/// The command line: one program, its subcommands, and what each exit code means.
public struct Gatehouse: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "One way through for people, agents and pipelines to models, clouds, clusters and code.",
        discussion: """
            Exit codes: 0 done · 1 found or failed what was asked about (findings at --fail-on, a test of policy, a ledger that \
            does not verify) · 2 wrong usage, input or configuration · 3 not allowed · 4 waiting for an approval · 5 not available \
            now, or in conflict · 6 stored data is damaged · 70 a fault of Gatehouse's own.
            """,
        version: Version.text,
        subcommands: [
            Up.self, AskCommand.self, ChatCommand.self, Assess.self, ThreatsCommand.self, FindingsCommand.self,
            HookCommand.self, AdvisoriesCommand.self,
            BillCommand.self,
            AttestCommand.self, Approvals.self, Approve.self, Deny.self,
            Undo.self, LedgerCommand.self,
            PolicyCommand.self, PrivacyCommand.self, MCPCommand.self, CouncilCommand.self, WorkflowCommand.self,
            AgentCommand.self,
            IntegrationsCommand.self, IntentCommand.self, SessionCommand.self, KeyCommand.self,
            ConfigCommand.self,
            APICommand.self,
            ConsoleLink.self,
            VersionCommand.self,
            Completions.self,
        ]
    )

    public init() {}

    /// Parses the arguments, runs the command away from the main actor and ends the process with its exit code.
    public static func run() async {
        SignalSetup.ignoreBrokenPipes()
        do {
            var command = try parseAsRoot()
            if command is any AsyncParsableCommand { try await perform(command) } else { try command.run() }
        } catch let error as GatehouseError {
            Terminal.complain(error)
            exit(withError: ExitStatus(for: error.code).code)
        } catch  where exitCode(for: error) == .validationFailure {
            Terminal.say(fullMessage(for: error))
            exit(withError: ExitStatus.usage.code)
        } catch {
            exit(withError: error)
        }
    }

    /// An actor call made from the main actor costs microseconds on Linux; everything below runs on the pool.
    @concurrent private static func perform(_ command: sending any ParsableCommand) async throws {
        guard var command = command as? any AsyncParsableCommand else { return }
        try await command.run()
    }
}
