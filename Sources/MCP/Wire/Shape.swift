import JSON

/// Which members an object of the protocol has, and of what types. Members that are not named may be anything.
///
/// A null stands for a member that is absent where the member is optional: peers write it.
public struct Shape: Sendable {
    /// The definition's name in the protocol's schema.
    public let name: String
    let members: [Member]
    /// Which shape the object has besides, by the word at a key; objects with another word pass.
    let variants: (key: String, byWord: [String: any MCPObject.Type])?
    /// What every member is, whatever its key.
    let each: ValueType?

    public struct Member: Sendable {
        let key: String
        let type: ValueType
        let isRequired: Bool

        public static func required(_ key: String, _ type: ValueType) -> Member {
            Member(key: key, type: type, isRequired: true)
        }
        public static func optional(_ key: String, _ type: ValueType) -> Member {
            Member(key: key, type: type, isRequired: false)
        }
    }

    public init(_ name: String, _ members: Member...) { self.init(name, members) }

    init(_ name: String, _ members: [Member]) {
        self.name = name
        self.members = members
        variants = nil
        each = nil
    }

    public init(_ name: String, by key: String, _ byWord: [String: any MCPObject.Type]) {
        self.name = name
        members = [.required(key, .text)]
        variants = (key, byWord)
        each = nil
    }

    public init(_ name: String, each: ValueType) {
        self.name = name
        members = []
        variants = nil
        self.each = each
    }

    /// A place below the object and what is wrong there, such as `.tools[2].name: must be a text`.
    func problem(in json: JSON) -> String? {
        guard case .object(let object) = json else { return ": must be an object" }
        for member in members {
            guard let value = object[member.key], member.isRequired || !value.isNull else {
                if member.isRequired { return ".\(member.key): is missing" }
                continue
            }
            if let problem = member.type.problem(in: value) { return ".\(member.key)\(problem)" }
        }
        if let problem = each.flatMap({ ValueType.map($0).problem(in: json) }) { return problem }
        guard let (key, byWord) = variants, let word = object[key]?.string else { return nil }
        return byWord[word]?.shape.problem(in: json)
    }
}

/// What a member's value may be.
public indirect enum ValueType: Sendable {
    case any, text, bool, integer, number, object
    /// A request's id or a progress token.
    case id
    case word([String])
    case list(ValueType)
    /// An object whose every value is of this type.
    case map(ValueType)
    case of(any MCPObject.Type)
    /// One value or a list of them.
    case oneOrMore(ValueType)

    func problem(in json: JSON) -> String? {
        switch self {
        case .any: nil
        case .text: json.kind == .string ? nil : ": must be a text"
        case .bool: json.kind == .bool ? nil : ": must be true or false"
        case .integer: json.int == nil ? ": must be an integer" : nil
        case .number: json.double == nil ? ": must be a number" : nil
        case .object: json.kind == .object ? nil : ": must be an object"
        case .id: RequestID(json) == nil ? ": must be a text or an integer" : nil
        case .word(let words): Self.problem(in: json, words)
        case .list(let type): Self.problem(in: json, listOf: type)
        case .map(let type): Self.problem(in: json, mapOf: type)
        case .of(let type): type.shape.problem(in: json)
        case .oneOrMore(let type): json.kind == .array ? Self.problem(in: json, listOf: type) : type.problem(in: json)
        }
    }

    private static func problem(in json: JSON, _ words: [String]) -> String? {
        if let word = json.string, words.contains(word) { return nil }
        return ": must be \(words.joined(separator: ", "))"
    }

    private static func problem(in json: JSON, listOf type: ValueType) -> String? {
        guard case .array(let elements) = json else { return ": must be an array" }
        for (index, element) in elements.enumerated() {
            if let problem = type.problem(in: element) { return "[\(index)]\(problem)" }
        }
        return nil
    }

    private static func problem(in json: JSON, mapOf type: ValueType) -> String? {
        guard case .object(let object) = json else { return ": must be an object" }
        for (key, value) in object {
            if let problem = type.problem(in: value) { return ".\(key.prefix(64))\(problem)" }
        }
        return nil
    }
}
