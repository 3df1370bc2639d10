public import JSON

/// What a JSON-RPC answer names its request by: a text or an integer. MCP allows no null and no fraction.
public enum RequestID: Hashable, Sendable, CustomStringConvertible {
    case string(String)
    case number(Int64)

    /// Nil for anything but a text or an integer of 64 bits.
    public init?(_ json: JSON) {
        switch json {
        case .string(let text): self = .string(text)
        case .number(let number):
            guard let int = number.int else { return nil }
            self = .number(Int64(int))
        default: return nil
        }
    }

    public var json: JSON {
        switch self {
        case .string(let text): .string(text)
        case .number(let number): JSON(number)
        }
    }

    public var description: String {
        switch self {
        case .string(let text): "\"\(text)\""
        case .number(let number): String(number)
        }
    }
}

/// By which progress notifications name the request that they tell of. It has the form of an id.
public typealias ProgressToken = RequestID

extension RequestID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    public init(integerLiteral value: Int64) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
}
