import Core
import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What became of the charts of a tree.
struct HelmRendering: Sendable {
    /// The objects of each template, named `templates/x.yaml!/rendered.yaml`.
    var files: [SourceFile] = []
    /// Folders of charts that were rendered.
    var charts: Set<String> = []
    /// Why others were not, by their folder.
    var failures: [String: String] = [:]

    static let suffix = "!/rendered.yaml"

    /// Whether what a file holds is in what was rendered.
    func covers(_ path: String) -> Bool {
        !path.hasSuffix(Self.suffix)
            && charts.contains { path.hasPrefix($0 + "templates/") || path.hasPrefix($0 + "charts/") }
    }
}

/// Renders Helm charts by the `helm` program, where there is one: on a copy of the chart that is gone afterwards, with
/// bounds of time, memory and output, without its configuration, plugins, cluster or network.
struct HelmRenderer: Sendable {
    /// The program's name or path.
    var program = getenv("GATEHOUSE_HELM").map { String(cString: $0) } ?? "helm"
    var timeout = Duration.seconds(30)

    private static let maximumCharts = 50
    private static let maximumFiles = 2_000
    private static let maximumBytes = 32 << 20
    private static let outputLimit = 16 << 20

    /// What a chart is made of, as far as it is read.
    static func wants(_ path: String) -> Bool {
        let name = FilePath.split(path).name
        if ["Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"].contains(name) { return true }
        return path.split(separator: "/").contains("templates") && (name.hasSuffix(".tpl") || name.hasSuffix(".yaml"))
    }

    @concurrent
    func render(_ files: [SourceFile]) async -> HelmRendering {
        var rendering = HelmRendering()
        let charts = Self.charts(files)
        for (index, chart) in charts.enumerated() {
            guard index < Self.maximumCharts else {
                rendering.failures[chart] = "more than \(Self.maximumCharts) charts lie in the tree"
                continue
            }
            let parts = files.filter { $0.path.hasPrefix(chart) && Self.wants($0.path) }
            do {
                let output = try await render(chart, parts)
                rendering.files += Self.documents(output, chart)
                rendering.charts.insert(chart)
            } catch {
                rendering.failures[chart] = (error as? GatehouseError)?.message ?? String(describing: error)
            }
        }
        return rendering
    }

    /// Folders of charts, with a slash at their end; those within another chart are rendered with it.
    private static func charts(_ files: [SourceFile]) -> [String] {
        let folders = files.filter { FilePath.split($0.path).name == "Chart.yaml" }
            .map { String($0.path.dropLast("Chart.yaml".count)) }.sorted()
        return folders.filter { folder in
            !folders.contains { $0 != folder && folder.hasPrefix($0 + "charts/") }
        }
    }

    // MARK: - One chart

    private func render(_ chart: String, _ parts: [SourceFile]) async throws -> [UInt8] {
        guard parts.count <= Self.maximumFiles, parts.reduce(0, { $0 + $1.bytes.count }) <= Self.maximumBytes else {
            throw GatehouseError("scan", .tooLarge, "the chart is too large to be rendered")
        }
        return try await TemporaryFolder.with { folder in
            for part in parts {
                try Self.write(part.bytes, String(part.path.dropFirst(chart.count)), in: folder + "/chart")
            }
            let start = ContinuousClock.now
            let result = try await run(in: folder)
            guard result.isSuccess || ContinuousClock.now - start < timeout else {
                throw GatehouseError("scan", .timeout, "helm did not end in time (\(timeout))")
            }
            guard result.isSuccess else {
                let words = result.error.split(separator: "\n").last.map(String.init) ?? "without a word"
                throw GatehouseError("scan", .invalid, "helm refuses it: \(Printable.text(words.utf8.prefix(300)))")
            }
            return result.text
        }
    }

