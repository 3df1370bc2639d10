import Core
import Scan
import Subprocess
import SystemPackage

/// Lets a package manager make a lockfile anew, in a scratch copy of the manifests: without its scripts, with an
/// environment of its own, and within bounds of time and output.
struct PackageManagers: Sendable {
    private static let timeout = Duration.seconds(300)
    private static let outputBytes = 1 << 20
    private static let mostFiles = 2000
    private static let copiedBytes = 64 << 20

    /// A folder whose programs come before others of their names.
    var programs: String?

    private struct Run {
        var program: String
        var arguments: [String]
        /// Names of files that it reads.
        var reads: Set<String>
    }

    /// The change of the manifest, if there is one, together with what the package manager makes of the lockfile.
    func proposal(_ upgrade: Upgrade, _ manifest: Proposal?, in tree: inout FixTree) async throws(NoFix) -> Proposal {
        let run = try Self.run(upgrade)
        var edited: [String: [UInt8]] = [:]
        for (path, edits) in manifest?.edits ?? [:] { edited[path] = edits.applied(to: try tree.editable(path)) }
        var files: [String: [UInt8]] = [:]
        var total = 0
        for path in tree.paths where path.hasPrefix(upgrade.folder) {
            let name = String(path.split(separator: "/").last ?? "")
            let isSource = upgrade.fileName == "Cargo.lock" && name.hasSuffix(".rs")
            guard run.reads.contains(name) || isSource else { continue }
            guard let bytes = isSource ? [] : edited[path] ?? tree.read(path) else { continue }
            total += bytes.count
            guard files.count < Self.mostFiles, total <= Self.copiedBytes else {
                throw NoFix("\(run.program) was not run: there are too many manifests to copy")
            }
            files[String(path.dropFirst(upgrade.folder.count))] = bytes
        }
        var edits = manifest?.edits ?? [:]
        let made = try await results(of: run, on: files)
        for (name, after) in made {
            let path = upgrade.folder + name
            // What the manifest's edit left as it was wanted stays an edit of its own.
            guard after != files[name] else { continue }
            let before = try tree.editable(path)
            edits[path] = [TextEdit(0..<before.count, after)]
        }
        guard edits[upgrade.path] != nil || upgrade.fileName == "go.mod" else {
            throw NoFix("\(run.program) left \(upgrade.path) as it was")
        }
        return Proposal(
            kind: .upgrade, title: "", edits: edits,
            steps: ["Install what the lockfile says, and run the tests."], risks: manifest?.risks ?? [])
    }

    private static func run(_ upgrade: Upgrade) throws(NoFix) -> Run {
        switch upgrade.fileName {
        case "package-lock.json":
            let arguments = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
            return Run(program: "npm", arguments: arguments, reads: ["package.json", "package-lock.json"])
        case "Cargo.lock":
            let arguments = ["update", "-p", "\(upgrade.name)@\(upgrade.from)", "--precise", upgrade.to]
            return Run(program: "cargo", arguments: arguments, reads: ["Cargo.toml", "Cargo.lock"])
        case "go.mod":
            let version = "v\(upgrade.to.drop { $0 == "v" })"
            return Run(
                program: "go", arguments: ["get", "\(upgrade.name)@\(version)"], reads: ["go.mod", "go.sum"])
        case "uv.lock":
            return Run(
                program: "uv",
                arguments: ["lock", "--no-build", "--upgrade-package", "\(upgrade.name)==\(upgrade.to)"],
                reads: ["pyproject.toml", "uv.lock"])
        default: throw NoFix("no package manager is run for \(upgrade.fileName)")
        }
    }

    // MARK: - Running

    private func results(of run: Run, on files: [String: [UInt8]]) async throws(NoFix) -> [String: [UInt8]] {
        do {
            return try await TemporaryFolder.with { folder in
                try await Self.withinTime(run) { try await results(of: run, on: files, in: folder) }
            }
        } catch let error as NoFix { throw error } catch { throw NoFix("\(run.program) was not run: \(error)") }
    }

    private func results(
        of run: Run, on files: [String: [UInt8]], in scratch: String
    ) async throws -> [String: [UInt8]] {
        let folder = scratch + "/project"
        try ScratchFile.makeFolder(folder)
        for (name, bytes) in files {
            try ScratchFile.makeFolders(above: name, in: folder)
            try ScratchFile.write(bytes, to: "\(folder)/\(name)")
        }
        let outcome = try await Self.output(of: run, folder, environment(scratch))
        guard outcome.isSuccess else {
            let words = outcome.error.split(whereSeparator: \.isNewline).prefix(3).joined(separator: "; ")
            throw NoFix("\(run.program) failed: \(words.prefix(300))")
        }
        let made = try AssessedFolder(folder)
        var out: [String: [UInt8]] = [:]
        for name in files.keys where !name.hasSuffix(".rs") {
            out[name] = made.read(Array(name.utf8), limit: FixTree.fileBytes)
        }
        return out
    }

    private static func output(
        of run: Run, _ folder: String, _ environment: Environment
    ) async throws -> (isSuccess: Bool, error: String) {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        do {
            let result = try await Subprocess.run(
                .name(run.program), arguments: Arguments(run.arguments), environment: environment,
                workingDirectory: FilePath(folder), platformOptions: options, output: .bytes(limit: outputBytes),
                error: .string(limit: outputBytes))
            return (result.terminationStatus.isSuccess, result.standardError)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw NoFix("\(run.program) is not installed")
        }
    }

    /// Nothing of ours but where programs are, and how registries are reached.
    private func environment(_ scratch: String) -> Environment {
        var variables: [Environment.Key: String] = [
            "HOME": scratch, "LC_ALL": "C", "CI": "1", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
        ]
        for name in [
            "PATH", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS", "npm_config_registry", "GOPROXY", "GOSUMDB", "UV_INDEX_URL", "RUSTUP_HOME",
            "CARGO_HTTP_CAINFO", "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
        ] {
            if let value = ProcessEnvironment.value(name) { variables[Environment.Key(stringLiteral: name)] = value }
        }
        if let programs { variables["PATH"] = "\(programs):\(ProcessEnvironment.value("PATH") ?? "")" }
        return .custom(variables)
    }

    private static func withinTime<Result: Sendable>(
        _ run: Run, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let program = run.program
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw NoFix("\(program) took longer than \(timeout)")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
