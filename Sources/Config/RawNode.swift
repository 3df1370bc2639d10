/// A document as written, with places and before any meaning is given to its scalars.
package enum RawNode: Sendable {
    package struct Scalar: Sendable {
        package var text: String
        /// Written without quotes: only then can it be a number, a boolean or null.
        package var isPlain: Bool
        package var place: ConfigPlace
    }

    package struct Member: Sendable {
        package var key: String
        package var place: ConfigPlace
        package var value: RawNode
    }

    case scalar(Scalar)
    case list([RawNode], ConfigPlace)
    case map([Member], ConfigPlace)

    package var place: ConfigPlace {
        switch self {
        case .scalar(let scalar): scalar.place
        case .list(_, let place), .map(_, let place): place
        }
    }

    /// An empty value, `null` or `~`: as good as an absent key.
    package var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.isPlain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }

    package var kindName: String {
        switch self {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
