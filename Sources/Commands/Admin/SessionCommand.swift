import ArgumentParser
import Core
import JSON
import Web

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List, start and end sessions; break the glass in an emergency.",
        subcommands: [List.self, Start.self, End.self, BreakGlass.self, Reviews.self, Review.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the sessions that are open.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let value = try await withHouse(house) { try await $0.get("/api/v1/sessions") }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            let rows = (value["sessions"]?.array ?? []).map { session in
                ["id", "class", "principal", "started", "expires"].map { session[$0]?.string ?? "" }
                    + [(session["labels"]?.array ?? []).compactMap(\.string).joined(separator: ",")]
            }
            Terminal.data(
                Table(columns: ["ID", "CLASS", "PRINCIPAL", "STARTED", "EXPIRES", "LABELS"], rows: rows).text)
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start a session of a class and print its id.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "A class from the configuration, such as security-audit.") var sessionClass: String = "standard"

        func run() async throws {
            let body: JSON = ["class": .string(sessionClass)]
            let value = try await withHouse(house) { try await $0.post("/api/v1/sessions", body) }
            Terminal.data(output.json ? value.text(pretty: true) + "\n" : (value["id"]?.string ?? "") + "\n")
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a session.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The session (ses_…).") var session: String

        func run() async throws {
            let path = "/api/v1/sessions/\(Percent.encode(session))"
            let value = try await withHouse(house) { try await $0.delete(path) }
            try Outcome.report(value, json: false, done: "session ended")
        }
    }

    struct BreakGlass: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "break-glass",
            abstract:
                "In an emergency: let this session's changes pass without approval; somebody else reviews it afterwards.",
            discussion: "Everything is still recorded, and what cannot be undone still needs its approval.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The session (ses_…).") var session: String
        @Option(help: "Why; at least ten characters, recorded and reviewed.") var reason: String

        func run() async throws {
            let path = "/api/v1/sessions/\(Percent.encode(session))/break-glass"
            let body: JSON = ["reason": .string(reason)]
            let value = try await withHouse(house) { try await $0.post(path, body) }
            try Outcome.report(value, json: false, done: "the glass is broken; a review has been opened")
        }
    }

    struct Reviews: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List break-glass reviews that are open.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let value = try await withHouse(house) { try await $0.get("/api/v1/reviews") }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            let rows = (value["reviews"]?.array ?? []).map { review in
                ["id", "session", "principal", "reason", "opened"].map { review[$0]?.string ?? "" }
            }
            Terminal.data(Table(columns: ["ID", "SESSION", "PRINCIPAL", "REASON", "OPENED"], rows: rows).text)
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close a break-glass review; never one's own.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The review.") var review: String
        @Option(help: "What was found.") var note: String

        func run() async throws {
            let path = "/api/v1/reviews/\(Percent.encode(review))/close"
            let body: JSON = ["note": .string(note)]
            let value = try await withHouse(house) { try await $0.post(path, body) }
            try Outcome.report(value, json: false, done: "review closed")
        }
    }
}
