import Config
import JSON

/// What the `assess` section of the configuration says.
public struct AssessSettings: Sendable, Hashable {
    /// Folders below which callers over the network may have repositories assessed.
    public var roots: [String] = []

    public init() {}

    /// - Parameter node: the section of a file that was checked by ``schema``.
    init(_ node: ConfigNode) {
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
                example: ["/srv/repositories"])
        ]),
        "What may be assessed by callers over the network. Users of this machine, over the unix socket, name any path.",
        default: [:])
}
