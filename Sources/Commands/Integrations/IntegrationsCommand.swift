import ArgumentParser
import Core
import JSON

struct IntegrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integrations", abstract: "Systems that are told something: who, what arrived, what did not.",
        subcommands: [
            IntegrationsList.self, IntegrationsSend.self, IntegrationsDeadLetters.self, IntegrationsRetry.self,
        ])
}

extension HouseClient {
    /// Has one of the room's tools do something.
    func integrations(_ tool: String, target: String, _ arguments: JSON) async throws -> JSON {
        try await post(
            "/api/v1/actions",
            ["tool": .string("integrations.\(tool)"), "target": .string(target), "arguments": arguments])
    }
}

struct IntegrationsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the destinations, how they are doing, and what waits for them.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let value = try await withHouse(house) { try await $0.integrations("list", target: "destinations", [:]) }
        let answer = value["answer"] ?? [:]
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let destinations = answer["destinations"]?.array ?? []
        guard !destinations.isEmpty else {
            return Terminal.say(
                "no destination is configured; name some under integrations.destinations in gatehouse.yaml")
        }
        let rows = destinations.map { destination in
            ["name", "kind", "health"].map { destination[$0]?.string ?? "" }
                + ["waiting", "delivered", "dead"].map { "\(destination[$0]?.int ?? 0)" }
                + ["address", "last_problem"].map { destination[$0]?.string ?? "" }
        }
        let columns = ["NAME", "KIND", "HEALTH", "WAITING", "DELIVERED", "DEAD", "ADDRESS", "LAST PROBLEM"]
        Terminal.data(Table(columns: columns, rows: rows).text)
    }
}

struct IntegrationsDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "Show what could not be delivered, and why.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "A destination; all of them when none is given.") var destination: String?
    @Option(help: "At most so many.") var limit = 50

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit takes 1 to 200") }
    }

    func run() async throws {
        var arguments: JSON = ["limit": JSON(limit)]
        if let destination { arguments["destination"] = .string(destination) }
        let asked = arguments
        let value = try await withHouse(house) {
            try await $0.integrations("dead_letters", target: "destinations", asked)
        }
        let answer = value["answer"] ?? [:]
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let letters = answer["dead_letters"]?.array ?? []
        guard !letters.isEmpty else { return Terminal.say("there are no dead letters") }
        let rows = letters.map { letter in
            ["id", "destination", "finished"].map { letter[$0]?.string ?? "" } + ["\(letter["attempts"]?.int ?? 0)"]
                + ["title", "problem"].map { String((letter[$0]?.string ?? "").prefix(80)) }
        }
        let columns = ["ID", "DESTINATION", "GIVEN UP", "TRIES", "TITLE", "PROBLEM"]
        Terminal.data(Table(columns: columns, rows: rows).text)
        Terminal.say("  next: gatehouse integrations retry DESTINATION [ID]")
    }
}

struct IntegrationsRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Send dead letters of a destination again: one, or all.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The destination.") var destination: String
    @Argument(help: "One dead letter (snd_…).") var id: String?

    func run() async throws {
        var arguments: JSON = ["destination": .string(destination)]
        if let id { arguments["id"] = .string(id) }
        let (asked, target) = (arguments, "destination:\(destination)")
        let value = try await withHouse(house) { try await $0.integrations("retry", target: target, asked) }
        if output.json { Terminal.data(value.text(pretty: true) + "\n") }
        let count = value["answer"]?["retried"]?.int ?? 0
        try Outcome.report(value, json: output.json, done: "\(count) in line again")
    }
}
