import ArgumentParser
import Core
import JSON

struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Say what should happen, in your own words.",
        discussion: """
            What only reads is done at once. What changes something is shown as a plan first; at a terminal you are asked, else \
            --yes says so. Exit code 4 means that somebody has to agree first.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Do what the plan says without asking again.") var yes = false
    @Argument(help: "What should happen; - for stdin.") var words: [String]

    static let longest = 4096

    func run() async throws {
        let words = words.joined(separator: " ")
        let text =
            words == "-" ? String(decoding: try StandardInput.read(limit: Self.longest), as: UTF8.self) : words
        let (yes, json) = (yes, output.json)
        let last = try await withHouse(house) { client -> JSON in
            let talk = try await Talk.begin(client)
            var reply = try await talk.say(text)
            guard reply["plan"] != nil else { return reply }
            if !json { Terminal.say(ReplyText.lines(of: reply).joined(separator: "\n")) }
            guard yes || (!json && Terminal.agrees("do it? [y/N] ")) else { return json ? reply : [:] }
            reply = try await talk.say("yes")
            return reply
        }
        if json {
            Terminal.data(last.text(pretty: true) + "\n")
        } else if last["text"] != nil {
            Terminal.data(ReplyText.lines(of: last).joined(separator: "\n") + "\n")
        }
        if last["approval"] != nil { throw ExitStatus.waiting.code }
    }
}

/// One conversation with the house.
struct Talk {
    let client: HouseClient
    let id: String

    static func begin(_ client: HouseClient) async throws -> Talk {
        let begun = try await client.post("/api/v1/conversations")
        guard let id = begun["id"]?.string else {
            throw GatehouseError("gatehouse", .unavailable, "the house began no conversation")
        }
        return Talk(client: client, id: id)
    }

    func say(_ text: String) async throws -> JSON {
        try await client.post("/api/v1/conversations/\(id)/messages", ["text": .string(text)])
    }
}
