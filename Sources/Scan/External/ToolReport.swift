public import Formats

/// What other tools said about a tree, as a SARIF log, and where it comes from.
public struct ToolReport: Sendable, Hashable {
    public enum Origin: String, Sendable, Hashable {
        /// A file that was given.
        case report
        /// A tool that this assessment ran.
        case run
    }

    /// The file's name or the tool's, for messages.
    public var name: String
    public var origin: Origin
    public var log: SARIF.ReadLog
    /// Asked of the tool itself.
    public var version: String?

    public init(name: String, bytes: [UInt8], origin: Origin = .report, version: String? = nil) {
        self.name = name
        self.origin = origin
        self.version = version
        log = SARIF.ReadLog(bytes)
    }
}

/// A tool that had a say in an assessment.
public struct ToolRun: Sendable, Hashable {
    /// As sources of findings name it: `bandit`.
    public var tool: String
    public var version: String?
    public var origin: ToolReport.Origin
    /// Results that say that something is wrong.
    public var results: Int
    /// False where the tool failed or said only a part: what it does not name may be there still.
    public var isComplete: Bool
}

/// One tool's word on a finding.
public struct FindingSource: Sendable, Hashable {
    /// `bandit`; `gatehouse` for our own scanners.
    public var tool: String
    public var version: String?
    /// As the tool calls it.
    public var rule: String
    /// What the finding would be known by if this were its only source.
    public var fingerprint: String
    /// Why its users accepted it there; nil where they did not.
    public var accepted: String?

    public static let own = "gatehouse"

    public init(
        tool: String, version: String? = nil, rule: String, fingerprint: String = "", accepted: String? = nil
    ) {
        self.tool = tool
        self.version = version
        self.rule = rule
        self.fingerprint = fingerprint
        self.accepted = accepted
    }
}
