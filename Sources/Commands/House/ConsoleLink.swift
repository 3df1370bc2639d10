import ArgumentParser
import Core
import JSON

struct ConsoleLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console-link", abstract: "Print a link that signs you in to the console once, within 10 minutes.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let value = try await withRunningHouse(house) { try await $0.post("/api/v1/sign-in-links") }
        if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
        Terminal.data((value["url"]?.string ?? "") + "\n")
    }
}
