import ArgumentParser
import Core
import JSON
import Web

struct HookRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "What the hook does: assess what is staged, and say nothing where all is well.",
        discussion:
            "Exit code 1 stops the commit: a finding reached --fail-on. What could not be checked is told, and stops none."
    )

    static let defaultSeverity = Severity.high

    @OptionGroup var house: HouseOptions
    @Option(help: "Stop where a finding is at least this severe: info, low, medium, high or critical.")
    var failOn: SeverityArgument?

    func run() async throws {
        let severity = failOn?.severity ?? Self.defaultSeverity
        let path = try RepositoryAddress.absolute(".")
        var arguments: JSON = ["path": .string(path), "staged": true]
        if let index = try RepositoryAddress.hookIndex() { arguments["index"] = .string(index) }
        let request: JSON = ["tool": "scan.assess", "target": .string("repo:" + path), "arguments": arguments]
        let (result, report) = try await withHouse(house) { client in
            let result = try await client.submit(request) { _ in }
            let summary = result["answer"] ?? [:]
            guard Self.count(summary, atLeast: severity) > 0, let id = summary["assessment"]?.string else {
                return (result, [UInt8]())
            }
            let path = "/api/v1/assessments/\(Percent.encode(id))/report?format=table"
            return (result, try await client.bytes("\(path)&width=\(Terminal.width)&color=\(Terminal.showsColor)"))
        }
        if result["state"]?.string == "waiting" { return try Outcome.report(result, json: false, done: "assessed") }
        try judge(result["answer"] ?? [:], report, severity)
    }

    private func judge(_ summary: JSON, _ report: [UInt8], _ severity: Severity) throws {
        let unchecked = summary["could_not_check_count"]?.int ?? 0
        if unchecked > 0 {
            Terminal.say("gatehouse: \(unchecked) could not be checked; see: gatehouse assess --staged")
        }
        let count = Self.count(summary, atLeast: severity)
        guard count > 0 else { return }
        Terminal.data(report)
        Terminal.say(
            "gatehouse: \(count) finding\(count == 1 ? "" : "s") at \(severity.rawValue) or above: not committed")
        Terminal.say("  next: mend it, or accept it with the comment: gatehouse:allow RULE reason")
        throw ExitStatus.found.code
    }

    private static func count(_ summary: JSON, atLeast severity: Severity) -> Int {
        Severity.allCases.filter { $0 >= severity }.reduce(0) { $0 + (summary["open"]?[$1.rawValue]?.int ?? 0) }
    }
}
