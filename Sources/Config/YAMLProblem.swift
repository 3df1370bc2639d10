import Yams

/// What Yams finds wrong with a text: the reason and its place, never the snippet of the text that Yams would add: it may
/// hold a secret.
public struct YAMLProblem: Sendable, Hashable {
    public let reason: String
    /// The key that occurs twice, where that is the reason.
    public let repeatedKey: String?
    /// From 1; 0 where the place is not known.
    public let line: Int
    public let column: Int

    public init(_ error: any Error) {
        var (reason, key, mark): (String, String?, Mark?) = ("cannot be read as YAML", nil, nil)
        switch error as? YamlError {
        case .scanner(_, let problem, let place, _), .parser(_, let problem, let place, _),
            .composer(_, let problem, let place, _):
            (reason, mark) = (problem, place)
        case .reader(let problem, _, _, _): reason = problem
        case .duplicatedKeysInMapping(let keys, let context):
            (reason, key, mark) = ("the key occurs twice", keys.first ?? "", context.mark)
        default: break
        }
        self.reason = reason
        repeatedKey = key
        line = mark?.line ?? 0
        column = mark?.column ?? 0
    }
}
