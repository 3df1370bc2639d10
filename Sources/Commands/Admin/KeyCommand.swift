import ArgumentParser
import Core
import JSON
import Web

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list and revoke API keys; end a principal's access at once.",
        subcommands: [List.self, Create.self, Revoke.self, Kill.self, Revive.self, Principals.self, AddPrincipal.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List keys; their secrets are not kept and cannot be shown.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let value = try await withHouse(house) { try await $0.get("/api/v1/keys") }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            let rows = (value["keys"]?.array ?? []).map { key in
                ["id", "name", "principal", "created", "expires", "last_used", "state"].map { key[$0]?.string ?? "" }
            }
            Terminal.data(
                Table(columns: ["ID", "NAME", "PRINCIPAL", "CREATED", "EXPIRES", "LAST USED", "STATE"], rows: rows).text
            )
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a key for a principal and print it, once.",
            discussion: "The key goes to stdout alone: gatehouse key create prn_… --name ci > key.txt")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The principal (prn_…) that the key stands for.") var principal: String
        @Option(help: "What the key is for.") var name: String
        @Option(help: "Days until it expires.") var days: Int = 90

        func run() async throws {
            let body: JSON = [
                "principal": .string(principal), "name": .string(name),
                "expires_in": .number(JSONNumber(days * 86_400)),
            ]
            let value = try await withHouse(house) { try await $0.post("/api/v1/keys", body) }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            if let secret = value["secret"]?.string { return Terminal.data(secret + "\n") }
            try Outcome.report(value, json: false, done: "key created")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key, for good.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The key (key_…).") var key: String

        func run() async throws {
            let path = "/api/v1/keys/\(Percent.encode(key))"
            let value = try await withHouse(house) { try await $0.delete(path) }
            try Outcome.report(value, json: false, done: "key revoked")
        }
    }

    struct Kill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The kill switch: end a principal's keys, sessions and sign-ins at once.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The principal.") var principal: String
        @Option(help: "Why; recorded.") var reason: String

        func run() async throws {
            let path = "/api/v1/principals/\(Percent.encode(principal))/kill"
            let body: JSON = ["reason": .string(reason)]
            let value = try await withHouse(house) { try await $0.post(path, body) }
            try Outcome.report(value, json: false, done: "\(principal) is cut off")
        }
    }

    struct Revive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a principal in again after the kill switch; it needs new keys.")
        @OptionGroup var house: HouseOptions
        @Argument(help: "The principal.") var principal: String

        func run() async throws {
            let path = "/api/v1/principals/\(Percent.encode(principal))/revive"
            let value = try await withHouse(house) { try await $0.post(path) }
            try Outcome.report(value, json: false, done: "\(principal) may come in again")
        }
    }

    struct Principals: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the principals that are known.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let value = try await withHouse(house) { try await $0.get("/api/v1/principals") }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            let rows = (value["principals"]?.array ?? []).map { principal in
                ["id", "kind", "name"].map { principal[$0]?.string ?? "" }
                    + [(principal["roles"]?.array ?? []).compactMap(\.string).joined(separator: ",")]
            }
            Terminal.data(Table(columns: ["ID", "KIND", "NAME", "ROLES"], rows: rows).text)
        }
    }

    struct AddPrincipal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-principal", abstract: "Add a person, agent, service or pipeline.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name.") var name: String
        @Option(help: "person, agent, service or pipeline.") var kind: String = "service"
        @Option(help: "A role; may be given again.") var role: [String] = ["viewer"]

        func run() async throws {
            let body: JSON = ["name": .string(name), "kind": .string(kind), "roles": .array(role.map { .string($0) })]
            let value = try await withHouse(house) { try await $0.post("/api/v1/principals", body) }
            if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
            if let id = value["id"]?.string ?? value["answer"]?["id"]?.string { return Terminal.data(id + "\n") }
            try Outcome.report(value, json: false, done: "principal added")
        }
    }
}
