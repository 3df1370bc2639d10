import ArgumentParser
import JSON

/// Of this build.
enum Version {
    static let text = "0.1.0"
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Say which Gatehouse this is.")

    @Flag(help: "Print a JSON object.") var json = false

    func run() {
        if json {
            Terminal.data((["name": "gatehouse", "version": .string(Version.text)] as JSON).text(pretty: true) + "\n")
        } else {
            Terminal.data("gatehouse \(Version.text)\n")
        }
    }
}

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a completion script for a shell.",
        discussion: "For bash: gatehouse completions bash > /etc/bash_completion.d/gatehouse")

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var generator: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() { Terminal.data(Gatehouse.completionScript(for: shell.generator) + "\n") }
}
