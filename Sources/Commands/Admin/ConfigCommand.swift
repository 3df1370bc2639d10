import ArgumentParser
import Config
import Core
import JSON
import Server

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration; print its reference or its JSON Schema.",
        subcommands: [Check.self, Reference.self, SchemaCommand.self], defaultSubcommand: Check.self)

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a configuration file, and compile the policy that it names; say what is wrong.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The file; the one that `up` would read when not given.") var file: String?

        func run() async throws {
            guard let path = file ?? house.configurationPath else {
                return Terminal.say("there is no configuration file; the defaults hold")
            }
            let loaded = try HouseConfiguration.load(path)
            try loaded.checkPolicy()
            for warning in loaded.warnings { Terminal.say("warning: \(warning)") }
            Terminal.say("\(path): valid")
        }
    }

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the reference of all settings, as Markdown.")
        func run() { Terminal.data(HouseConfiguration.schema.reference()) }
    }

    struct SchemaCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of gatehouse.yaml.")
        func run() { Terminal.data(HouseConfiguration.schema.jsonSchema().text(pretty: true) + "\n") }
    }
}
