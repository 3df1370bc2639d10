import Core
import Subprocess

#if canImport(System)
    import System
    private typealias SystemPath = System.FilePath
#else
    import SystemPackage
    private typealias SystemPath = SystemPackage.FilePath
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One tool in a session of its own, in a private folder, with a small environment: it ends in time with all that it
/// started, and no more of what it says is read than there is room for.
struct ToolProcess {
    private let tool: ExternalTool
    private let settings: ExternalToolSettings
    private let folder: String

    /// Bytes of a report.
    static let reportBytes = 64 << 20
    private static let versionTimeout = Duration.seconds(60)
    private static let errorBytes = 4 << 10
    /// For a process that has closed its outputs to end.
    private static let grace = Duration.seconds(10)

    init(_ tool: ExternalTool, _ settings: ExternalToolSettings, folder: String) {
        self.tool = tool
        self.settings = settings
        self.folder = folder
    }

    /// - Throws: `ExternalTools.Failure`.
    func version() async throws -> String? {
        let output = try await run(tool.version, limit: 64 << 10, timeout: min(Self.versionTimeout, settings.timeout))
        guard output.status == 0 else { throw ended(output, "when it was asked for its version") }
        let words = output.bytes.prefix(4096).split { $0 <= 0x20 }
        return words.lazy.compactMap(Self.version).first
    }

    /// `1.9.4` of `v1.9.4`.
    private static func version(_ word: ArraySlice<UInt8>) -> String? {
        let text = word.first == UInt8(ascii: "v") ? word.dropFirst() : word
        guard let first = text.first, (0x30...0x39).contains(first), text.contains(UInt8(ascii: ".")), text.count <= 40
        else { return nil }
        return Printable.text(text)
    }

