import Core
import Foundation
import Gate
import JSON
import Privacy
import Risk
import Store
import TestSupport

@testable import Fixes
@testable import Scan

/// What looks: made once, as its patterns take a second to compile.
let sharedDetector = Result { try SecretDetector() }

struct FixedClock: WallClock {
    func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
}

/// A folder with files, what assesses it, and the tools that fix it.
final class World: Sendable {
    let scratch = ScratchFolder()
    let advisories: AdvisoryDatabase
    let assessor: Assessor
    let findings: FindingsStore
    let workshop: FixWorkshop
    let roots = AssessRoots()

    let tree: WorkTree

    var root: String { tree.root }

    init(_ files: [String: String] = [:]) throws {
        advisories = AdvisoryDatabase(path: scratch.file("advisories.db"), clock: FixedClock())
        let threats = ThreatDatabase(path: scratch.file("threats.db"), clock: FixedClock())
        assessor = Assessor(
            scanners: [SecretScanner(try sharedDetector.get())],
            trees: [DependencyScanner(advisories: advisories, threats: threats), InfrastructureScanner()],
            clock: FixedClock())
        let store = try Store.open(path: scratch.file("scan.db"), migrations: Scan.migrations)
        findings = FindingsStore(store, version: "1")
        workshop = FixWorkshop(assessor: assessor, findings: findings, advisories: advisories, roots: roots)
        tree = try WorkTree(scratch.file("repo"), files)
    }

    func assess() async throws -> Assessment {
        try await findings.record(try await assessor.assess(AssessmentRequest(.path(root))))
    }

    // MARK: - Tools

    func context(isLocal: Bool = true) -> ActionContext {
        let session = Session(
            id: "ses_1", principalID: "prn_1", sessionClass: .standard, labels: [], started: Timestamp(seconds: 0),
            expires: Timestamp(seconds: 1))
        return ActionContext(
            principal: Principal(id: "prn_1", kind: .person, name: "Ada", roles: []), session: session,
            isLocal: isLocal)
    }

    func action(_ tool: String, _ arguments: JSON, undoes: String? = nil) -> Action {
        Action(id: "act_1", tool: tool, target: "repo:\(root)", arguments: arguments, undoes: undoes)
    }

    /// What `scan.fix` shows; of some rules only.
    func fixes(_ rules: [String] = [], isLocal: Bool = true) async throws -> JSON {
        var arguments: JSON = ["path": .string(root)]
        if !rules.isEmpty { arguments["rules"] = .array(rules.map { .string($0) }) }
        return try await FixTool(workshop).perform(action(FixTool.id, arguments), in: context(isLocal: isLocal)).value
    }

    /// The arguments with which what was shown is applied.
    func arguments(_ shown: JSON) -> JSON { shown["apply"]?["arguments"] ?? [:] }

    func preview(_ shown: JSON, branch: String? = nil) async throws -> Preview {
        var arguments = arguments(shown)
        if let branch { arguments["branch"] = .string(branch) }
        return try await ApplyFixTool(workshop).preview(action(ApplyFixTool.id, arguments), in: context())
    }

    @discardableResult
    func apply(_ shown: JSON, branch: String? = nil) async throws -> JSON {
        var arguments = arguments(shown)
        if let branch { arguments["branch"] = .string(branch) }
        return try await ApplyFixTool(workshop).perform(action(ApplyFixTool.id, arguments), in: context()).value
    }

    func undo(_ plan: UndoPlan) async throws {
        let action = action(plan.tool, plan.arguments, undoes: "act_0")
        _ = try await UndoFixTool(workshop).preview(action, in: context())
        _ = try await UndoFixTool(workshop).perform(action, in: context())
    }

    /// Rules of the findings that are open now.
    func open() async throws -> [String] { try await assess().findings.filter { $0.state == .open }.map(\.rule.id) }

    // MARK: - Advisories

    func advise(_ entries: [(id: String, ecosystem: String, name: String, fixed: String?)]) async throws {
        for (index, entry) in entries.enumerated() {
            let fixed = entry.fixed.map { ", {\"fixed\": \"\($0)\"}" } ?? ""
            let text = """
                {"id": "\(entry.id)", "modified": "2026-06-09T00:00:00Z", "aliases": [], "summary": "bad",
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{"package": {"ecosystem": "\(entry.ecosystem)", "name": "\(entry.name)"},
                "ranges": [{"type": "\(entry.ecosystem == "PyPI" ? "ECOSYSTEM" : "SEMVER")",
                "events": [{"introduced": "0"}\(fixed)]}]}]}
                """
            let folder = scratch.file("osv/\(entry.ecosystem)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: "\(folder)/\(index).json", atomically: true, encoding: .utf8)
        }
        _ = try await advisories.importing(scratch.file("osv"))
    }
}

/// The message of what a call throws; nil where it throws nothing.
func refusal(_ call: () async throws -> Void) async -> String? {
    do {
        try await call()
        return nil
    } catch { return "\(error)" }
}
