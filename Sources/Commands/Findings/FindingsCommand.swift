import ArgumentParser
import Core
import JSON
import Web

struct FindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "List findings, decide about them, and see what became of them.",
        subcommands: [List.self, Show.self, TriageCommand.self, DigestCommand.self], defaultSubcommand: List.self)

    enum Order: String, CaseIterable, ExpressibleByArgument { case priority, severity, due, newest, oldest, path }
    enum Priority: String, CaseIterable, ExpressibleByArgument { case now, soon, planned, later }
    enum State: String, CaseIterable, ExpressibleByArgument { case open, known, suppressed, accepted, fixed, any }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List findings, what to do first before the rest.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "open, known, suppressed, accepted, fixed or any.") var state: State = .open
        @Option(help: "Only of this severity.") var severity: SeverityArgument?
        @Option(help: "Only of this priority: now, soon, planned or later.") var priority: Priority?
        @Option(help: "Only of this repository, by its address or folder.") var repository: String?
        @Option(help: "Only of this scanner: scan.secrets, scan.dependencies, scan.infrastructure.") var source: String?
        @Option(help: "Only where this is part of the path, title or rule.") var text: String?
        @Flag(help: "Only what should be gone by now.") var overdue = false
        @Option(help: "priority, severity, due, newest, oldest or path.") var order: Order = .priority
        @Option(help: "At most so many, 1000 at the most.") var limit = 100

        func run() async throws {
            let path = "/api/v1/findings?\(query)"
            let page = try await withHouse(house) { try await $0.get(path) }
            if output.json { return Terminal.data(page.text(pretty: true) + "\n") }
            let findings = page["findings"]?.array ?? []
            if findings.isEmpty { return Terminal.say("no such finding") }
            Terminal.data(Table(columns: FindingText.columns, rows: findings.map(FindingText.row)).text)
            let rest = (page["total"]?.int ?? 0) - findings.count
            if rest > 0 { Terminal.say("… and \(rest) more: raise --limit, or narrow what is listed") }
        }

        private var query: String {
            var parts = ["limit=\(limit)", "order=\(order.rawValue)"]
            if state != .any { parts.append("state=\(state.rawValue)") }
            if let severity { parts.append("severity=\(severity.severity.rawValue)") }
            if let priority { parts.append("priority=\(priority.rawValue)") }
            if let repository { parts.append("repository=\(Percent.encode(repository))") }
            if let source { parts.append("source=\(Percent.encode(source))") }
            if let text { parts.append("text=\(Percent.encode(text))") }
            if overdue { parts.append("overdue=true") }
            return parts.joined(separator: "&")
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one finding with its history.")
        @OptionGroup var house: HouseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The finding (fnd_…).") var finding: String

        func run() async throws {
            let path = "/api/v1/findings/\(Percent.encode(finding))"
            let (shown, history) = try await withHouse(house) { client in
                (try await client.get(path), try await client.get(path + "/history"))
            }
            if output.json {
                var whole = shown
                whole["history"] = history["events"] ?? []
                return Terminal.data(whole.text(pretty: true) + "\n")
            }
            Terminal.data(FindingText.page(shown, history["events"]?.array ?? []))
        }
    }
}
