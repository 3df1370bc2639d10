import ArgumentParser
import Core
import JSON

struct CouncilCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "council", abstract: "Ask several models the same, blind to one another, and see who agrees.",
        discussion: """
            Each model is asked by a call of its own through the gate. They agree when more than half of all that were asked say the \
            same, whatever its case, spaces and the punctuation around it; with --on, when the same stands there in their answers, \
            which are JSON then. Exit code 1 means that they do not agree.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "What to ask; - reads it from stdin.") var prompt: String
    @Option(help: "Two to nine models, with commas between them.") var models: String?
    @Option(help: "A council of the configuration, instead of --models.") var council: String?
    @Option(help: "A JSON Pointer to what is compared, such as /verdict.") var on: String?
    @Option(help: "What the models are told before.") var system: String?
    @Option(help: "The most tokens that each may answer with.") var maxTokens: Int?

    private static let greatestPrompt = 16 << 20

    func validate() throws {
        guard (models == nil) != (council == nil) else { throw ValidationError("give either --models or --council") }
    }

    func run() async throws {
        let body = try request()
        let council = try await withHouse(house) { try await $0.post("/v1/councils", body) }
        Terminal.data(output.json ? council.text(pretty: true) + "\n" : CouncilText(council: council).text)
        let result = council["result"]?.string
        if result != "unanimous", result != "majority" { throw ExitStatus.found.code }
    }

    private func request() throws -> JSON {
        let said =
            prompt == "-"
            ? String(decoding: try StandardInput.read(limit: Self.greatestPrompt), as: UTF8.self) : prompt
        var messages: [JSON] = [["role": "user", "content": .string(said)]]
        if let system { messages.insert(["role": "system", "content": .string(system)], at: 0) }
        var body: JSON = ["messages": .array(messages)]
        if let models {
            body["models"] = .array(models.split(separator: ",").map { .string($0.trimmingSpaces) })
        }
        if let council { body["council"] = .string(council) }
        if let on { body["on"] = .string(on) }
        if let maxTokens { body["max_tokens"] = JSON(maxTokens) }
        return body
    }
}

extension Substring {
    /// `openai/gpt-5.4 (high)` has one within.
    fileprivate var trimmingSpaces: String {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

/// A council for people: a row for each member, and what it came to.
struct CouncilText {
    let council: JSON

    private static let width = 60

    var text: String {
        let rows = (council["answers"]?.array ?? []).map(Self.row)
        return Table(columns: ["MODEL", "SAYS", "TOKENS", "COST", "TIME"], rows: rows).text + "\n" + conclusion
    }

    private static func row(_ answer: JSON) -> [String] {
        let error = answer["error"].map { "failed: \($0["message"]?.string ?? $0["code"]?.string ?? "")" }
        let tokens = answer["usage"]?["total_tokens"]?.int ?? 0
        return [
            answer["model"]?.string ?? "", short(error ?? said(answer["value"])), String(tokens),
            cost(answer["cost_usd"]), "\(answer["ms"]?.int ?? 0) ms",
        ]
    }

    private var conclusion: String {
        let all = council["answers"]?.array?.count ?? 0
        let agreeing = council["agreement"]?[0]?["models"]?.array?.count ?? 0
        let value = Self.short(Self.said(council["value"]))
        let result =
            switch council["result"]?.string {
            case "unanimous": "All \(all) agree: \(value)"
            case "majority": "\(agreeing) of \(all) agree: \(value)"
            case "split": "They do not agree: the most that say the same are \(agreeing) of \(all)."
            default: "The council has failed: too few of its \(all) members answered."
            }
        return "\(Plain.text(result))\nCost \(Self.cost(council["cost_usd"])), id \(council["id"]?.string ?? "")\n"
    }

    private static func said(_ value: JSON?) -> String { value?.string ?? value?.text() ?? "" }

    private static func cost(_ value: JSON?) -> String {
        guard let number = value?.number else { return "unknown" }
        return "$\(number)"
    }

    /// In one line.
    private static func short(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > width ? "\(line.prefix(width - 1))…" : line
    }
}
