import Core
import Scan

/// Puts changes on a branch of their own by git's plumbing: neither the work tree nor the index is touched, and no hook
/// runs.
struct FixBranch {
    let folder: AssessedFolder
    let name: String
    private var ref: String { "refs/heads/\(name)" }

    /// Stands in the commit's message, so that undoing knows the branch again.
    static func trailer(_ digest: String) -> String { "Gatehouse-Fix: \(digest)" }

    /// - Throws: `invalid` for a name that git does not take, `conflict` where it is taken or a file is not as it was
    ///   committed.
    func check(_ changes: [FileChange]) async throws {
        let git = Git(onIndex: nil)
        guard !name.hasPrefix("-"), !name.isEmpty, name.utf8.count <= 200,
            try await run(git, ["check-ref-format", ref]) != nil
        else { throw GatehouseError("fixes", .invalid, "\(name.prefix(200)) is no name for a branch") }
        guard try await run(git, ["rev-parse", "--verify", "--quiet", ref]) == nil else {
            throw GatehouseError(
                "fixes", .conflict, "there is a branch \(name) already", hint: "give another name, or delete it")
        }
        for change in changes { _ = try await entry(change, git) }
    }

    /// - Returns: the commit.
    func commit(_ changes: [FileChange], message: String) async throws -> (commit: String, base: String) {
        try await check(changes)
        return try await TemporaryFolder.with { scratch in
            let git = Git(onIndex: scratch + "/index")
            let base = try await line(git, ["rev-parse", "--verify", "HEAD^{commit}"])
            let prefix = try await line(git, ["rev-parse", "--show-prefix"], orEmpty: true)
            _ = try await line(git, ["read-tree", base], orEmpty: true)
            for change in changes {
                let mode = try await entry(change, git)
                let blob = try await hash(change.after, in: scratch, git, ["-w"])
                _ = try await line(
                    git, ["update-index", "--cacheinfo", "\(mode),\(blob),\(prefix)\(change.path)"], orEmpty: true)
            }
            let tree = try await line(git, ["write-tree"])
            var named = git
            named.readsUserConfiguration = true
            let hasName = try await run(named, ["var", "GIT_COMMITTER_IDENT"]) != nil
            let identity = hasName ? [] : ["-c", "user.name=Gatehouse", "-c", "user.email=gatehouse@localhost"]
            let commit = try await line(named, identity + ["commit-tree", tree, "-p", base, "-m", message])
            let none = String(repeating: "0", count: commit.utf8.count)
            _ = try await line(git, ["update-ref", ref, commit, none], orEmpty: true)
            return (commit, base)
        }
    }

    /// Deletes the branch, as long as the commit of this change is its newest.
    func delete(_ digest: String) async throws {
        let git = Git(onIndex: nil)
        guard let commit = try await run(git, ["rev-parse", "--verify", "--quiet", ref]), !commit.isEmpty,
            let message = try await run(git, ["log", "-1", "--format=%B", commit]),
            message.contains(Self.trailer(digest))
        else {
            throw GatehouseError(
                "fixes", .conflict, "the branch \(name) is gone, or has moved on",
                hint: "look at it, and delete it with git")
        }
        _ = try await line(git, ["update-ref", "-d", ref, commit], orEmpty: true)
    }

    // MARK: - Git

    /// The mode of the file in the newest commit, where it holds what the change was made for.
    private func entry(_ change: FileChange, _ git: Git) async throws -> String {
        let listed = try await run(git, ["ls-tree", "HEAD", "--", change.path]) ?? ""
        let words = listed.split { $0 == " " || $0 == "\t" }
        guard words.count > 3, words[0] == "100644" || words[0] == "100755" else {
            throw GatehouseError("fixes", .conflict, "\(change.path) is not in the newest commit")
        }
        let blob = try await TemporaryFolder.with { try await hash(change.before, in: $0, git, []) }
        guard words[2] == blob else {
            throw GatehouseError(
                "fixes", .conflict, "\(change.path) has changes that are not committed",
                hint: "commit or stash them, or apply the fix to the folder")
        }
        return String(words[0])
    }

    private func hash(_ bytes: [UInt8], in scratch: String, _ git: Git, _ options: [String]) async throws -> String {
        let file = scratch + "/blob"
        try ScratchFile.write(bytes, to: file)
        return try await line(git, ["hash-object", "--no-filters"] + options + ["--", file])
    }

    private func line(_ git: Git, _ arguments: [String], orEmpty: Bool = false) async throws -> String {
        guard let text = try await run(git, arguments), orEmpty || !text.isEmpty else {
            throw GatehouseError("fixes", .unavailable, "git \(arguments.first { !$0.hasPrefix("-") } ?? "") failed")
        }
        return text
    }

    /// Nil where git ends with a failure.
    private func run(_ git: Git, _ arguments: [String]) async throws -> String? {
        let output = try await git.run(in: folder.root, arguments)
        guard output.isSuccess else { return nil }
        var text = String(decoding: output.text, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
