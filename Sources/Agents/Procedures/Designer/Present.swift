import Core
import JSON

/// Presents: writes what others found as a document in Markdown. Texts of others are escaped, so that none of them is
/// markup, a link or hidden.
///
/// Input: `kind` (`report`, `timeline`, `incident`, `compliance`), `title`, `subject`, `summary`; `events` and `log` with
/// `time` and `what`; and what the other agents give: `findings`, with `open` where others are open by now,
/// `risk`, `ranked`, `plan`, `entries`, `fixes`, `left`,
/// `council`, `decisions`, `gaps`. Without any of these, what is on record of the time `since`.
struct Present: Procedure {
    let name = "present"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        let kind = try input.choice("kind", DocumentKind.self) ?? .report
        var content = try DocumentContent(input, kind)
        if content.isEmpty {
            var gaps: [Gap] = []
            var arguments: JSONObject = ["format": "json"]
            if let since = try input.text("since", most: 40) { arguments["since"] = .string(since) }
            let answer = try await tools.attempt("findings.digest", target: "findings", .object(arguments), &gaps)
            content.take(answer?["json"], gaps)
        }
        let lines =
            ["# \(Markdown.escaped(content.title, most: 300))", ""] + kind.sections.flatMap { $0.lines(content) }
        var output: JSON = [
            "kind": .string(kind.rawValue), "title": .string(content.title),
            "markdown": .string(lines.joined(separator: "\n")), "gaps": content.gaps.json,
        ]
        if !content.timeline.isEmpty { output["timeline"] = .array(content.timeline.map(\.json)) }
        return output
    }
}
