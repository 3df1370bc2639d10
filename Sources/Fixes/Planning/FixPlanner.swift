import Core
import Gate
import Scan

/// Makes a plan: goes through findings in their order, and each fix stands on those before it.
struct FixPlanner: Sendable {
    /// Of one plan; the others are told.
    static let mostFixes = 500

    let fixers: [any Fixer]

    /// - Parameter findings: in the order in which they are to be fixed.
    @concurrent
    func plan(
        _ findings: [Finding], in tree: FixTree, report: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> FixPlan {
        var (tree, prover, plan) = (tree, Prover(), FixPlan())
        var done: Set<String> = []
        for (index, finding) in findings.enumerated() {
            try Task.checkCancellation()
            report(Progress(stage: "making fixes", done: index, total: findings.count))
            if done.contains(finding.fingerprint) { continue }
            do throws(NoFix) {
                guard plan.fixes.count < Self.mostFixes else {
                    throw NoFix("there are \(Self.mostFixes) fixes already: apply them, and look again")
                }
                let fix = try await fix(finding, &tree, &prover)
                done.formUnion(fix.fingerprints)
                plan.fixes.append(fix)
            } catch {
                plan.unfixed.append(
                    .init(
                        fingerprint: finding.fingerprint, rule: finding.rule.id, path: finding.path,
                        reason: error.reason))
            }
        }
        plan.changes = tree.changes
        for change in plan.changes { plan.names[change.path] = tree.name(of: change.path) }
        return plan
    }

    private func fix(_ finding: Finding, _ tree: inout FixTree, _ prover: inout Prover) async throws(NoFix) -> Fix {
        guard let fixer = fixers.first(where: { $0.source == finding.source }) else {
            throw NoFix("nothing is known that fixes findings of \(finding.source)")
        }
        guard !finding.isOnlyInHistory else { throw NoFix("it is in the history only: rotate it") }
        _ = try tree.editable(finding.path)
        guard let current = await prover.current(finding, &tree) else {
            throw NoFix("it is not there any more: assess again")
        }
        var refusal = NoFix("no change is known")
        for proposal in try await fixer.proposals(for: current, in: &tree) {
            do throws(NoFix) { return try await prove(proposal, current, &tree, &prover) } catch { refusal = error }
        }
        throw refusal
    }

    private func prove(
        _ proposal: Proposal, _ finding: Finding, _ tree: inout FixTree, _ prover: inout Prover
    ) async throws(NoFix) -> Fix {
        var edited: [String: [UInt8]] = [:]
        var changes: [FileChange] = []
        for (path, edits) in proposal.edits.sorted(by: { $0.key < $1.key }) {
            let before = try tree.editable(path)
            guard let after = edits.applied(to: before) else { throw NoFix("the change contradicts itself") }
            guard after != before else { continue }
            edited[path] = after
            changes.append(FileChange(path: path, before: before, after: after))
        }
        guard !changes.isEmpty else { throw NoFix("the change alters nothing") }
        var fingerprints = [finding.fingerprint]
        if proposal.proof == .assessed {
            fingerprints = try await prover.take(edited, for: finding, into: &tree)
        } else {
            fingerprints += await prover.siblings(of: finding, without: proposal.leaves, &tree)
            prover.accept(edited, into: &tree)
        }
        return Fix(
            kind: proposal.kind, title: proposal.title, fingerprints: fingerprints, changes: changes,
            steps: proposal.steps, risks: proposal.risks, isMajor: proposal.isMajor, proof: proposal.proof)
    }
}
