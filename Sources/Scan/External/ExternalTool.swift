/// Another scanner that can be run on a folder: what is started and how, and what it is given. A value, not code: nothing
/// passes a shell, and a new tool is another value in ``all``.
public struct ExternalTool: Sendable, Hashable {
    /// As findings name it.
    public let id: String
    let title: String
    /// A name that is looked up in PATH, or a path.
    var executable: String
    /// `{target}` is what is looked at, `{report}` a file for the report, `{each:NAME}` one word before each value of a
    /// setting, `{NAME}` a setting that it cannot do without.
    let arguments: [String]
    /// Asks for the version.
    var version = ["--version"]
    /// Exit codes that go with a whole report.
    var successes: Set<Int32> = [0]
    /// Variables of ours that it is given beside PATH: folders of its data, nothing secret.
    var inherits: [String] = []
    var variables: [String: String] = [:]
    /// Where to get it.
    let hint: String

    var writesFile: Bool { arguments.contains { $0.contains("{report}") } }

    /// Without any access to the network: what they compare with has to be there already.
    public static let all: [ExternalTool] = [
        ExternalTool(
            id: "bandit", title: "Bandit", executable: "bandit",
            arguments: ["--recursive", "{target}", "--format", "sarif", "--quiet", "--exit-zero"],
            hint: "pip install 'bandit[sarif]'"),
        ExternalTool(
            id: "semgrep", title: "Semgrep", executable: "semgrep",
            arguments: [
                "scan", "--sarif", "--quiet", "--metrics=off", "--disable-version-check", "{each:--config}", "{target}",
            ],
            variables: ["SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"],
            hint: "pip install semgrep"),
        ExternalTool(
            id: "trivy", title: "Trivy", executable: "trivy",
            arguments: [
                "filesystem", "--format", "sarif", "--quiet", "--offline-scan", "--skip-db-update", "--scanners",
                "vuln,misconfig", "{target}",
            ],
            inherits: ["HOME", "XDG_CACHE_HOME", "TRIVY_CACHE_DIR"],
            variables: [
                "TRIVY_SKIP_JAVA_DB_UPDATE": "true", "TRIVY_SKIP_CHECK_UPDATE": "true",
                "TRIVY_SKIP_VERSION_CHECK": "true", "TRIVY_DISABLE_TELEMETRY": "true",
            ], hint: "see https://trivy.dev, and let it fetch its database once: trivy filesystem --download-db-only"),
        ExternalTool(
            id: "grype", title: "Grype", executable: "grype", arguments: ["dir:{target}", "-o", "sarif", "-q"],
            inherits: ["HOME", "XDG_CACHE_HOME", "GRYPE_DB_CACHE_DIR"],
            variables: ["GRYPE_CHECK_FOR_APP_UPDATE": "false", "GRYPE_DB_AUTO_UPDATE": "false"],
            hint: "see https://github.com/anchore/grype, and let it fetch its database once: grype db update"),
        ExternalTool(
            id: "codeql", title: "CodeQL", executable: "codeql",
            arguments: ["database", "analyze", "{database}", "--format=sarif-latest", "--output={report}"],
            version: ["version", "--format=terse"], inherits: ["HOME", "XDG_CACHE_HOME"],
            hint: "see https://docs.github.com/code-security/codeql-cli"),
    ]
}

/// What whoever runs the house says of these tools.
public struct ExternalToolSettings: Sendable, Hashable {
    /// Run in every assessment of a folder, and what callers from elsewhere may name.
    public var always: [String] = []
    /// For one run of one tool.
    public var timeout = Duration.seconds(600)
    /// Files and folders of Semgrep's rules: it has none of its own.
    public var semgrepRules: [String] = []
    /// A database that `codeql database create` made of what is assessed.
    public var codeQLDatabase: String?

    public init() {}

    /// What stands for a word of a tool's arguments in braces.
    func values(of name: String, for tool: ExternalTool) -> [String] {
        switch (tool.id, name) {
        case ("semgrep", "--config"): semgrepRules
        case ("codeql", "database"): codeQLDatabase.map { [$0] } ?? []
        default: []
        }
    }
}
