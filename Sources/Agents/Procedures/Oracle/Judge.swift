import Core
import JSON

/// Judges: orders findings and grave threats by risk, says how much is at stake in all, and what to do in which order.
///
/// Input: `findings`, or `repository` to find them by; `map` and `threats` as the explorer gives them, or `path` to make
/// the threat model of; `asset` with its `criticality`; `gaps` of those before.
struct Judge: Procedure {
    private static let mostRanked = 150

    let name = "judge"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        let known = try await KnownFindings(input, tools)
        var gaps = try (input.list("gaps", most: 1000) ?? []).compactMap(Gap.init) + known.gaps
        let (map, threats) = try await model(input, tools, &gaps)
        let asset = try Self.criticality(input)
        let surface = Surface(map)
        let risks =
            known.open.map { RankedRisk($0, surface, asset: asset) }
            + threats.compactMap { RankedRisk(threat: $0, asset: asset) }
        let ranked = risks.sorted(by: RankedRisk.comesFirst)
        let plan = WorkPlan(ranked)
        gaps += Self.gaps(known.open, asset)
        if plan.cut > 0 { gaps.append(Gap("plan", "\(plan.cut) more steps are not told")) }
        if ranked.count > Self.mostRanked {
            gaps.append(Gap("ranked", "\(ranked.count - Self.mostRanked) more are not told"))
        }
        return [
            "risk": Self.risk(ranked, points: map["points"]?.int ?? 0),
            "ranked": .array(
                ranked.prefix(Self.mostRanked).enumerated().map { $1.json(rank: $0 + 1) }.fitting(bytes: 128 << 10)),
            "urgent": .array(
                ranked.filter { $0.level >= .high }.compactMap(\.findingID).prefix(Self.mostRanked).map { .string($0) }),
            "plan": plan.json, "gaps": gaps.json,
        ]
    }

    private func model(
        _ input: TaskInput, _ tools: AgentTools, _ gaps: inout [Gap]
    ) async throws -> (map: JSON, threats: [JSON]) {
        if let map = try input.object("map") { return (map, try input.list("threats", most: 1000) ?? []) }
        guard let path = try input.text("path") else {
            gaps.append(Gap("exposure", "no map and no path was given: who can reach what is not known"))
            return ([:], [])
        }
        tools.progress("modelling threats")
        let answer = try await tools.attempt("scan.threats", target: "repo:\(path)", ["path": .string(path)], &gaps)
        let map = SystemMap(answer ?? [:])
        gaps += map.gaps
        return (map.json, map.openThreats)
    }

    private static func criticality(_ input: TaskInput) throws(GatehouseError) -> AssetCriticality? {
        guard let asset = try input.object("asset")?["criticality"], !asset.isNull else { return nil }
        guard let criticality = asset.string.flatMap(AssetCriticality.init(rawValue:)) else {
            throw input.missing(
                "a criticality that is none", hint: AssetCriticality.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return criticality
    }

    /// The worst of all; the score is in the points of threat models, so that it can be compared over time.
    private static func risk(_ ranked: [RankedRisk], points: Int) -> JSON {
        let level = ranked.map(\.level).max() ?? .nothing
        let findings = ranked.filter { $0.findingID != nil }
        let sum = findings.reduce(0) { $0 + $1.level.points }
        var counts: JSONObject = [:]
        for level in RiskLevel.allCases.reversed() where level != .nothing {
            counts[level.rawValue] = JSON(ranked.count { $0.level == level })
        }
        return [
            "level": .string(level.rawValue), "score": JSON(sum + min(max(0, points), 1_000_000)),
            "counts": .object(counts), "because": .array((ranked.first?.because ?? []).map { .string($0) }),
        ]
    }

    private static func gaps(_ findings: [FindingBrief], _ asset: AssetCriticality?) -> [Gap] {
        var gaps: [Gap] = []
        let packages = findings.compactMap(\.package)
        if packages.contains(where: { $0.exploitedAsOf == nil && $0.exploitedSince == nil }) {
            gaps.append(Gap("exploitation", "no catalogue of known exploited vulnerabilities was asked"))
        }
        if packages.contains(where: { $0.epssAsOf == nil && $0.epss == nil }) {
            gaps.append(Gap("exploitation", "no exploit predictions were asked"))
        }
        let unknown = packages.count { ($0.reachability ?? "unknown") == "unknown" }
        if unknown > 0 {
            gaps.append(Gap("reachability", "of \(unknown) findings it is not known whether the code is used"))
        }
        if asset == nil { gaps.append(Gap("asset", "how critical it is was not said")) }
        return gaps
    }
}
