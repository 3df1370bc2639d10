import Core
public import Gate
public import Scan

/// What the tools of fixes share: it finds what is to be fixed, and makes the plan.
public struct FixWorkshop: Sendable {
    let assessor: Assessor
    let findings: FindingsStore
    let roots: AssessRoots
    private let advisories: AdvisoryDatabase

    public init(assessor: Assessor, findings: FindingsStore, advisories: AdvisoryDatabase, roots: AssessRoots) {
        self.assessor = assessor
        self.findings = findings
        self.advisories = advisories
        self.roots = roots
    }

    /// What shows fixes, applies them and takes them back.
    public var tools: [any Tool] { [FixTool(self), ApplyFixTool(self), UndoFixTool(self)] }

    /// A plan with what it is about.
    struct Work: Sendable {
        var plan: FixPlan
        var folder: AssessedFolder
        /// By fingerprint.
        var findings: [String: Finding]

        func ids(_ fingerprints: [String]) -> [String] { fingerprints.compactMap { findings[$0]?.id } }
    }

    /// - Throws: `denied` for a folder that this caller may not name.
    func folder(_ path: String, isLocal: Bool) throws(GatehouseError) -> AssessedFolder {
        try AssessedFolder(isLocal ? path : roots.admit(path))
    }

    func work(_ arguments: FixArguments, in context: ActionContext) async throws -> Work {
        let folder = try folder(arguments.path, isLocal: context.isLocal)
        guard !arguments.runsPackageManagers || context.isLocal else {
            throw GatehouseError("fixes", .denied, "package managers are run for users of this machine only")
        }
        let chosen = try await chosen(arguments, folder, context)
        let tree = try await FixTree(folder: folder, assessor: assessor)
        let managers = arguments.runsPackageManagers ? PackageManagers() : nil
        let planner = FixPlanner(fixers: [
            UpgradeFixer(advisories: advisories, managers: managers), ConfigurationFixer(), SecretFixer(),
        ])
        let plan = try await planner.plan(chosen, in: tree) { context.progress($0) }
        return Work(
            plan: plan, folder: folder, findings: Dictionary(chosen.map { ($0.fingerprint, $0) }) { first, _ in first })
    }

    /// The findings that are meant, in the order of their priority.
    private func chosen(
        _ arguments: FixArguments, _ folder: AssessedFolder, _ context: ActionContext
    ) async throws -> [Finding] {
        var found: [Finding] = []
        if !arguments.findings.isEmpty {
            for id in arguments.findings.prefix(FixArguments.mostFindings) {
                found.append(try await findings.finding(id).finding)
            }
        } else if let assessment = arguments.assessment {
            found = try await findings.assessment(assessment).findings
        } else {
            let request = AssessmentRequest(.path(folder.root))
            let assessment = try await assessor.assess(request) { context.progress($0) }
            found = try await findings.record(assessment).findings
        }
        return found.filter { finding in
            (finding.state == .open || !arguments.findings.isEmpty && finding.state != .fixed)
                && (arguments.rules.isEmpty || arguments.rules.contains(finding.rule.id))
        }
    }
}
