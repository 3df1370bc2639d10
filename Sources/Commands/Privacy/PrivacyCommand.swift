import ArgumentParser

struct PrivacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy", abstract: "Say what is private in a text, and why.",
        subcommands: [PrivacyExplain.self])
}
