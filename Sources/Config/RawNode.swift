/// A document as written, with places and before any meaning is given to its scalars.
enum RawNode {
    struct Scalar {
        var text: String
        /// Written without quotes: only then can it be a number, a boolean or null.
        var isPlain: Bool
        var place: ConfigPlace
    }

    struct Member {
        var key: String
        var place: ConfigPlace
        var value: RawNode
    }

    case scalar(Scalar)
    case list([RawNode], ConfigPlace)
    case map([Member], ConfigPlace)

    var place: ConfigPlace {
        switch self {
        case .scalar(let scalar): scalar.place
        case .list(_, let place), .map(_, let place): place
        }
    }

    /// An empty value, `null` or `~`: as good as an absent key.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.isPlain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }

    var kindName: String {
        switch self {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
