import ArgumentParser
import Core
import JSON

struct IntegrationsSend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Tell a destination something.",
        discussion: "Notices with the same --key are about one thing: a later one moves it on, resolved closes it.")

    static let kinds = ["finding", "incident", "approval", "digest", "run", "custom"]
    static let states = ["open", "acknowledged", "resolved"]
    private static let greatest = 256 << 10

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The destination.") var destination: String
    @Argument(help: "One line.") var title: String
    @Option(help: "What notices about one thing have in common.") var key: String
    @Option(help: "The text; - reads it from stdin.") var text: String?
    @Option(help: "info, low, medium, high or critical.") var severity = SeverityArgument(.info)
    @Option(help: "finding, incident, approval, digest, run or custom.") var kind = "custom"
    @Option(help: "open, acknowledged or resolved.") var state = "open"
    @Option(help: "An http or https address.") var link: String?
    @Option(help: "A JSON object.") var facts: String?
    @Option(help: "Seconds to wait for the delivery, which goes on either way.") var wait = 10
    @Option(help: "Why: shown to who approves, and recorded.") var reason: String?

    func validate() throws {
        guard Self.kinds.contains(kind) else {
            throw ValidationError("--kind takes \(Self.kinds.joined(separator: ", "))")
        }
        guard Self.states.contains(state) else {
            throw ValidationError("--state takes \(Self.states.joined(separator: ", "))")
        }
        guard (0...60).contains(wait) else { throw ValidationError("--wait takes 0 to 60") }
        if let facts, (try? JSON.parse(facts))?.object == nil { throw ValidationError("--facts takes a JSON object") }
    }

    func run() async throws {
        let request = try request()
        let value = try await withHouse(house) { try await $0.post("/api/v1/actions", request) }
        if output.json { Terminal.data(value.text(pretty: true) + "\n") }
        let answer = value["answer"] ?? [:]
        try Outcome.report(value, json: output.json, done: Self.done(answer))
        if answer["state"] == "dead" { throw ExitStatus.found.code }
    }

    private func request() throws -> JSON {
        var arguments: JSON = [
            "destination": .string(destination), "title": .string(title), "dedupe_key": .string(key),
            "severity": .string(severity.severity.rawValue), "kind": .string(kind), "state": .string(state),
            "wait": JSON(wait),
        ]
        if let text {
            let read =
                text == "-" ? String(decoding: try StandardInput.read(limit: Self.greatest), as: UTF8.self) : text
            arguments["text"] = .string(read)
        }
        if let link { arguments["link"] = .string(link) }
        if let facts { arguments["facts"] = try JSON.parse(facts) }
        var request: JSON = [
            "tool": "integrations.send", "target": .string("destination:\(destination)"), "arguments": arguments,
        ]
        if let reason { request["reason"] = .string(reason) }
        return request
    }

    private static func done(_ answer: JSON) -> String {
        let send = answer["send"]?.string ?? ""
        switch answer["state"]?.string {
        case "delivered": return "\(send) delivered" + (answer["link"]?.string.map { ": \($0)" } ?? "")
        case "dead": return "\(send) is a dead letter: \(answer["problem"]?.string ?? "")"
        default: return "\(send) is kept, and is delivered as soon as that goes"
        }
    }
}
