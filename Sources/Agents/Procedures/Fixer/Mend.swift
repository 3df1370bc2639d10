import Core
import JSON

/// Mends: asks for fixes, each of which is proven by looking again, and sorts them into those that are safe and those
/// that need a person. Applies nothing.
///
/// Input: `path`, with `assessment`, `findings` (ids, or findings with theirs), `rules` and `run_package_managers`.
struct Mend: Procedure {
    private static let mostFindings = 10_000
    private static let mostFixes = 200

    let name = "mend"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        guard let path = try input.text("path") else {
            throw input.missing("no path", hint: "give the folder that is to be mended")
        }
        var arguments: JSONObject = ["path": .string(path)]
        if let assessment = try input.text("assessment", most: 64) { arguments["assessment"] = .string(assessment) }
        if let wanted = try input.list("findings", most: Self.mostFindings) {
            let ids = wanted.compactMap { $0.string ?? $0["id"]?.string }
            guard ids.count == wanted.count else {
                throw input.missing("findings without an id", hint: "give ids that begin with fnd_")
            }
            // None is not all: nothing is to be mended.
            if ids.isEmpty { return Self.nothing(path) }
            arguments["findings"] = .array(ids.map { .string($0) })
        }
        let rules = try input.texts("rules", most: 100)
        if !rules.isEmpty { arguments["rules"] = .array(rules.map { .string($0) }) }
        if try input.flag("run_package_managers") { arguments["run_package_managers"] = true }
        tools.progress("working out fixes")
        let answer = try await tools.call("scan.fix", target: "repo:\(path)", .object(arguments))
        return Self.sorted(answer, path)
    }

    private static func nothing(_ path: String) -> JSON {
        [
            "path": .string(path), "fixes": [], "fixes_cut": 0, "diff": "", "change": DiffCount("").json, "safe": true,
            "apply": .null, "left": [], "left_cut": 0, "steps": [], "summary": "There was nothing to mend.",
        ]
    }

    private static func sorted(_ answer: JSON, _ path: String) -> JSON {
        let all = (answer["fixes"]?.array ?? []).map(SortedFix.init)
        let left = answer["not_fixed"]?.array ?? []
        let apply = answer["apply"]?["arguments"]
        let isSafe = all.allSatisfy(\.isSafe) && (all.isEmpty || apply != nil)
        let diff = answer["diff"]?.string ?? ""
        var seen: Set<String> = []
        let steps = all.flatMap(\.steps).filter { seen.insert($0).inserted }
        return [
            "path": answer["path"] ?? .string(path),
            "fixes": .array(all.prefix(mostFixes).map(\.json).fitting(bytes: 192 << 10)),
            "fixes_cut": JSON(max(0, all.count - mostFixes)), "diff": .string(diff),
            "change": DiffCount(diff).json, "safe": .bool(isSafe), "apply": apply ?? .null,
            "left": .array(left.prefix(mostFixes).map(Self.left).fitting(bytes: 64 << 10)),
            "left_cut": JSON(max(0, left.count - mostFixes)),
            "steps": .array(steps.prefix(mostFixes).map { .string($0) }.fitting(bytes: 64 << 10)),
            "summary": .string(summary(all, left.count)),
        ]
    }

    private static func left(_ json: JSON) -> JSON {
        [
            "finding": json["finding"] ?? .null, "rule": json["rule"] ?? "", "path": json["path"] ?? "",
            "reason": .string((json["reason"]?.string ?? "").cut(to: 600)),
        ]
    }

    private static func summary(_ fixes: [SortedFix], _ left: Int) -> String {
        let safe = fixes.count(where: \.isSafe)
        return "\(fixes.count) fixes, \(safe) of them safe and \(fixes.count - safe) for a person to look at; "
            + "for \(left) findings there is none."
    }
}
