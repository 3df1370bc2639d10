import Core
public import Gate
import JSON
import Scan

/// `scan.apply_fix`: makes the changes that `scan.fix` showed, in the folder or on a branch of their own.
public struct ApplyFixTool: Tool {
    public static let id = "scan.apply_fix"
    private let workshop: FixWorkshop

    public init(_ workshop: FixWorkshop) { self.workshop = workshop }

    public var descriptor: ToolDescriptor {
        var properties = FixArguments.properties
        properties["digest"] = [
            "type": "string", "minLength": 64, "maxLength": 64,
            "description": "Of the changes, as scan.fix gave it: anything else is refused.",
        ]
        properties["branch"] = [
            "type": "string", "minLength": 1, "maxLength": 200,
            "description": "Commit to a new branch of this name instead, and leave the folder as it is.",
        ]
        return ToolDescriptor(
            id: Self.id, title: "Apply fixes",
            summary: "Writes the changes that scan.fix showed into the folder, or commits them to a new branch.",
            effect: .change,
            arguments: ToolDescriptor.object(properties, required: ["path", "findings", "digest"]),
            timeout: .seconds(3600))
    }

    public func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (work, branch) = try await work(action, context)
        let changes = work.plan.changes
        if let branch {
            try await FixBranch(folder: work.folder, name: branch).check(changes)
        } else {
            try FixWriter(folder: work.folder).check(changes)
        }
        let diff = FixDiff(workshop.assessor)
        let text = await diff.text(changes)
        guard text.utf8.count <= FixDiff.limit else {
            throw GatehouseError(
                "fixes", .tooLarge, "the fixes together are too large to be looked at",
                hint: "apply fewer at a time: name findings or rules")
        }
        let summary = FixMessage(work)
        return Preview(
            summary: summary.title + (branch.map { " on the new branch \($0)" } ?? ""), diff: text,
            facts: summary.facts, undo: await undo(work, branch, action, diff))
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (work, branch) = try await work(action, context)
        let message = FixMessage(work)
        var answer: JSON = [
            "path": .string(work.folder.root), "files": .array(work.plan.changes.map { .string($0.path) }),
            "findings": .array(work.plan.fixes.flatMap { work.ids($0.fingerprints) }.map { .string($0) }),
            "title": .string(message.title), "body": .string(message.body),
            "steps": .array(message.steps.map { .string($0) }),
        ]
        if let branch {
            let digest = FixDigest.of(work.plan.changes)
            let made = try await FixBranch(folder: work.folder, name: branch).commit(
                work.plan.changes, message: message.commit(digest))
            answer["branch"] = .string(branch)
            answer["commit"] = .string(made.commit)
            answer["base"] = .string(made.base)
        } else {
            try FixWriter(folder: work.folder).write(work.plan.changes)
        }
        return Answer(answer)
    }

    /// A plan that can be made again as it was shown means that nothing was written to the folder.
    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        guard action.arguments["branch"] == nil else { return .unknowable }
        return (try? await work(action, context)) != nil ? .didNotHappen : .unknowable
    }

    /// - Throws: `conflict` where the changes are not those that were shown.
    private func work(
        _ action: Action, _ context: ActionContext
    ) async throws -> (work: FixWorkshop.Work, branch: String?) {
        let arguments = try FixArguments(action.arguments, tool: Self.id)
        guard !arguments.findings.isEmpty else {
            throw GatehouseError("fixes", .invalid, "\(Self.id): findings names none")
        }
        let work = try await workshop.work(arguments, in: context)
        let digest = FixDigest.of(work.plan.changes)
        guard !work.plan.changes.isEmpty, digest == action.arguments["digest"]?.string else {
            let reason = work.plan.unfixed.first.map { "\($0.path): \($0.reason)" }
            throw GatehouseError(
                "fixes", .conflict, "the fix is not the one that was shown: files or findings have changed since",
                cause: reason, hint: "ask for the fix again, and look at it")
        }
        return (work, action.arguments["branch"]?.string)
    }

    private func undo(
        _ work: FixWorkshop.Work, _ branch: String?, _ action: Action, _ diff: FixDiff
    ) async -> UndoPlan? {
        if let branch {
            let digest = JSON.string(FixDigest.of(work.plan.changes))
            return UndoPlan(
                tool: UndoFixTool.id, target: action.target,
                arguments: ["path": .string(work.folder.root), "branch": .string(branch), "digest": digest],
                summary: "delete the branch \(branch), as long as nothing was added to it")
        }
        // A secret that was taken out is kept nowhere, so that it cannot be put back.
        for change in work.plan.changes where await diff.holdsSecrets(change) { return nil }
        let back = work.plan.changes.map { FileChange(path: $0.path, before: $0.after, after: $0.before) }
        guard let patch = FixPatch(from: back) else { return nil }
        let count = back.count
        return UndoPlan(
            tool: UndoFixTool.id, target: action.target,
            arguments: ["path": .string(work.folder.root), "files": patch.json],
            summary: "set \(count) file\(count == 1 ? "" : "s") back, as long as nothing else has changed there")
    }
}
