import Core
import Subprocess

/// Runs `git` so that nothing in a repository can make it execute, prompt or connect: no hooks, no file-system monitor,
/// no configuration but the repository's own, every transport off unless asked for. Arguments never pass a shell.
package struct Git: Sendable {
    /// Protocols that may be used; none for work on what is here already.
    var protocols: [String] = []
    /// Whether the user's own configuration counts: credential helpers and proxies, for cloning.
    package var readsUserConfiguration = false
    /// `http.extraHeader` for credentials: in the environment, where other users cannot see it.
    var header: Secret?

    /// Another index than the repository's own: `git commit -a` makes one for the time of its hooks.
    package var index: String?

    static let errorLimit = 8 << 10

    func environment() -> Environment {
        var pairs = [
            ("core.fsmonitor", "false"), ("core.hooksPath", "/dev/null"), ("core.pager", "cat"),
            ("safe.directory", "*"),
            ("protocol.allow", "never"), ("protocol.ext.allow", "never"), ("gc.auto", "0"),
            ("maintenance.auto", "false"),
            ("log.showSignature", "false"), ("submodule.recurse", "false"), ("fetch.recurseSubmodules", "false"),
            ("core.quotePath", "false"), ("transfer.bundleURI", "false"),
        ]
        pairs += protocols.map { ("protocol.\($0).allow", "always") }
        if let header { pairs.append(("http.extraHeader", header.expose())) }
        var variables: [Environment.Key: String?] = [
            "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false", "SSH_ASKPASS": "/bin/false", "GIT_EDITOR": "false",
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=20", "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_PAGER": "cat", "LC_ALL": "C",
            "GIT_ALLOW_PROTOCOL": protocols.isEmpty ? "none" : protocols.joined(separator: ":"),
            "GIT_CONFIG_COUNT": "\(pairs.count)", "GIT_NO_REPLACE_OBJECTS": "1",
        ]
        for name in [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_PARAMETERS",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_EXTERNAL_DIFF", "GIT_SSH", "GIT_PROXY_COMMAND", "GIT_TRACE",
            "GIT_EXEC_PATH",
            "GIT_NAMESPACE", "GIT_CEILING_DIRECTORIES", "GIT_TEMPLATE_DIR",
        ] {
            variables[Environment.Key(stringLiteral: name)] = .some(nil)
        }
        if let index { variables["GIT_INDEX_FILE"] = index }
        if !readsUserConfiguration {
            variables["GIT_CONFIG_NOSYSTEM"] = "1"
            variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
        }
        for (index, pair) in pairs.enumerated() {
            variables[Environment.Key(stringLiteral: "GIT_CONFIG_KEY_\(index)")] = pair.0
            variables[Environment.Key(stringLiteral: "GIT_CONFIG_VALUE_\(index)")] = pair.1
        }
        return .inherit.updating(variables)
    }

    func configuration(_ arguments: [String]) -> Configuration {
        var options = PlatformOptions()
        // A session of its own: a signal to our terminal is ours to answer, and git finds no terminal to ask on.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        return Configuration(
            executable: .name("git"), arguments: Arguments(["--no-pager"] + arguments), environment: environment(),
            platformOptions: options)
    }

    func configuration(in folder: String, _ arguments: [String]) -> Configuration {
        configuration(["-C", folder] + arguments)
    }

    package struct Output: Sendable {
        package var isSuccess: Bool
        package var text: [UInt8]
        package var error: String
    }

    /// A short command whose whole output is wanted.
    ///
    /// - Throws: `unavailable` when there is no git, `timeout`, `tooLarge` beyond `limit` bytes of output.
    package func run(
        in folder: String, _ arguments: [String], limit: Int = 1 << 20, timeout: Duration = .seconds(60)
    ) async throws -> Output {
        try await run(configuration(in: folder, arguments), limit: limit, timeout: timeout)
    }

    func run(_ configuration: Configuration, limit: Int, timeout: Duration) async throws -> Output {
        try await Git.within(timeout) {
            do {
                let result = try await Subprocess.run(
                    configuration, input: .none, output: .bytes(limit: limit), error: .string(limit: Git.errorLimit))
                return Output(
                    isSuccess: result.terminationStatus.isSuccess, text: result.standardOutput,
                    error: Git.redacted(result.standardError))
            } catch let error as SubprocessError {
                throw Git.translated(error)
            }
        }
    }

    static func translated(_ error: SubprocessError) -> GatehouseError {
        switch error.code {
        case .executableNotFound:
            GatehouseError("scan", .unavailable, "git is not installed", hint: "apt-get install git")
        case .outputLimitExceeded:
            GatehouseError("scan", .tooLarge, "git said more than is read")
        default:
            GatehouseError("scan", .unavailable, "git could not be run", cause: redacted(String(describing: error)))
        }
    }

    static func within<Result: Sendable>(
        _ timeout: Duration, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw GatehouseError("scan", .timeout, "git took longer than \(timeout)")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Git's words without the credentials that a URL in them may hold.
    static func redacted(_ text: String) -> String {
        var out: [Substring] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard let scheme = word.firstRange(of: "://"), let at = word[scheme.upperBound...].lastIndex(of: "@") else {
                out.append(word)
                continue
            }
            out.append(word[..<scheme.upperBound] + word[word.index(after: at)...])
        }
        return out.joined(separator: " ")
    }
}

extension Git {
    /// - Parameter file: the index, of which there may be none yet.
    package init(onIndex file: String?) { self.init(index: file) }
}
