import Config
import Core
import JSON
import Risk
public import Scan

/// What the `assess` section of the configuration says.
public struct AssessSettings: Sendable {
    /// Folders below which callers over the network may have repositories assessed.
    public var roots: [String] = []
    /// Rules for secrets, beside the builtin ones and those that a repository brings.
    public var rules = OwnRules()
    public var dependencies = DependencySettings()
    /// By when findings are to be gone.
    public var levels = ServiceLevels()
    /// Other tools that are run, and how.
    public var tools = ExternalToolSettings()

    public init() {}

    /// - Parameter node: the section of a file that was checked by ``schema``.
    /// - Throws: for a file of rules, with its place and what to do; `invalid` for a mirror that is no private address.
    init(_ node: ConfigNode) throws {
        for element in node.list("secret_rules") {
            guard let name = element.string else { continue }
            let file = try OwnRuleFile.load(InputFile.resolve(name, besides: element.place.file))
            rules = try rules.joined(with: file)
        }
        roots = node.list("roots").compactMap { element in
            element.string.map { InputFile.resolve($0, besides: element.place.file) }
        }
        let advisories = try node.object("advisories")
        dependencies.greatestAge = try advisories.duration("max_age")
        dependencies.mirror = try advisories.string("mirror")
        _ = try AdvisoryMirror(dependencies.mirror)
        let sla = try node.object("sla")
        levels.limits = Dictionary(
            uniqueKeysWithValues: try Self.withLevels.map { ($0, try sla.duration($0.rawValue)) })
        let tools = try node.object("tools")
        self.tools.always = try tools.strings("run")
        self.tools.timeout = try tools.duration("timeout")
        self.tools.semgrepRules = tools.list("semgrep_rules").compactMap { element in
            element.string.map { InputFile.resolve($0, besides: element.place.file) }
        }
        self.tools.codeQLDatabase = try tools.optionalString("codeql_database").map {
            InputFile.resolve($0, besides: tools.place.file)
        }
        dependencies.licenses = try LicenseConfig.settings(try node.object("licences"))
        let asset = try node.object("asset")
        dependencies.asset.exposure = try asset.optionalString("exposure").flatMap(RiskFacts.Exposure.init(rawValue:))
        dependencies.asset.criticality =
            try asset.optionalString("criticality").flatMap(RiskFacts.Criticality.init(rawValue:))
    }

    private static let withLevels: [Severity] = [.critical, .high, .medium, .low]

    private static let sla = Field(
        "sla",
        .object(
            withLevels.map { severity in
                let days = (ServiceLevels.standard[severity]?.components.seconds ?? 0) / 86_400
                return Field(
                    severity.rawValue, .duration, "How long a finding of this severity may be open.",
                    default: .string("\(days)d"))
            }),
        "By when findings are to be gone, from when they are open on; later they are overdue. Where BOD 26-04 sets a "
            + "date for a package's flaw, that one counts.",
        default: [:])

    static let schema = Field(
        "assess",
        .object([
            Field(
                "roots", .list(of: .string),
                "Folders, from this file's folder on: what callers over the network may have assessed lies in one of "
                    + "them, links resolved. Of none, they name https:// addresses only.", default: [],
                example: ["/srv/repositories"]),
            Field(
                "secret_rules", .list(of: .string),
                "Files with rules for secrets of your own, from this file's folder on; see docs/findings.md. They hold in "
                    + "all assessments; a repository's own, in .gatehouse/secrets, hold in that repository.",
                default: [], example: ["rules/acme.yaml"]),
            Field(
                "advisories",
                .object([
                    Field(
                        "max_age", .duration,
                        "Older advisories count as missing: packages that they are about could not be checked.",
                        default: "7d"),
                    Field(
                        "mirror", .string, "Where `gatehouse advisories update` fetches: MIRROR/ECOSYSTEM/all.zip.",
                        default: .string(AdvisoryMirror.standard)),
                ]), "The advisories that packages are compared with.", default: [:]),
            sla,
            Field(
                "tools",
                .object([
                    Field(
                        "run", .list(of: .enumeration(ExternalTool.all.map(\.id))),
                        "Run in each assessment of a folder, beside those that --with names. Callers over the network may "
                            + "name these and no others.", default: [], example: ["bandit"]),
                    Field("timeout", .duration, "For one run of one tool.", default: "10m"),
                    Field(
                        "semgrep_rules", .list(of: .string),
                        "Files and folders with Semgrep's rules, from this file's folder on. Without any it is not run: "
                            + "rules are not fetched.", default: [], example: ["rules/semgrep"]),
                    Field(
                        "codeql_database", .string,
                        "A database that `codeql database create` made of what is assessed, from this file's folder on."
                    ),
                ]), "Other tools of this machine that assessments may run; see docs/code.md.", default: [:]),
            Field(
                "asset",
                .object([
                    Field(
                        "exposure", .enumeration(RiskFacts.Exposure.allCases.map(\.rawValue)),
                        "How what is assessed can be reached; `open` is from the internet. Where it is not said, it is "
                            + "taken as open."),
                    Field(
                        "criticality", .enumeration(RiskFacts.Criticality.allCases.map(\.rawValue)),
                        "How bad it would be to lose it. Where it is not said, it is taken as medium."),
                ]), "What is assessed: it decides what comes first.", default: [:]),
            LicenseConfig.schema,
        ]),
        "What may be assessed by callers over the network, and how packages are judged. Users of this machine, over the "
            + "unix socket, name any path.",
        default: [:])
}
