import ArgumentParser
import Core
import JSON
import Web

struct Assess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Assess a repository: find secrets and flawed packages, order them by what matters, and say what to do.",
        discussion: """
            Honours .gitignore and .gatehouseignore. Passes through the gate: the run is in the ledger, its findings are on the console. \
            Exit code 1 means that a finding reached --fail-on.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, sarif, markdown, html, cyclonedx, spdx, openvex, github, gitlab, comment
    }

    @OptionGroup var house: HouseOptions
    @Argument(help: "A folder, a git repository, or a git URL.") var repository: String = "."
    @Flag(help: "Look through past commits too.") var history = false
    @Flag(help: "Look at what is staged for the next commit, and at nothing else.") var staged = false
    @Option(help: "Look at what commits brought that this revision has not, and at nothing else.") var since: String?
    @Flag(help: "Ask the issuers of secrets whether they still open something; shows each to its own issuer.")
    var verify = false
    @Option(
        help: """
            table, json, sarif, markdown, html; cyclonedx, spdx or openvex for packages; github (annotations), gitlab (code \
            quality) or comment for requests.
            """)
    var format: Format = .table
    @Option(help: ArgumentHelp("Write a further report to a file; may be repeated.", valueName: "format=file"))
    var report: [FurtherReport] = []
    @Flag(help: "The same as --format json.") var json = false
    @Option(name: .shortAndLong, help: "Write the report to this file instead of stdout.") var output: String?
    @Option(help: "Exit with 1 when a finding is at least this severe: info, low, medium, high or critical.")
    var failOn: SeverityArgument?
    @Option(help: "Findings in this file (an earlier JSON report or a baseline) are accepted as known.") var baseline:
        String?
    @Option(
        help: "A report of another tool, in SARIF 2.1.0, whose results are to be findings; may be given several times.")
    var sarif: [String] = []
    @Option(help: "Other tools to run on the folder, divided by commas: bandit, semgrep, trivy, grype, codeql.")
    var with: String?
    @Option(help: "Write all findings to this file as a baseline.") var writeBaseline: String?
    @Flag(help: "Say nothing but the report.") var quiet = false
    @OptionGroup(title: "Fixes") var fixes: FixOptions

    func validate() throws {
        if let problem = fixes.problem(isURL: RepositoryAddress.isURL(repository)) { throw ValidationError(problem) }
    }

    func run() async throws {
        if fixes.fix { return try await fix() }
        let request = try actionRequest()
        let (summary, made, further) = try await withHouse(house) { client in
            let result = try await perform(request, with: client)
            var further: [[UInt8]] = []
            for one in report { further.append(try await client.bytes(reportPath(for: result, one.format))) }
            return (result["answer"] ?? [:], try await client.bytes(reportPath(for: result)), further)
        }
        for (one, bytes) in zip(report, further) { try WholeFile.write(bytes, to: one.file) }
        try deliver(made)
        if let writeBaseline { try WholeFile.write(try await baselineDocument(summary), to: writeBaseline) }
        try judge(summary)
    }

    /// Assesses, and shows what would take the findings away; applies it where that is asked for.
    private func fix() async throws {
        let request = try actionRequest()
        let (options, isJSON) = (fixes, json)
        let outcome = try await withHouse(house) { client in
            let assessed = try await perform(request, with: client)["answer"] ?? [:]
            return try await FixRun(options: options, isQuiet: quiet, isJSON: isJSON, client: client).run(assessed)
        }
        try outcome.deliver(json: isJSON, quiet: quiet)
    }

    private func actionRequest() throws -> JSON {
        var arguments: JSON = ["history": .bool(history), "staged": .bool(staged), "verify": .bool(verify)]
        if let since { arguments["since"] = .string(since) }
        if staged, let index = try RepositoryAddress.hookIndex() { arguments["index"] = .string(index) }
        let target: String
        if RepositoryAddress.isURL(repository) {
            arguments["url"] = .string(repository)
            target = "repo:" + RepositoryAddress.withoutCredentials(repository)
        } else {
            let path = try RepositoryAddress.absolute(repository)
            arguments["path"] = .string(path)
            target = "repo:" + path
        }
        if let baseline { arguments["baseline"] = .string(try RepositoryAddress.absolute(baseline)) }
        if !sarif.isEmpty { arguments["sarif"] = .array(try sarif.map { .string(try RepositoryAddress.absolute($0)) }) }
        if let with { arguments["with"] = .array(with.split(separator: ",").map { .string(String($0)) }) }
        return ["tool": "scan.assess", "target": .string(target), "arguments": arguments]
    }

    private func perform(_ request: JSON, with client: HouseClient) async throws -> JSON {
        var line = ProgressLine { Terminal.write(toError: $0) }
        defer { line.finish() }
        let result = try await client.submit(request) { event in
            guard !quiet, let stage = event["stage"]?.string else { return }
            line.show(stage: stage, done: event["done"]?.int ?? 0, total: event["total"]?.int)
        }
        guard result["state"]?.string != "waiting" else {
            line.finish()
            try Outcome.report(result, json: false, done: "assessed")
            return result
        }
        return result
    }

    private func reportPath(for result: JSON, _ further: Format? = nil) -> String {
        let id = result["answer"]?["assessment"]?.string ?? ""
        let format = further ?? (json ? .json : format)
        var path = "/api/v1/assessments/\(Percent.encode(id))/report?format=\(format.rawValue)"
        if format == .table && output == nil && further == nil {
            path += "&width=\(Terminal.width)&color=\(Terminal.showsColor)"
        }
        return path
    }

    private func deliver(_ report: [UInt8]) throws {
        guard let output else { return Terminal.data(report) }
        try WholeFile.write(report, to: output)
        if !quiet { Terminal.say("report written to \(output)") }
    }

    private func baselineDocument(_ summary: JSON) async throws -> [UInt8] {
        let id = Percent.encode(summary["assessment"]?.string ?? "")
        return try await withHouse(house) { try await $0.bytes("/api/v1/assessments/\(id)/report?format=baseline") }
    }

    private func judge(_ summary: JSON) throws {
        guard let failOn else { return }
        let counts = summary["open"] ?? [:]
        let reached = Severity.allCases.filter { $0 >= failOn.severity }.reduce(0) {
            $0 + (counts[$1.rawValue]?.int ?? 0)
        }
        if reached > 0 {
            if !quiet {
                Terminal.say("\(reached) finding\(reached == 1 ? "" : "s") at \(failOn.severity.rawValue) or above")
            }
            throw ExitStatus.found.code
        }
    }
}

/// `sarif=findings.sarif`
struct FurtherReport: ExpressibleByArgument {
    let format: Assess.Format
    let file: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let format = Assess.Format(rawValue: String(parts[0])) else { return nil }
        self.format = format
        file = String(parts[1])
    }
}

struct SeverityArgument: ExpressibleByArgument {
    let severity: Severity

    init(_ severity: Severity) { self.severity = severity }

    var defaultValueDescription: String { severity.rawValue }

    init?(argument: String) {
        guard let severity = Severity(rawValue: argument.lowercased()) else { return nil }
        self.severity = severity
    }

    static var allValueStrings: [String] { Severity.allCases.map(\.rawValue) }
}
