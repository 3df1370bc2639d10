import Core
import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where git looks for a repository's hooks.
struct HookFolder {
    let path: String

    /// - Throws: `invalid` outside of a repository, and where hooks are shared: in a folder that several repositories
    ///   use, or that is committed; `unavailable` without git.
    init(of repository: String) async throws {
        let root = try await Self.git(repository, ["rev-parse", "--show-toplevel"])
        let hooks = try await Self.git(repository, ["rev-parse", "--path-format=absolute", "--git-path", "hooks"])
        let own = try await Self.git(repository, ["rev-parse", "--path-format=absolute", "--git-common-dir"])
        guard hooks == own + "/hooks" || hooks.hasPrefix(own + "/") else {
            let place = hooks.hasPrefix(root + "/") ? "is part of the repository" : "serves other repositories too"
            throw GatehouseError(
                "hook", .invalid, "core.hooksPath points to \(hooks), which \(place)",
                hint: "put this line into its pre-commit hook: gatehouse hook run")
        }
        path = hooks
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Nil where there is none.
    func read(_ name: String) throws -> [UInt8]? {
        guard WholeFile.exists(file(name)) else { return nil }
        return try WholeFile.read(file(name), limit: HookScript.mostBytes)
    }

    func write(_ text: String, as name: String) throws {
        if mkdir(path, 0o777) != 0, errno != EEXIST { throw failure("make", path) }
        try WholeFile.write(Array(text.utf8), to: file(name))
        guard chmod(file(name), 0o755) == 0 else { throw failure("make executable", file(name)) }
    }

    func move(_ name: String, to other: String) throws {
        guard rename(file(name), file(other)) == 0 else { throw failure("move", file(name)) }
    }

    func delete(_ name: String) throws {
        guard unlink(file(name)) == 0 else { throw failure("delete", file(name)) }
    }

    private func failure(_ what: String, _ path: String) -> GatehouseError {
        GatehouseError("hook", .unavailable, "cannot \(what) \(path)", cause: String(cString: strerror(errno)))
    }

    /// One line of git's. It only tells where things are: nothing of the repository is executed.
    private static func git(_ folder: String, _ arguments: [String]) async throws -> String {
        do {
            let result = try await Subprocess.run(
                .name("git"), arguments: Arguments(["-C", folder] + arguments), input: .none,
                output: .string(limit: 8 << 10), error: .string(limit: 8 << 10))
            guard result.terminationStatus.isSuccess else {
                let words = (result.standardError).split(separator: "\n").first.map(String.init)
                throw GatehouseError(
                    "hook", .invalid, "\(folder) is no git work tree", cause: words,
                    hint: "run it in a repository, or give its folder")
            }
            return result.standardOutput.split(separator: "\n").first.map(String.init) ?? ""
        } catch is SubprocessError {
            throw GatehouseError("hook", .unavailable, "git could not be run", hint: "apt-get install git")
        }
    }
}
