import Core
public import Gate
import JSON
import Scan

/// `scan.fix`: shows changes that take findings away. Writes nothing.
public struct FixTool: Tool {
    public static let id = "scan.fix"
    private let workshop: FixWorkshop

    public init(_ workshop: FixWorkshop) { self.workshop = workshop }

    public var descriptor: ToolDescriptor {
        var properties = FixArguments.properties
        properties["rules"] = [
            "type": "array", "maxItems": 100, "items": ["type": "string", "maxLength": 200],
            "description": "Ids of rules: only their findings.",
        ]
        properties["assessment"] = [
            "type": "string", "maxLength": 64,
            "description": "The findings of this assessment (asm_…). The folder is assessed anew where none is given.",
        ]
        return ToolDescriptor(
            id: Self.id, title: "Show fixes",
            summary: "Makes changes that take findings of a folder away, each proven by looking again, and shows their "
                + "diffs. Nothing is written: scan.apply_fix does that.",
            effect: .read, arguments: ToolDescriptor.object(properties, required: ["path"]), timeout: .seconds(3600))
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let arguments = try FixArguments(action.arguments, tool: Self.id)
        let work = try await workshop.work(arguments, in: context)
        let diff = FixDiff(workshop.assessor)
        var fixes: [JSON] = []
        for fix in work.plan.fixes { fixes.append(await FixDocument.json(fix, work, diff)) }
        var answer: JSON = [
            "path": .string(work.folder.root), "fixes": .array(fixes),
            "not_fixed": .array(
                work.plan.unfixed.map {
                    [
                        "finding": work.findings[$0.fingerprint].map { .string($0.id) } ?? .null,
                        "rule": .string($0.rule), "path": .string($0.path), "reason": .string($0.reason),
                    ]
                }),
            "diff": .string(await diff.text(work.plan.changes)),
        ]
        if !work.plan.changes.isEmpty {
            answer["apply"] = FixDocument.request(work, runsPackageManagers: arguments.runsPackageManagers)
        }
        return Answer(answer)
    }

    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }
}

/// Fixes as JSON.
enum FixDocument {
    static func json(_ fix: Fix, _ work: FixWorkshop.Work, _ diff: FixDiff) async -> JSON {
        let first = fix.fingerprints.first.flatMap { work.findings[$0] }
        return [
            "kind": .string(fix.kind.rawValue), "title": .string(fix.title),
            "finding": first.map { .string($0.id) } ?? .null, "rule": first.map { .string($0.rule.id) } ?? .null,
            "severity": first.map { .string($0.severity.rawValue) } ?? .null,
            "findings": .array(work.ids(fix.fingerprints).map { .string($0) }),
            "files": .array(
                fix.changes.map {
                    [
                        "path": .string($0.path), "before": .string(FixDigest.of($0.before)),
                        "after": .string(FixDigest.of($0.after)),
                    ]
                }),
            "diff": .string(await diff.text(fix.changes)), "steps": .array(fix.steps.map { .string($0) }),
            "risks": .array(fix.risks.map { .string($0) }), "major": .bool(fix.isMajor), "proof": proof(fix.proof),
        ]
    }

    private static func proof(_ proof: Fix.Proof) -> JSON {
        switch proof {
        case .assessed:
            [
                "kind": "assessed",
                "words": "the scanner looked at the changed text: the finding is gone, and nothing new has come",
            ]
        case .judged(let version):
            [
                "kind": "judged", "version": .string(version),
                "words": "the advisories have nothing new on the version; the finding stays until the lockfile follows",
            ]
        }
    }

    /// What is handed to `scan.apply_fix` for exactly these changes.
    static func request(_ work: FixWorkshop.Work, runsPackageManagers: Bool) -> JSON {
        let ids = work.plan.fixes.compactMap(\.fingerprints.first).compactMap { work.findings[$0]?.id }
        var arguments: JSON = [
            "path": .string(work.folder.root), "findings": .array(ids.map { .string($0) }),
            "digest": .string(FixDigest.of(work.plan.changes)),
        ]
        if runsPackageManagers { arguments["run_package_managers"] = true }
        return [
            "tool": .string(ApplyFixTool.id), "target": .string("repo:\(work.folder.root)"), "arguments": arguments,
        ]
    }
}
