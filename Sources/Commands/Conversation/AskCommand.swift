import ArgumentParser
import Core
import Dialects
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
    @Option(help: "A recording of what should happen: wav, mp3, m4a, ogg, webm or flac.") var audio: String?
    @Argument(help: "What should happen; - for stdin.") var words: [String] = []

    static let longest = 4096
    private static let longestRecording = 25 << 20

    func validate() throws {
        guard (audio == nil) != words.isEmpty else {
            throw ValidationError("say what should happen, in words or with --audio FILE")
        }
        if audio != nil, yes { throw ValidationError("--yes agrees to nothing that was only heard: leave it out") }
    }

    func run() async throws {
        let utterance = try utterance()
        let (yes, json) = (yes, output.json)
        let last = try await withHouse(house) { client -> JSON in
            let talk = try await Talk.begin(client)
            var reply = try await talk.say(utterance)
            if let heard = reply["heard"]?.string, !json { Terminal.say("heard: \(Plain.text(heard))") }
            guard reply["plan"] != nil else { return reply }
            if !json { Terminal.say(ReplyText.lines(of: reply).joined(separator: "\n")) }
            guard yes || (!json && Terminal.agrees("do it? [y/N] ")) else { return json ? reply : [:] }
            reply = try await talk.say(.written("yes"))
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

extension AskCommand {
    private func utterance() throws -> Talk.Utterance {
        if let audio {
            let ending = audio.split(separator: ".").last.map { $0.lowercased() } ?? ""
            guard let format = Recording.Format(rawValue: ending) else {
                throw ValidationError(
                    "\(audio) is none of \(Recording.Format.allCases.map { ".\($0)" }.joined(separator: ", "))")
            }
            return .spoken(Recording(try WholeFile.read(audio, limit: Self.longestRecording), format))
        }
        let words = words.joined(separator: " ")
        return .written(
            words == "-" ? String(decoding: try StandardInput.read(limit: Self.longest), as: UTF8.self) : words)
    }
}

/// One conversation with the house.
struct Talk {
    enum Utterance: Sendable {
        case written(String), spoken(Recording)
    }

    let client: HouseClient
    let id: String

    static func begin(_ client: HouseClient) async throws -> Talk {
        let begun = try await client.post("/api/v1/conversations")
        guard let id = begun["id"]?.string else {
            throw GatehouseError("gatehouse", .unavailable, "the house began no conversation")
        }
        return Talk(client: client, id: id)
    }

    func say(_ utterance: Utterance) async throws -> JSON {
        let path = "/api/v1/conversations/\(id)"
        switch utterance {
        case .written(let text): return try await client.post("\(path)/messages", ["text": .string(text)])
        case .spoken(let recording):
            return try await client.post("\(path)/speech", recording.sound, contentType: recording.mediaType)
        }
    }
}
