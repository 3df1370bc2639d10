import ArgumentParser
import Core
import JSON
import Models
import Privacy
import Server

struct PrivacyExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Find personal data and secrets in a text, and say what would become of them.",
        discussion: """
            Needs no running house. Without --config the built-in rules hold, and nothing leaves this process; with it those of the \
            configuration's section privacy do, and its classifiers are sent the text. Values are never printed, unless --show is given. What is given as \
            an argument can be read by others in the list of processes and stays in the shell's history: pipe what is private \
            to standard input and give - as the text. Exit codes: 0 nothing found, or only what may pass · 1 something found that \
            would be changed or refused · 2 wrong usage or a text that cannot be judged · 5 a classifier that gives no answer.
            """)

    @Argument(help: "The text, or - for standard input.") var text: String
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print the values that were found, too.") var show = false
    @Option(help: ArgumentHelp("Look for numbers of these countries only (ISO 3166), with commas.", valueName: "list"))
    var regions: String?
    @Option(help: "Go by the section privacy of this configuration.") var config: String?

    func run() async throws {
        let bytes = text == "-" ? try StandardInput.read(limit: PrivacyScanner.Limits().bytes) : Array(text.utf8)
        let setup = try settings().makeSetup()
        let classified = try await setup.classifiers.ask(about: [bytes])
        let findings = try setup.filter.findings(in: bytes, external: classified.findings(in: bytes))
        let injection = try InjectionScanner().assess(bytes)
        let rules = setup.filter.rules
        Terminal.data(
            json ? object(findings, injection, rules, bytes).text(pretty: true) + "\n" : table(findings, rules, bytes))
        if !json { say(findings, injection) }
        if findings.contains(where: { rules.action(for: $0) != .allow }) { throw ExitCode(1) }
    }

    private func settings() throws -> PrivacySettings {
        var settings = try config.map { try HouseConfiguration.load($0).privacy } ?? PrivacySettings()
        if let regions {
            settings.regions = Set(regions.split(separator: ",").map { Region(rawValue: $0.uppercased()) })
        }
        return settings
    }

    private func value(_ finding: PrivacyFinding, _ bytes: [UInt8]) -> String {
        String(decoding: bytes[finding.range], as: UTF8.self)
    }

    private func table(_ findings: [PrivacyFinding], _ rules: PrivacyRules, _ bytes: [UInt8]) -> String {
        guard !findings.isEmpty else { return "" }
        let columns = ["BYTES", "KIND", "LABEL", "CONFIDENCE", "ACTION", "DETECTOR", "REASONS"]
        let rows = findings.map { finding in
            [
                "\(finding.range.lowerBound)-\(finding.range.upperBound)", finding.kind.rawValue,
                finding.label.rawValue,
                percent(finding.confidence), rules.action(for: finding).rawValue, finding.detector,
                finding.reasons.map(\.rawValue).joined(separator: ", "),
            ] + (show ? [value(finding, bytes)] : [])
        }
        return Table(columns: columns + (show ? ["VALUE"] : []), rows: rows).text
    }

    private func say(_ findings: [PrivacyFinding], _ injection: InjectionAssessment) {
        if findings.isEmpty { Terminal.say("nothing found") }
        guard injection.score > 0 else { return }
        let reasons = injection.reasons.map { "\($0.kind.rawValue) at byte \($0.range.lowerBound)" }
        Terminal.say(
            "reads like instructions to a model, \(percent(injection.score)): \(reasons.joined(separator: ", "))")
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func object(
        _ findings: [PrivacyFinding], _ injection: InjectionAssessment, _ rules: PrivacyRules, _ bytes: [UInt8]
    ) -> JSON {
        let list = findings.map { finding -> JSON in
            var object: JSONObject = [
                "start": .number(JSONNumber(finding.range.lowerBound)),
                "end": .number(JSONNumber(finding.range.upperBound)),
                "kind": .string(finding.kind.rawValue), "label": .string(finding.label.rawValue),
                "confidence": .number(JSONNumber(finding.confidence) ?? 0), "detector": .string(finding.detector),
                "reasons": .array(finding.reasons.map { .string($0.rawValue) }),
                "action": .string(rules.action(for: finding).rawValue),
            ]
            if show { object["value"] = .string(value(finding, bytes)) }
            return .object(object)
        }
        let reasons = injection.reasons.map { reason -> JSON in
            [
                "kind": .string(reason.kind.rawValue), "start": .number(JSONNumber(reason.range.lowerBound)),
                "end": .number(JSONNumber(reason.range.upperBound)),
            ]
        }
        return [
            "findings": .array(list),
            "injection": ["score": .number(JSONNumber(injection.score) ?? 0), "reasons": .array(reasons)],
        ]
    }
}
