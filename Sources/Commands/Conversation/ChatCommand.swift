import ArgumentParser
import Core
import JSON

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talk with the house, line by line; an empty line or ctrl-D ends it.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let json = output.json
        try await withHouse(house) { client in
            let talk = try await Talk.begin(client)
            if !json { Terminal.say("Say what should happen, or \"help\". An empty line ends it.") }
            while let line = Self.line(quiet: json), !line.isEmpty {
                do {
                    let reply = try await talk.say(.written(line))
                    Terminal.data(
                        json ? reply.text() + "\n" : ReplyText.lines(of: reply).joined(separator: "\n") + "\n")
                } catch let error as GatehouseError where error.code == .invalid || error.code == .tooLarge {
                    Terminal.complain(error)
                }
            }
        }
    }

    /// Nil at the end of the input.
    private static func line(quiet: Bool) -> String? {
        if !quiet { Terminal.prompt("> ") }
        return readLine()
    }
}
