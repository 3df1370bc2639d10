import Core
import Gate

/// Assessments of what changes, and of nothing else.
extension AssessmentRun {
    /// - Throws: `invalid` where there is no repository to ask, `notFound` for a revision that it does not have.
    func scanPart(
        of repository: GitRepository?, _ ignore: IgnoreRules?, _ tally: inout Tally
    ) async throws -> (Assessment.Scope, past: Tally?) {
        guard let repository else {
            throw GatehouseError(
                "scan", .invalid, "what changes is known of a git repository only",
                hint: "name the repository's folder, or assess the whole without --staged and --since")
        }
        switch request.scope {
        case .whole: return (.whole, nil)
        case .staged(let index):
            guard !repository.isBare else {
                throw GatehouseError("scan", .invalid, "a bare repository has no index, so nothing is staged in it")
            }
            let scan = blobScan(repository, ignore, Git(index: index))
            tally.merge(
                try await scan.run(.staged) { report(Progress(stage: "reading files", done: $0)) }, limits: limits)
            return (.staged, nil)
        case .since(let revision):
            let commit = try await repository.commit(of: revision, git: Git())
            let scan = blobScan(repository, ignore, Git())
            let changed = try await scan.run(.changed(since: commit)) {
                report(Progress(stage: "reading files", done: $0))
            }
            tally.merge(changed, limits: limits)
            let past = try await scanHistory(of: repository, ignore, &tally, .historySince(commit: commit))
            return (.since(commit: commit), past)
        case .at(let revision):
            let commit = try await repository.commit(of: revision, git: Git())
            let folder = repository.prefix.isEmpty ? commit : "\(commit):\(repository.prefix.dropLast())"
            let scan = blobScan(repository, ignore, Git())
            let files = try await scan.run(.tree(commit: folder)) {
                report(Progress(stage: "reading \(commit.prefix(12))", done: $0))
            }
            tally.merge(files, limits: limits)
            return (.at(commit: commit), nil)
        }
    }

    private func blobScan(_ repository: GitRepository, _ ignore: IgnoreRules?, _ git: Git) -> BlobScan {
        BlobScan(
            git: git, folder: repository.root, scanners: scanners, trees: trees, code: code, limits: limits,
            ignore: ignore)
    }
}
