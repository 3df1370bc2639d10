import Core
import JSON

/// Looks: assesses a folder, makes its threat model, and says what changed since a revision.
///
/// Input: `path`, with `since` and `history`; or, without a path, what is on record of a `repository` or `assessment`.
struct Explore: Procedure {
    let name = "explore"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        if let path = try input.text("path") {
            return try await explore(path, input, tools)
        }
        guard try input.text("repository", most: 1000) != nil || input.text("assessment", most: 64) != nil else {
            throw input.missing("no path", hint: "give a path, or a repository or assessment that is on record")
        }
        return try await recall(input, tools)
    }

    private func explore(_ path: String, _ input: TaskInput, _ tools: AgentTools) async throws -> JSON {
        var gaps: [Gap] = []
        tools.progress("assessing")
        var arguments: JSONObject = ["path": .string(path)]
        if try input.flag("history") { arguments["history"] = true }
        let assessment = try await tools.call("scan.assess", target: "repo:\(path)", .object(arguments))
        let findings = KnownFindings(assessment)
        gaps += findings.gaps + Self.unchecked(assessment)
        tools.progress("modelling threats")
        let since = try input.text("since", most: 1024)
        var asked: JSONObject = ["path": .string(path)]
        if let since { asked["since"] = .string(since) }
        let model = try await tools.attempt("scan.threats", target: "repo:\(path)", .object(asked), &gaps)
        let map = SystemMap(model ?? [:])
        gaps += map.gaps
        var changes = ChangeSummary(model ?? [:])
        if let since {
            tools.progress("looking at what changed")
            let brought = try await tools.attempt(
                "scan.assess", target: "repo:\(path)", ["path": .string(path), "since": .string(since)], &gaps)
            changes.take(brought, since: since)
        }
        return [
            "path": .string(path), "repository": assessment["repository"] ?? .string(path),
            "assessment": assessment["assessment"] ?? .null, "commit": assessment["commit"] ?? .null,
            "map": map.json, "threats": .array(map.openThreats), "findings": findings.json, "open": findings.counts,
            "total": JSON(findings.open.count + findings.cut), "changed": changes.json, "gaps": gaps.json,
            "summary": .string(Self.summary(path, findings, map, changes)),
        ]
    }

    /// Without looking again.
    private func recall(_ input: TaskInput, _ tools: AgentTools) async throws -> JSON {
        let findings = try await KnownFindings(input, tools)
        let gaps = findings.gaps + [Gap("map", "no path was given, so that nothing was looked at anew")]
        let about = try input.text("repository", most: 1000) ?? input.text("assessment", most: 64) ?? ""
        return [
            "path": .null, "repository": .string(findings.open.first?.repository ?? about),
            "assessment": try input.text("assessment", most: 64).map { .string($0) } ?? .null, "commit": .null,
            "map": SystemMap([:]).json, "threats": [], "findings": findings.json, "open": findings.counts,
            "total": JSON(findings.open.count + findings.cut), "changed": ChangeSummary([:]).json, "gaps": gaps.json,
            "summary": .string(
                "On record of \(about.cut(to: 200)): \(findings.open.count + findings.cut) open findings "
                    + "(\(findings.countWords))."),
        ]
    }

    private static func unchecked(_ assessment: JSON) -> [Gap] {
        let places = assessment["could_not_check"]?.array ?? []
        var gaps = places.prefix(20).map { place in
            Gap(place["path"]?.string ?? "", "could not be checked: \(place["detail"]?.string ?? "")")
        }
        let rest = (assessment["could_not_check_count"]?.int ?? 0) - gaps.count
        if rest > 0 { gaps.append(Gap("files", "\(rest) more could not be checked")) }
        return gaps
    }

    /// Counts and names that the caller gave; nothing that the repository says.
    private static func summary(
        _ path: String, _ findings: KnownFindings, _ map: SystemMap, _ changes: ChangeSummary
    ) -> String {
        var parts = [
            "\(path.cut(to: 200)): \(findings.open.count + findings.cut) open findings (\(findings.countWords))."
        ]
        if map.isKnown {
            parts.append(
                "\(map.components.count) components, \(map.entryPoints.count) entry points (\(map.publicEntries.count) "
                    + "public), \(map.openThreats.count) open threats (\(map.grave) high or critical).")
        }
        if let words = changes.words { parts.append(words) }
        return parts.joined(separator: " ")
    }
}
