import ArgumentParser
import Core
import JSON

struct AdvisoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advisories",
        abstract: "Keep the advisories that packages are compared with.",
        subcommands: [AdvisoriesStatus.self, AdvisoriesImport.self, AdvisoriesUpdate.self],
        defaultSubcommand: AdvisoriesStatus.self)

    /// Submits one action and gives its answer, with a line of progress meanwhile.
    static func answer(_ tool: String, _ arguments: JSON, _ house: HouseOptions) async throws -> JSON {
        let request: JSON = ["tool": .string(tool), "target": "advisories", "arguments": arguments]
        let result = try await withHouse(house) { client in
            var line = ProgressLine { Terminal.write(toError: $0) }
            defer { line.finish() }
            return try await client.submit(request) { event in
                guard let stage = event["stage"]?.string else { return }
                line.show(stage: stage, done: event["done"]?.int ?? 0, total: event["total"]?.int)
            }
        }
        if result["state"]?.string == "waiting" { try Outcome.report(result, json: false, done: "done") }
        return result["answer"] ?? [:]
    }

    /// A line for each feed.
    static func show(_ feeds: [JSON]) {
        for feed in feeds {
            let name = feed["ecosystem"]?.string ?? feed["catalogue"]?.string ?? ""
            let count = feed["advisories"]?.int ?? feed["entries"]?.int ?? 0
            var text = "\(name): \(count) as of \(feed["as_of"]?.string?.prefix(10) ?? "")"
            if let unreadable = feed["unreadable"]?.int, unreadable > 0 { text += ", \(unreadable) could not be read" }
            if feed["stale"]?.bool == true { text += ", out of date" }
            Terminal.data("\(text) (\(feed["source"]?.string ?? ""))\n")
        }
    }
}

struct AdvisoriesStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which advisories are kept and how old they are.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdvisoriesCommand.answer("scan.advisories.status", [:], house)
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let feeds = (answer["advisories"]?.array ?? []) + (answer["catalogues"]?.array ?? [])
        guard !feeds.isEmpty else { return Terminal.say("no advisories are kept; run: gatehouse advisories update") }
        AdvisoriesCommand.show(feeds)
    }
}

struct AdvisoriesImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import advisories from a file or folder.",
        discussion: """
            A zip archive of OSV (PyPI.zip, PyPI/all.zip), a folder of such archives or of OSV's JSON files, CISA's \
            known_exploited_vulnerabilities.json, or FIRST's EPSS scores (.csv, .csv.gz).
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file or folder.") var path: String
    @Option(help: "The ecosystem of all of it, where names do not tell.") var ecosystem: String?
    @Flag(help: "Also where what is kept is newer.") var older = false

    func run() async throws {
        var arguments: JSON = ["path": .string(try RepositoryAddress.absolute(path)), "older": .bool(older)]
        if let ecosystem { arguments["ecosystem"] = .string(ecosystem) }
        let answer = try await AdvisoriesCommand.answer("scan.advisories.import", arguments, house)
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        AdvisoriesCommand.show(answer["imported"]?.array ?? [])
    }
}

struct AdvisoriesUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Fetch advisories from OSV or a mirror of it.",
        discussion: "Exit code 5 where something could not be fetched; what could be is kept.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Ecosystems as OSV names them, kev, epss; those that are kept where none is named.")
    var names: [String] = []
    @Option(help: "An address with OSV's layout: MIRROR/ECOSYSTEM/all.zip.") var mirror: String?

    func run() async throws {
        var arguments: JSON = ["names": .array(names.map { .string($0) })]
        if let mirror { arguments["mirror"] = .string(mirror) }
        let answer = try await AdvisoriesCommand.answer("scan.advisories.update", arguments, house)
        if output.json {
            Terminal.data(answer.text(pretty: true) + "\n")
        } else {
            AdvisoriesCommand.show(answer["imported"]?.array ?? [])
        }
        let failed = answer["failed"]?.array ?? []
        for failure in failed {
            Terminal.say("\(failure["name"]?.string ?? ""): \(failure["error"]?.string ?? "")")
        }
        if !failed.isEmpty { throw ExitStatus(for: .unavailable).code }
    }
}