    /// Below the folder and nowhere else.
    private static func write(_ bytes: [UInt8], _ path: String, in folder: String) throws(GatehouseError) {
        guard let normal = ImagePath.normal(Array(path.utf8)) else {
            throw GatehouseError("scan", .invalid, "a file of the chart has the path \(path.prefix(200))")
        }
        var full = folder
        mkdir(full, 0o700)
        let parts = String(decoding: normal, as: UTF8.self).split(separator: "/")
        for part in parts.dropLast() {
            full += "/\(part)"
            mkdir(full, 0o700)
        }
        let file = open("\(full)/\(parts.last ?? "")", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TreeReader.error("cannot copy the chart", errno) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TreeReader.error("cannot copy the chart", errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Without a network where the system lets us take it away; else it is told of none.
    private func run(in folder: String) async throws -> Git.Output {
        let output = try await run(in: folder, isolated: true)
        if !output.isSuccess, output.error.hasPrefix("unshare: ") { return try await run(in: folder, isolated: false) }
        return output
    }

    private func run(in folder: String, isolated: Bool) async throws -> Git.Output {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(200))]
        // By a program of its own, which ends all that helm begins.
        let seconds = "\(timeout.components.seconds)"
        let command =
            ["timeout", "--signal=KILL", seconds] + Self.bounds(isolated: isolated) + [
                program, "template", "release", folder + "/chart",
            ]
        let configuration = Configuration(
            executable: .name("env"), arguments: Arguments(command), environment: .custom(Self.environment(folder)),
            platformOptions: options)
        do {
            let result = try await Subprocess.run(
                configuration, input: .none, output: .bytes(limit: Self.outputLimit), error: .string(limit: 8 << 10))
            if result.terminationStatus == .exited(127) {
                throw GatehouseError("scan", .unavailable, "there is no \(program) program to render it")
            }
            return Git.Output(
                isSuccess: result.terminationStatus.isSuccess, text: result.standardOutput, error: result.standardError)
        } catch let error as SubprocessError {
            throw GatehouseError(
                "scan", .unavailable,
                error.code == .outputLimitExceeded ? "helm writes more than is read" : "helm could not be run",
                cause: String(describing: error))
        }
    }

    /// What the kernel holds it to, where the system's own programs can ask for it.
    private static func bounds(isolated: Bool) -> [String] {
        var out: [String] = []
        if isolated, access("/usr/bin/unshare", X_OK) == 0 { out += ["/usr/bin/unshare", "-r", "-n"] }
        if access("/usr/bin/prlimit", X_OK) == 0 {
            out += ["/usr/bin/prlimit", "--cpu=30", "--data=2147483648", "--fsize=67108864", "--nofile=256"]
            out += ["--core=0", "--"]
        }
        return out
    }

    private static func environment(_ folder: String) -> [Environment.Key: String] {
        [
            "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin", "HOME": folder,
            "TMPDIR": folder, "HELM_CACHE_HOME": folder + "/cache", "HELM_CONFIG_HOME": folder + "/config",
            "HELM_DATA_HOME": folder + "/data", "HELM_PLUGINS": folder + "/plugins", "HELM_NO_PLUGINS": "1",
            "KUBECONFIG": "/dev/null", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9",
            "LC_ALL": "C",
        ]
    }

    // MARK: - What it writes

    /// Each document stands after a line that names its template: `# Source: chart/templates/x.yaml`.
    private static func documents(_ output: [UInt8], _ chart: String) -> [SourceFile] {
        var byTemplate: [String: String] = [:]
        for document in String(decoding: output, as: UTF8.self).split(
            separator: "\n---", omittingEmptySubsequences: true)
        {
            let source = document.split(separator: "\n").first { $0.hasPrefix("# Source: ") }
            // The first part is the chart's own name.
            let path = source?.dropFirst("# Source: ".count).split(separator: "/").dropFirst().joined(separator: "/")
            // A path that leads elsewhere is of no template.
            let name = path.flatMap { ImagePath.normal(Array($0.utf8)) == nil ? nil : $0 } ?? "Chart.yaml"
            byTemplate[name, default: ""] += "---\n\(document)\n"
        }
        return byTemplate.sorted { $0.key < $1.key }.map { path, text in
            SourceFile(path: Printable.text((chart + path).utf8) + HelmRendering.suffix, bytes: Array(text.utf8))
        }
    }
}
