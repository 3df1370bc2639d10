import ArgumentParser
import Config
import Core
import JSON
import Web

struct TriageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage", abstract: "Decide about findings that stay as they are, or take that back.",
        discussion: """
            known: it was there before. suppressed: it does no harm here; a justification goes into VEX documents. accepted: it does \
            harm, which somebody takes on for a time; somebody else has to agree. open: take a decision back. All of it passes the \
            gate, and can be undone.
            """)

    enum State: String, CaseIterable, ExpressibleByArgument { case open, known, suppressed, accepted }

    enum Justification: String, CaseIterable, ExpressibleByArgument {
        case componentNotPresent = "component_not_present"
        case vulnerableCodeNotPresent = "vulnerable_code_not_present"
        case vulnerableCodeNotInExecutePath = "vulnerable_code_not_in_execute_path"
        case vulnerableCodeCannotBeControlledByAdversary = "vulnerable_code_cannot_be_controlled_by_adversary"
        case inlineMitigationsAlreadyExist = "inline_mitigations_already_exist"
    }

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The findings (fnd_…).") var findings: [String]
    @Option(name: .customLong("as"), help: "open, known, suppressed or accepted.") var state: State
    @Option(help: "Why; recorded and shown.") var reason: String
    @Option(help: "Who answers for it; you, where it is not said.") var owner: String?
    @Option(help: "What may come of it: needed for accepted.") var risk: String?
    @Option(help: "Why it does no harm, in VEX's word: for suppressed.") var justification: Justification?
    @Option(help: "When it is open again: a time from now (90d) or a day (2027-01-31). Needed for accepted.")
    var expires: ExpiryArgument?

    func run() async throws {
        let body = body(at: SystemWallClock().now())
        let answers = try await withHouse(house) { client in
            var answers: [(String, JSON)] = []
            for finding in findings {
                answers.append(
                    (finding, try await client.post("/api/v1/findings/\(Percent.encode(finding))/triage", body)))
            }
            return answers
        }
        var isWaiting = false
        for (finding, value) in answers {
            if output.json { Terminal.data(value.text(pretty: true) + "\n") }
            do {
                try Outcome.report(value, json: output.json, done: "\(finding) is \(state.rawValue)")
            } catch let code as ExitCode where code == ExitStatus.waiting.code { isWaiting = true }
        }
        if isWaiting { throw ExitStatus.waiting.code }
    }

    private func body(at now: Timestamp) -> JSON {
        var body: JSON = ["state": .string(state.rawValue), "reason": .string(reason)]
        body["owner"] = owner.map { .string($0) }
        body["risk"] = risk.map { .string($0) }
        body["justification"] = justification.map { .string($0.rawValue) }
        body["expires"] = expires.map { .string($0.time(from: now).description) }
        return body
    }
}

/// A time from now, or the end of a day in UTC.
enum ExpiryArgument: ExpressibleByArgument {
    case after(Duration)
    case at(Timestamp)

    init?(argument: String) {
        if let end = Timestamp(argument + "T23:59:59Z") ?? Timestamp(argument) {
            self = .at(end)
        } else if let duration = Units.duration(argument), duration > .zero {
            self = .after(duration)
        } else {
            return nil
        }
    }

    func time(from now: Timestamp) -> Timestamp {
        switch self {
        case .after(let duration): now + duration
        case .at(let time): time
        }
    }
}
