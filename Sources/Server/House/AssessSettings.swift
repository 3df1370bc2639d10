import Config
import JSON
public import Scan

/// What the `assess` section of the configuration says.
public struct AssessSettings: Sendable {
    /// Folders below which callers over the network may have repositories assessed.
    public var roots: [String] = []
    /// Rules for secrets, beside the builtin ones and those that a repository brings.
    public var rules = OwnRules()

    public init() {}

    /// - Parameter node: the section of a file that was checked by ``schema``.
    /// - Throws: for a file of rules, with its place and what to do.
    init(_ node: ConfigNode) throws {
        for element in node.list("secret_rules") {
            guard let name = element.string else { continue }
            let file = try OwnRuleFile.load(InputFile.resolve(name, besides: element.place.file))
            rules = try rules.joined(with: file)
        }
        roots = node.list("roots").compactMap { element in
            element.string.map { InputFile.resolve($0, besides: element.place.file) }
        }
    }

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
        ]),
        "What may be assessed by callers over the network. Users of this machine, over the unix socket, name any path.",
        default: [:])
}
