import JSON
import Scan

/// The model for machines; docs/threats.md describes its members. A member is only ever added.
enum ModelDocument {
    static let schema = "gatehouse.threats/1"

    static func json(_ report: ThreatReport) -> JSON {
        let model = report.model
        return [
            "schema": .string(schema), "name": .string(report.name), "score": score(model.score),
            "comparison": comparison(report.compared.comparison),
            "boundaries": .array(
                model.boundaries.map {
                    ["id": .string($0.id), "kind": .string($0.kind.rawValue), "name": .string($0.name)]
                }),
            "elements": .array(model.elements.map(element)), "entry_points": .array(model.entryPoints.map(entry)),
            "flows": .array(model.flows.map(flow)), "threats": .array(model.threats.map(threat)),
            "rules": .array(rules(model)),
            "could_not_check": .array(
                model.unchecked.map {
                    ["path": .string($0.path), "reason": .string($0.reason.rawValue), "detail": .string($0.detail)]
                }),
            "could_not_check_count": JSON(model.uncheckedCount), "left_out": JSON(model.leftOut),
            "cut": .object(JSONObject(model.cut.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
        ]
    }

    private static func element(_ element: Element) -> JSON {
        [
            "id": .string(element.id), "kind": .string(element.kind.rawValue), "type": .string(element.type),
            "name": .string(element.name), "boundary": .string(element.boundary), "asset": .bool(element.isAsset),
            "sensitive": .bool(element.isSensitive), "traits": traits(element.traits),
            "evidence": evidence(element.evidence),
        ]
    }

    private static func flow(_ flow: DataFlow) -> JSON {
        [
            "source": .string(flow.source), "target": .string(flow.target), "label": .string(flow.label),
            "crosses": .bool(flow.crosses), "traits": traits(flow.traits), "evidence": evidence(flow.evidence),
        ]
    }

    private static func entry(_ entry: EntryPoint) -> JSON {
        [
            "kind": .string(entry.kind.rawValue), "name": .string(entry.name), "element": .string(entry.element),
            "public": .bool(entry.isPublic), "guarded": entry.isGuarded.map { .bool($0) } ?? .null,
            "evidence": evidence([entry.evidence]),
        ]
    }

    private static func threat(_ threat: Threat) -> JSON {
        [
            "id": .string(threat.id), "rule": .string(threat.rule.id), "stride": .string(threat.rule.stride.rawValue),
            "subject": .string(threat.subject), "name": .string(threat.name),
            "standing": .string(threat.standing.rawValue), "level": .string(threat.risk.level),
            "likelihood": JSON(threat.risk.likelihood), "impact": JSON(threat.risk.impact),
            "risk": JSON(threat.risk.value), "points": JSON(threat.points), "reason": .string(threat.risk.reason),
            "evidence": evidence(threat.evidence),
        ]
    }

    /// Each rule that has a threat here.
    private static func rules(_ model: ThreatModel) -> [JSON] {
        let used = Set(model.threats.map(\.rule.id))
        return ThreatRule.all.filter { used.contains($0.id) }.map {
            [
                "id": .string($0.id), "stride": .string($0.stride.rawValue), "title": .string($0.title),
                "rationale": .string($0.rationale), "mitigations": .array($0.mitigations.map { .string($0) }),
                "links": .array($0.links.map { .string($0) }),
            ]
        }
    }

    private static func traits(_ traits: Traits) -> JSON {
        .object(JSONObject(traits.known.map { ($0.rawValue, evidence(traits[$0])) }))
    }

    private static func evidence(_ evidence: [Evidence]) -> JSON {
        .array(
            evidence.map {
                ["path": .string($0.path), "line": JSON($0.line), "reason": .string($0.reason)]
            })
    }

    private static func score(_ score: RiskScore) -> JSON {
        [
            "points": JSON(score.points),
            "open": .object(JSONObject(RiskScore.levels.map { ($0, JSON(score.open[$0] ?? 0)) })),
            "unknown": JSON(score.unknown), "mitigated": JSON(score.mitigated),
        ]
    }

    private static func comparison(_ comparison: Comparison) -> JSON {
        switch comparison {
        case .none(let reason): return ["compared": false, "reason": .string(reason)]
        case .made(let difference, let commit):
            return [
                "compared": true, "commit": .string(commit), "before": score(difference.before),
                "after": score(difference.after), "points": JSON(difference.points),
                "elements": parts(difference.elements), "entry_points": parts(difference.entryPoints),
                "flows": parts(difference.flows), "threats": parts(difference.threats),
            ]
        }
    }

    private static func parts(_ parts: ModelDifference.Parts) -> JSON {
        [
            "added": .array(parts.added.map { .string($0) }), "removed": .array(parts.removed.map { .string($0) }),
            "changed": .array(parts.changed.map { ["id": .string($0.id), "what": .string($0.what)] }),
        ]
    }
}
