import ArgumentParser
import Config
import Core
import Web

struct DigestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "What is new, fixed, open again and overdue, what ends soon, and what could not be checked.",
        discussion: "The HTML page needs nothing else: it may be mailed or kept as it is.")

    enum Format: String, CaseIterable, ExpressibleByArgument { case markdown, html, json }

    @OptionGroup var house: HouseOptions
    @Option(help: "How far back: 7d, 24h, 4 weeks.") var since = "7d"
    @Option(help: "markdown, html or json.") var format: Format = .markdown
    @Option(name: .shortAndLong, help: "Write to this file instead of stdout.") var output: String?

    func validate() throws {
        guard let span = Units.duration(since), span > .zero else {
            throw ValidationError("--since takes a time such as 7d, 24h or 4 weeks")
        }
    }

    func run() async throws {
        let path = "/api/v1/findings/digest?format=\(format.rawValue)&since=\(Percent.encode(since))"
        let bytes = try await withHouse(house) { try await $0.bytes(path) }
        guard let output else { return Terminal.data(bytes) }
        try WholeFile.write(bytes, to: output)
        Terminal.say("digest written to \(output)")
    }
}
