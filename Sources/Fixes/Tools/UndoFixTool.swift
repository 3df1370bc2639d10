import Core
public import Gate
import JSON
import Scan

/// `scan.undo_fix`: takes an applied fix back. The inverse of `scan.apply_fix`, and nothing that can be asked for by
/// itself.
public struct UndoFixTool: Tool {
    public static let id = "scan.undo_fix"
    private let workshop: FixWorkshop

    public init(_ workshop: FixWorkshop) { self.workshop = workshop }

    public var descriptor: ToolDescriptor {
        let edit: JSON = [
            "type": "object",
            "properties": [
                "offset": ["type": "integer", "minimum": 0], "length": ["type": "integer", "minimum": 0],
                "text": ["type": "string"],
            ],
        ]
        let file: JSON = [
            "type": "object",
            "properties": [
                "path": ["type": "string"], "before": ["type": "string"], "after": ["type": "string"],
                "edits": ["type": "array", "items": edit],
            ],
        ]
        return ToolDescriptor(
            id: Self.id, title: "Take a fix back",
            summary: "Sets files back to what they held before a fix, or deletes the fix's branch. Only to undo.",
            effect: .change,
            arguments: ToolDescriptor.object(
                [
                    "path": ["type": "string"], "files": ["type": "array", "items": file],
                    "branch": ["type": "string"], "digest": ["type": "string"],
                ], required: ["path"]))
    }

    public func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let folder = try folder(action, context)
        if let branch = action.arguments["branch"]?.string {
            return Preview(summary: "delete the branch \(branch.prefix(200))", undo: nil)
        }
        let changes = try patch(action).left(in: folder)
        guard !changes.isEmpty else {
            throw GatehouseError(
                "fixes", .conflict, "the files hold what they did before the fix: nothing is left to do")
        }
        try FixWriter(folder: folder).check(changes)
        let back = changes.map { FileChange(path: $0.path, before: $0.after, after: $0.before) }
        let undo = FixPatch(from: back).map { patch in
            UndoPlan(
                tool: Self.id, target: action.target,
                arguments: ["path": .string(folder.root), "files": patch.json], summary: "make the fix again")
        }
        let count = changes.count
        return Preview(
            summary: "set \(count) file\(count == 1 ? "" : "s") back to before the fix",
            diff: await FixDiff(workshop.assessor).text(changes), undo: undo)
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let folder = try folder(action, context)
        if let branch = action.arguments["branch"]?.string {
            try await FixBranch(folder: folder, name: branch).delete(action.arguments["digest"]?.string ?? "")
            return Answer(["branch": .string(branch)])
        }
        let patch = try patch(action)
        try FixWriter(folder: folder).write(try patch.left(in: folder))
        return answer(patch)
    }

    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        guard action.arguments["branch"] == nil else { return .unknowable }
        let folder = try folder(action, context)
        guard let patch = try? patch(action), let left = try? patch.left(in: folder) else { return .unknowable }
        if left.isEmpty { return .happened(answer(patch)) }
        return left.count == patch.files.count ? .didNotHappen : .unknowable
    }

    private func answer(_ patch: FixPatch) -> Answer {
        Answer(["files": .array(patch.files.map { .string($0.path) })])
    }

    private func folder(_ action: Action, _ context: ActionContext) throws -> AssessedFolder {
        guard action.undoes != nil else {
            throw GatehouseError(
                "fixes", .denied, "\(Self.id) only takes fixes back that were applied",
                hint: "run: gatehouse undo ACTION")
        }
        let path = try FixArguments(action.arguments, tool: Self.id).path
        return try workshop.folder(path, isLocal: context.isLocal)
    }

    private func patch(_ action: Action) throws(GatehouseError) -> FixPatch {
        guard let patch = action.arguments["files"].flatMap(FixPatch.init) else {
            throw GatehouseError("fixes", .invalid, "\(Self.id): files is no patch")
        }
        return patch
    }
}

extension FixPatch {
    fileprivate func left(in folder: AssessedFolder) throws(GatehouseError) -> [FileChange] {
        try changes { folder.read(Array($0.utf8), limit: FixTree.fileBytes * 2) }
    }
}
