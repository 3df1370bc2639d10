public import JSON

/// The Static Analysis Results Interchange Format, version 2.1.0 (OASIS), as far as tools write it: one log of runs.
/// Names and meanings of the members are the standard's.
public enum SARIF {
    public static let version = "2.1.0"
    public static let schema =
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

    public enum Level: String, Sendable, Hashable { case none, note, warning, error }

    public struct Log: Sendable, Hashable {
        public var runs: [Run]

        public init(runs: [Run]) { self.runs = runs }

        public var json: JSON {
            ["$schema": .string(schema), "version": .string(version), "runs": .array(runs.map(\.json))]
        }
    }

    public struct Run: Sendable, Hashable {
        public var tool: Tool
        public var results: [Result]
        public var invocation: Invocation
        public var repository: Repository?
        /// Tells runs of one kind from each other: `assess/REPOSITORY/ID`.
        public var automationID: String?

        public init(
            tool: Tool, results: [Result], invocation: Invocation, repository: Repository? = nil,
            automationID: String? = nil
        ) {
            self.tool = tool
            self.results = results
            self.invocation = invocation
            self.repository = repository
            self.automationID = automationID
        }

        var json: JSON {
            var json: JSON = [
                "tool": tool.json, "columnKind": "unicodeCodePoints", "invocations": [invocation.json],
                "results": .array(results.map { $0.json(rules: tool.rules.map(\.id)) }),
            ]
            if let repository { json["versionControlProvenance"] = [repository.json] }
            if let automationID { json["automationDetails"] = ["id": .string(automationID)] }
            return json
        }
    }

    /// `tool.driver`.
    public struct Tool: Sendable, Hashable {
        public var name: String
        public var version: String
        public var rules: [Rule]

        public init(name: String, version: String, rules: [Rule]) {
            self.name = name
            self.version = version
            self.rules = rules
        }

        var json: JSON {
            [
                "driver": [
                    "name": .string(name), "semanticVersion": .string(version), "rules": .array(rules.map(\.json)),
                ]
            ]
        }
    }

    /// `reportingDescriptor`.
    public struct Rule: Sendable, Hashable {
        public var id: String
        public var title: String
        public var help: String
        public var level: Level
        /// 0–10, by which code scanning services rank.
        public var securitySeverity: Double
        public var tags: [String]

        public init(
            id: String, title: String, help: String, level: Level, securitySeverity: Double, tags: [String] = []
        ) {
            self.id = id
            self.title = title
            self.help = help
            self.level = level
            self.securitySeverity = securitySeverity
            self.tags = tags
        }

        var json: JSON {
            [
                "id": .string(id), "shortDescription": ["text": .string(title)], "help": ["text": .string(help)],
                "defaultConfiguration": ["level": .string(level.rawValue)],
                "properties": [
                    "security-severity": .string(JSON(securitySeverity)?.description ?? "0"),
                    "tags": .array(tags.map { .string($0) }),
                ],
            ]
        }
    }

    /// `versionControlDetails`.
    public struct Repository: Sendable, Hashable {
        /// A URI.
        public var address: String
        public var revision: String?
        public var branch: String?

        public init(address: String, revision: String?, branch: String?) {
            self.address = address
            self.revision = revision
            self.branch = branch
        }

        var json: JSON {
            var json: JSON = ["repositoryUri": .string(address)]
            if let revision { json["revisionId"] = .string(revision) }
            if let branch { json["branch"] = .string(branch) }
            return json
        }
    }
}
