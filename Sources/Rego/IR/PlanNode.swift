internal import Core
internal import JSON

/// A value of a plan and where it stands, for messages.
struct PlanNode {
    let json: JSON
    private let pointer: String

    init(_ json: JSON, at pointer: String) {
        self.json = json
        self.pointer = pointer
    }

    func problem(_ what: String) -> GatehouseError {
        GatehouseError(
            "rego", .invalid, "plan: \(pointer.isEmpty ? "the whole" : pointer) \(what)",
            hint: "Build the plan anew with `opa build -t plan`.")
    }

    func member(_ key: String) throws(GatehouseError) -> PlanNode {
        guard let node = try optional(key) else { throw problem("has no member \"\(key)\"") }
        return node
    }

    func optional(_ key: String) throws(GatehouseError) -> PlanNode? {
        guard let object = json.object else { throw problem("is no object") }
        guard let value = object[key], !value.isNull else { return nil }
        return PlanNode(value, at: "\(pointer)/\(key)")
    }

    /// The elements of a list; none where it is missing or null, as Go writes an empty one.
    func list(_ key: String) throws(GatehouseError) -> [PlanNode] {
        guard let node = try optional(key) else { return [] }
        guard let elements = node.json.array else { throw node.problem("is no array") }
        return elements.enumerated().map { PlanNode($1, at: "\(node.pointer)/\($0)") }
    }

    func text() throws(GatehouseError) -> String {
        guard let text = json.string else { throw problem("is no string") }
        return text
    }

    func text(_ key: String) throws(GatehouseError) -> String { try member(key).text() }

    func integer() throws(GatehouseError) -> Int {
        guard let integer = json.int else { throw problem("is no integer") }
        return integer
    }

    func integer(_ key: String) throws(GatehouseError) -> Int { try member(key).integer() }

    /// The number of a local, a string or a block.
    func local() throws(GatehouseError) -> Int {
        let number = try integer()
        guard number >= 0, number <= Int(Int32.max) else { throw problem("is out of range") }
        return number
    }

    func local(_ key: String) throws(GatehouseError) -> Int { try member(key).local() }

    /// `{"type": "local", "value": 3}`; a bare number is a local, as older plans had it.
    func operand() throws(GatehouseError) -> IR.Operand {
        if json.number != nil { return .local(try local()) }
        switch try text("type") {
        case "local": return .local(try local("value"))
        case "string_index": return .string(try local("value"))
        case "bool":
            guard let bool = json["value"]?.bool else { throw problem("is no boolean") }
            return .bool(bool)
        case let other: throw problem("is an operand of unknown type \(other)")
        }
    }

    func operand(_ key: String) throws(GatehouseError) -> IR.Operand { try member(key).operand() }
}