    /// - Throws: `ExternalTools.Failure`.
    func report(on target: String) async throws -> [UInt8] {
        let file = folder + "/report.sarif"
        let output = try await run(
            try arguments(target: target, report: file), limit: Self.reportBytes, timeout: settings.timeout)
        guard tool.successes.contains(output.status) else { throw ended(output, nil) }
        guard tool.writesFile else { return output.bytes }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ExternalTools.Failure(detail: "wrote no report") }
        defer { close(descriptor) }
        guard let bytes = FolderWalk.readWhole(descriptor, limit: Self.reportBytes + 1) else {
            throw ExternalTools.Failure(detail: "wrote a report that cannot be read")
        }
        return bytes
    }

    private func arguments(target: String, report: String) throws -> [String] {
        var words: [String] = []
        for word in tool.arguments {
            guard let (before, name, after) = Self.braces(word) else {
                words.append(word)
                continue
            }
            switch name {
            case "target": words.append(before + target + after)
            case "report": words.append(before + report + after)
            default:
                let isEach = name.hasPrefix("each:")
                let key = isEach ? String(name.dropFirst(5)) : name
                let values = settings.values(of: key, for: tool)
                guard !values.isEmpty else { throw ExternalTools.Failure(detail: Self.missing(tool)) }
                words += isEach ? values.flatMap { [key, $0] } : [before + values[0] + after]
            }
        }
        return words
    }

    private static func missing(_ tool: ExternalTool) -> String {
        tool.id == "semgrep"
            ? "was not run: it has no rules; name some under assess.tools.semgrep_rules in the configuration"
            : "was not run: it looks at a database; name it under assess.tools.codeql_database in the configuration, or "
                + "give its SARIF report"
    }

    private static func braces(_ word: String) -> (before: String, name: String, after: String)? {
        guard let open = word.firstIndex(of: "{"), let close = word[open...].firstIndex(of: "}") else { return nil }
        return (
            String(word[..<open]), String(word[word.index(after: open)..<close]),
            String(word[word.index(after: close)...])
        )
    }

    // MARK: - The process

    private struct Output {
        /// The exit code, or minus a signal's number.
        var status: Int32
        var bytes: [UInt8]
        var errors: [UInt8]
    }

    private func ended(_ output: Output, _ when: String?) -> ExternalTools.Failure {
        let how = output.status < 0 ? "was ended by signal \(-output.status)" : "failed with exit code \(output.status)"
        let lines = output.errors.split(separator: 0x0A).map { Printable.text($0.prefix(300)) }
        // What a program says last is why it ended.
        let words = lines.last { !$0.allSatisfy { $0 == " " } }.map { ": \(ReportedText.withoutQuotations($0))" } ?? ""
        return ExternalTools.Failure(detail: [how, when].compactMap(\.self).joined(separator: " ") + words)
    }

    private func run(_ arguments: [String], limit: Int, timeout: Duration) async throws -> Output {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        let executable = tool.executable
        let configuration = Configuration(
            executable: executable.contains("/") ? .path(SystemPath(executable)) : .name(executable),
            arguments: Arguments(arguments), environment: .custom(environment), workingDirectory: SystemPath(folder),
            platformOptions: options)
        let teardown = options.teardownSequence
        do {
            return try await Git.within(timeout + Self.grace) {
                let result = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .sequence)
                {
                    execution in
                    let taken = await Self.take(
                        execution.standardOutput, execution.standardError, limit: limit, timeout: timeout)
                    if taken.end != .whole { await execution.teardown(using: teardown) }
                    return taken
                }
                switch result.closureResult.end {
                case .whole: break
                case .tooLong: throw ExternalTools.Failure(detail: "said more than \(limit) bytes, and was stopped")
                case .late: throw Self.late(timeout)
                }
                let status: Int32 =
                    switch result.terminationStatus {
                    case .exited(let code): code
                    case .signaled(let signal): -signal
                    }
                return Output(status: status, bytes: result.closureResult.bytes, errors: result.closureResult.errors)
            }
        } catch let error as GatehouseError where error.code == .timeout {
            throw Self.late(timeout)
        } catch let error as SubprocessError {
            throw ExternalTools.Failure(
                detail: error.code == .executableNotFound
                    ? "is not here: \(tool.hint)"
                    : "could not be started: \(Printable.text("\(error)".utf8.prefix(300)))")
        }
    }

    private static func late(_ timeout: Duration) -> ExternalTools.Failure {
        ExternalTools.Failure(detail: "took longer than \(timeout), and was stopped")
    }

    private struct Taken: Sendable {
        enum End: Sendable { case whole, tooLong, late }

        var end = End.whole
        var bytes: [UInt8] = []
        var errors: [UInt8] = []
    }

    /// Both outputs until they end, there is too much of the first, or it is time.
    private static func take(
        _ output: SubprocessOutputSequence, _ errors: SubprocessOutputSequence, limit: Int, timeout: Duration
    ) async -> Taken {
        enum Part: Sendable {
            case output([UInt8], isWhole: Bool)
            case errors([UInt8])
            case late
        }
        return await withTaskGroup(of: Part.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                do {
                    for try await buffer in output {
                        buffer.withUnsafeBytes { bytes += $0.prefix(limit + 1 - bytes.count) }
                        if bytes.count > limit { return .output([], isWhole: false) }
                    }
                } catch { return .output(bytes, isWhole: true) }
                return .output(bytes, isWhole: true)
            }
            group.addTask {
                var tail: [UInt8] = []
                do {
                    for try await buffer in errors {
                        tail += buffer.withUnsafeBytes { Array($0.suffix(errorBytes)) }
                        tail.removeFirst(max(0, tail.count - errorBytes))
                    }
                } catch { return .errors(tail) }
                return .errors(tail)
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .late
            }
            defer { group.cancelAll() }
            var taken = Taken()
            var open = 2
            while open > 0, let part = await group.next() {
                switch part {
                case .output(let bytes, true): taken.bytes = bytes
                case .output(_, false): taken.end = .tooLong
                case .errors(let tail): taken.errors = tail
                case .late: taken.end = .late
                }
                if taken.end != .whole { break }
                open -= 1
            }
            return taken
        }
    }

    /// Nothing of ours but where programs and the tools' own data are. Programs that ask for a proxy find none there.
    private var environment: [Environment.Key: String] {
        var variables = [
            "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        ]
        // Where `pip install --user` puts what programs of that kind import.
        if let home = Self.value(of: "HOME") { variables["PYTHONUSERBASE"] = home + "/.local" }
        for name in ["PATH"] + tool.inherits { variables[name] = Self.value(of: name) ?? variables[name] }
        variables.merge(tool.variables) { _, own in own }
        return Dictionary(
            variables.map { (Environment.Key(stringLiteral: $0), $1) }, uniquingKeysWith: { first, _ in first })
    }

    private static func value(of name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
