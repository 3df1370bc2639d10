public import Core

/// A value after checking, typed by its kind.
public enum ConfigValue: Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case duration(Duration)
    case bytes(Int64)
    case money(Money)
    case secret(Secret)
    case list([ConfigNode])
    case object([(key: String, node: ConfigNode)])
}

/// A checked value with its place. Rooms read their section through it: `try section.duration("retention")`.
public struct ConfigNode: Sendable {
    public let value: ConfigValue
    public let place: ConfigPlace
    /// The keys that lead here.
    public let path: String
    /// Whether nothing was written and the schema's default stands.
    public let isDefault: Bool

    /// The member of an object or map, nil where it is absent and has no default.
    public subscript(key: String) -> ConfigNode? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.key == key }?.node
    }

    /// The members of an object or map in the order of the file.
    public var members: [(key: String, node: ConfigNode)] {
        if case .object(let members) = value { members } else { [] }
    }
    public var elements: [ConfigNode] { if case .list(let elements) = value { elements } else { [] } }

    public var string: String? { if case .string(let text) = value { text } else { nil } }
    public var int: Int? { if case .int(let number) = value { number } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = value { flag } else { nil } }
    public var duration: Duration? { if case .duration(let duration) = value { duration } else { nil } }
    public var bytes: Int64? { if case .bytes(let bytes) = value { bytes } else { nil } }
    public var money: Money? { if case .money(let money) = value { money } else { nil } }
    public var secret: Secret? { if case .secret(let secret) = value { secret } else { nil } }

    /// For a check that the schema cannot express: names this value's place and path.
    public func error(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("config", .invalid, "\(place): \(path): \(message)", hint: hint)
    }
}

/// The member with this key; the `optional` forms give nil where it is absent. A wrong kind is a fault of the caller,
/// since the schema was checked, and throws `internal`.
extension ConfigNode {
    public func string(_ key: String) throws -> String { try required(key, optionalString(key)) }
    public func int(_ key: String) throws -> Int { try required(key, optionalInt(key)) }
    public func bool(_ key: String) throws -> Bool { try required(key, optionalBool(key)) }
    public func duration(_ key: String) throws -> Duration { try required(key, optionalDuration(key)) }
    public func bytes(_ key: String) throws -> Int64 { try required(key, optionalBytes(key)) }
    public func money(_ key: String) throws -> Money { try required(key, optionalMoney(key)) }
    public func secret(_ key: String) throws -> Secret { try required(key, optionalSecret(key)) }
    public func object(_ key: String) throws -> ConfigNode { try required(key, self[key]) }

    public func optionalString(_ key: String) throws -> String? { try typed(key, \.string, "a string") }
    public func optionalInt(_ key: String) throws -> Int? { try typed(key, \.int, "an integer") }
    public func optionalBool(_ key: String) throws -> Bool? { try typed(key, \.bool, "a boolean") }
    public func optionalDuration(_ key: String) throws -> Duration? { try typed(key, \.duration, "a duration") }
    public func optionalBytes(_ key: String) throws -> Int64? { try typed(key, \.bytes, "a size") }
    public func optionalMoney(_ key: String) throws -> Money? { try typed(key, \.money, "an amount of money") }
    public func optionalSecret(_ key: String) throws -> Secret? { try typed(key, \.secret, "a secret") }

    /// Empty where the key is absent.
    public func strings(_ key: String) throws -> [String] {
        try list(key).map { element in
            guard let text = element.string else { throw mismatch(key, "a list of strings") }
            return text
        }
    }
    public func list(_ key: String) -> [ConfigNode] { self[key]?.elements ?? [] }
    public func map(_ key: String) -> [(key: String, node: ConfigNode)] { self[key]?.members ?? [] }

    /// A string member as a case of an enumeration whose raw values the schema lists.
    public func choice<Choice: RawRepresentable<String>>(_ key: String, as type: Choice.Type = Choice.self) throws
        -> Choice
    {
        let text = try string(key)
        guard let choice = Choice(rawValue: text) else { throw mismatch(key, "one of the listed words") }
        return choice
    }

    private func typed<T>(_ key: String, _ read: (ConfigNode) -> T?, _ kind: String) throws -> T? {
        guard let node = self[key] else { return nil }
        guard let value = read(node) else { throw mismatch(key, kind) }
        return value
    }

    private func required<T>(_ key: String, _ value: T?) throws -> T {
        guard let value else {
            throw GatehouseError("config", .internal, "\(place): \(path).\(key) has neither a value nor a default")
        }
        return value
    }

    private func mismatch(_ key: String, _ kind: String) -> GatehouseError {
        GatehouseError("config", .internal, "\(place): the schema of \(path).\(key) is not \(kind)")
    }
}
