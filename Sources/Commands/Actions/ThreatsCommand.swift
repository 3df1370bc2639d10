import ArgumentParser
import Core
import JSON

struct ThreatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threats",
        abstract: "Show the threat model of a repository, and what changed in it.",
        discussion: """
            Infers from code, infrastructure as code and pipelines what there is, who comes in, where trust ends and what flows, \
            and says which threats are open, each with its evidence. Compares with the commit before the newest one, or with \
            --since. Writes nothing to the repository.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown, mermaid, svg, html }

    @OptionGroup var house: HouseOptions
    @Argument(help: "A folder or a git repository.") var path: String = "."
    @Option(help: "The revision to compare with; the commit before the newest one where none is named.")
    var since: String?
    @Option(help: "text, json, markdown, mermaid, svg or html.") var format: Format = .text
    @Option(help: "Write to this file instead of stdout.") var out: String?
    @Flag(help: "Say nothing but the result.") var quiet = false

    func run() async throws {
        let folder = try RepositoryAddress.absolute(path)
        var arguments: JSON = ["path": .string(folder), "format": .string(format.rawValue)]
        if let since { arguments["since"] = .string(since) }
        let request: JSON = ["tool": "scan.threats", "target": .string("repo:\(folder)"), "arguments": arguments]
        let answer = try await withHouse(house) { client in try await perform(request, with: client) }
        try deliver(answer)
    }

    private func perform(_ request: JSON, with client: HouseClient) async throws -> JSON {
        var line = ProgressLine { Terminal.write(toError: $0) }
        defer { line.finish() }
        let result = try await client.submit(request) { event in
            guard !quiet, let stage = event["stage"]?.string else { return }
            line.show(stage: stage, done: event["done"]?.int ?? 0, total: event["total"]?.int)
        }
        if result["state"]?.string == "waiting" {
            line.finish()
            try Outcome.report(result, json: false, done: "modelled")
        }
        return result["answer"] ?? [:]
    }

    private func deliver(_ answer: JSON) throws {
        let text = answer["report"]?.string ?? answer.text(pretty: true) + "\n"
        guard let out else { return Terminal.data(text) }
        try WholeFile.write(Array(text.utf8), to: out)
        if !quiet { Terminal.say("written to \(out)") }
    }
}
