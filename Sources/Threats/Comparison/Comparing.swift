import Core
public import Scan

/// A model of a folder with what changed in it.
public struct ComparedModel: Sendable, Hashable {
    public var model: ThreatModel
    public var earlier: ThreatModel?
    public var comparison: Comparison
}

extension Modeler {
    /// The folder as it is, compared with a revision: with the commit before the newest one where none is named.
    ///
    /// - Throws: `notFound` for a revision that is named and not there; what assessing throws.
    public func compared(
        _ folder: String, since revision: String?, report: @escaping Assessor.Report = { _ in }
    ) async throws -> ComparedModel {
        let base = try await base(of: folder, revision)
        let model = try await model(of: folder, report: report)
        guard case .success(let commit) = base else {
            guard case .failure(let why) = base else {
                return ComparedModel(model: model, comparison: .none(reason: ""))
            }
            return ComparedModel(model: model, comparison: .none(reason: why.reason))
        }
        do {
            let earlier = try await self.model(of: folder, at: commit, report: report)
            let difference = ModelDifference(from: earlier, to: model)
            return ComparedModel(model: model, earlier: earlier, comparison: .made(difference, commit: commit))
        } catch let error as GatehouseError where error.code == .unavailable {
            let reason =
                "the files of \(commit.prefix(12)) could not be read, for instance as the folder was not there yet"
            return ComparedModel(model: model, comparison: .none(reason: reason))
        }
    }

    private struct NoBase: Error { var reason: String }

    private func base(of folder: String, _ revision: String?) async throws -> Result<String, NoBase> {
        switch try await known(revision ?? "HEAD^", folder) {
        case .commit(let commit): return .success(commit)
        case .noRepository:
            return .failure(NoBase(reason: "the folder is in no git repository, so that nothing came before"))
        case .missing(let isShallow):
            if let revision {
                throw GatehouseError(
                    "threats", .notFound, "the repository has no commit \(Name.shown(revision, limit: 200))",
                    hint: "check the name; in a pipeline, fetch the branch and its history first")
            }
            return .failure(
                NoBase(
                    reason: isShallow
                        ? "the history is cut off before the newest commit: fetch more of it (git fetch --deepen=1)"
                        : "there is no earlier commit"))
        }
    }

    /// Without git, the folder is one without a past.
    private func known(_ revision: String, _ folder: String) async throws -> KnownRevision {
        do {
            return try await KnownRevision.find(revision, in: folder)
        } catch let error as GatehouseError where error.code == .unavailable {
            return .noRepository
        }
    }
}
