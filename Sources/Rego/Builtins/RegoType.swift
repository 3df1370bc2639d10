/// A type of Rego's type checker, as builtins declare theirs.
public indirect enum RegoType: Sendable, Hashable {
    case any
    case null, boolean, number, string
    /// Elements at the first places, and what may follow; nil when nothing may.
    case array([RegoType] = [], rest: RegoType?)
    /// Members that must be there, and what others may be; nil when there may be no others.
    case object([Member] = [], rest: KeyValue?)
    case set(RegoType)
    case union([RegoType])

    public struct Member: Sendable, Hashable {
        public var key: RegoValue
        public var type: RegoType

        public init(_ key: RegoValue, _ type: RegoType) {
            self.key = key
            self.type = type
        }
    }

    public struct KeyValue: Sendable, Hashable {
        public var key: RegoType
        public var value: RegoType

        public init(_ key: RegoType, _ value: RegoType) {
            self.key = key
            self.value = value
        }
    }

    public static func array(of element: RegoType) -> RegoType { .array([], rest: element) }
    public static func object(_ key: RegoType, _ value: RegoType) -> RegoType {
        .object([], rest: KeyValue(key, value))
    }
    public static let anyArray = RegoType.array(of: .any)
    public static let anyObject = RegoType.object(.any, .any)
    public static let anySet = RegoType.set(.any)
    public static func either(_ types: RegoType...) -> RegoType { .union(types) }
}
