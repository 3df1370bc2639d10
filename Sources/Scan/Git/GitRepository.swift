import Core

/// What git says about a folder before anything is read.
struct GitRepository: Sendable {
    var root: String
    /// Of the folder within the repository, with a trailing slash; empty at its top.
    var prefix: String
    var head: String?
    var branch: String?
    var remote: String?
    var isBare: Bool
    var isShallow: Bool

    /// Nil where the folder is in no repository, or in one that ignores it.
    ///
    /// - Throws: `unavailable` when git is missing or refuses, with its words.
    static func find(at root: String, git: Git) async throws -> GitRepository? {
        let facts = try await git.run(
            in: root,
            ["rev-parse", "--is-bare-repository", "--is-shallow-repository", "--is-inside-work-tree", "--show-prefix"])
        guard facts.isSuccess else {
            if facts.error.contains("not a git repository") { return nil }
            throw GatehouseError("scan", .unavailable, "git refuses this repository", cause: facts.error)
        }
        let lines = String(decoding: facts.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        guard lines.count >= 3 else { return nil }
        let isBare = lines[0] == "true"
        guard isBare || lines[2] == "true" else { return nil }
        let prefix = lines.count > 3 ? lines[3] : ""
        // Git would list nothing of a folder that the repository around it ignores: it is a folder of its own then.
        if !prefix.isEmpty, try await git.run(in: root, ["check-ignore", "--quiet", "."]).isSuccess { return nil }
        return GitRepository(
            root: root, prefix: prefix, head: try await line(git, root, ["rev-parse", "--verify", "--quiet", "HEAD"]),
            branch: try await line(git, root, ["symbolic-ref", "--quiet", "--short", "HEAD"]),
            remote: try await line(git, root, ["config", "--get", "remote.origin.url"]).flatMap(GitURL.identity),
            isBare: isBare, isShallow: lines[1] == "true")
    }

    private static func line(_ git: Git, _ root: String, _ arguments: [String]) async throws -> String? {
        let output = try await git.run(in: root, arguments)
        guard output.isSuccess else { return nil }
        let text = Printable.text(output.text.prefix { $0 != 0x0A })
        return text.isEmpty ? nil : text
    }

    /// The commit that a revision names.
    /// - Throws: `notFound`.
    func commit(of revision: String, git: Git) async throws -> String {
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"]
        guard !revision.isEmpty, !revision.utf8.contains(0),
            let commit = try await Self.line(git, root, arguments), Hex.decode(commit) != nil
        else {
            throw GatehouseError(
                "scan", .notFound, "the repository has no commit \(Printable.text(revision.utf8.prefix(200)))",
                hint: "check the name; in a pipeline, fetch the branch and its history first")
        }
        return commit
    }

    /// Which repository this is, wherever it lies: the address of its origin, else its folder; a part of it with its
    /// path.
    var identity: String {
        let part = prefix.isEmpty ? "" : "//" + prefix.dropLast()
        guard let remote else { return root }
        return remote + part
    }
}
