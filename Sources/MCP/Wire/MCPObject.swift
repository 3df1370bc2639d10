public import JSON

/// A typed view of a JSON object of the protocol. It keeps the object it came from, unknown members included, and
/// gives it back unchanged.
public protocol MCPObject: Hashable, Sendable {
    /// What the object must look like, for ``init(_:)``.
    static var shape: Shape { get }
    /// For an object that was checked, or that we made.
    init(trusted json: JSON)
    var json: JSON { get }
}

extension MCPObject {
    /// Throws ``RPCError/Code/invalidParams`` with the path of the first member that is missing or of another type.
    public init(_ json: JSON) throws(RPCError) {
        if let problem = Self.shape.problem(in: json) { throw .invalidParams("\(Self.shape.name)\(problem)") }
        self.init(trusted: json)
    }

    func text(_ key: String) -> String { json[key]?.string ?? "" }
    func flag(_ key: String) -> Bool? { json[key]?.bool }
    func list<Item: MCPObject>(_ key: String, of _: Item.Type = Item.self) -> [Item]? {
        json[key]?.array?.map { Item(trusted: $0) }
    }
    func view<Object: MCPObject>(_ key: String, as _: Object.Type = Object.self) -> Object? {
        guard let value = json[key], !value.isNull else { return nil }
        return Object(trusted: value)
    }

    /// The `_meta` member.
    public var meta: JSONObject? { json["_meta"]?.object }
}

extension JSON {
    /// An object of those members that have a value.
    static func made(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSONObject()
        for case (let key, let value?) in members { object[key] = value }
        return .object(object)
    }

    static func texts(_ texts: [String]?) -> JSON? { texts.map { .array($0.map { .string($0) }) } }
    static func objects(_ objects: [some MCPObject]?) -> JSON? { objects.map { .array($0.map(\.json)) } }
}
