import ArgumentParser
import Core
import JSON

struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Print the HTTP API's description (OpenAPI 3.1).")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let value = try await withHouse(house) { try await $0.get("/api/v1/openapi.json") }
        Terminal.data(value.text(pretty: true) + "\n")
    }
}
