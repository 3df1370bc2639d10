/// A schema document put together and checked (October 2021 edition, section 3).
struct GraphQLSchema {
    struct TypeDefinition {
        let name: String
        let kind: String
        var interfaces: [String] = [], members: [String] = []
        var fields: [RegoObject] = [], enumValues: [RegoObject] = [], directives: [RegoObject] = []

        init(_ object: RegoObject) {
            name = object.text("Name")
            kind = object.text("Kind")
            extend(object)
        }

        init(builtIn name: String) {
            self.name = name
            kind = "SCALAR"
        }

        mutating func extend(_ object: RegoObject) {
            interfaces += object.texts("Interfaces")
            members += object.texts("Types")
            fields += object.objects("Fields")
            enumValues += object.objects("EnumValues")
            directives += object.objects("Directives")
        }

        func field(_ name: String) -> RegoObject? { fields.first { $0.text("Name") == name } }
        var isComposite: Bool { ["OBJECT", "INTERFACE", "UNION"].contains(kind) }
        var isInput: Bool { ["SCALAR", "ENUM", "INPUT_OBJECT"].contains(kind) }
    }

    private(set) var types: [String: TypeDefinition] = [:]
    private(set) var directives: [String: RegoObject] = [:]
    /// Type names by `query`, `mutation`, `subscription`.
    private(set) var roots: [String: String] = [:]

    private static let builtInScalars = ["Int", "Float", "String", "Boolean", "ID"]

    init(_ document: RegoObject, _ context: BuiltinContext) throws(BuiltinError) {
        for name in Self.builtInScalars { types[name] = TypeDefinition(builtIn: name) }
        try addPrelude(context)
        try add(document, context)
        try findRoots(document)
        for name in types.keys.sorted() {
            guard let type = types[name] else { continue }
            try context.charge(steps: 50 + type.fields.count * 20)
            if !name.hasPrefix("__") { try validate(type) }
        }
        for (_, directive) in directives { try validateArguments(directive) }
    }

    private mutating func addPrelude(_ context: BuiltinContext) throws(BuiltinError) {
        var parser = try GraphQLParser(GraphQLPrelude.text, context)
        if case .object(let document) = try parser.schema() { try add(document, context) }
    }

    private mutating func add(_ document: RegoObject, _ context: BuiltinContext) throws(BuiltinError) {
        for definition in document.objects("Definitions") {
            let type = TypeDefinition(definition)
            guard types[type.name] == nil else { throw Self.error("Cannot redeclare type \(type.name).", definition) }
            types[type.name] = type
        }
        for definition in document.objects("Extensions") {
            let name = definition.text("Name")
            guard let base = types[name] else {
                types[name] = TypeDefinition(definition)
                continue
            }
            guard base.kind == definition.text("Kind") else {
                throw Self.error(
                    "Cannot extend type \(name) because the base type is a \(base.kind), not "
                        + "\(definition.text("Kind")).",
                    definition)
            }
            types[name]?.extend(definition)
        }
        for directive in document.objects("Directives") {
            let name = directive.text("Name")
            guard directives.updateValue(directive, forKey: name) == nil else {
                throw Self.error("Cannot redeclare directive \(name).", directive)
            }
        }
    }

    private mutating func findRoots(_ document: RegoObject) throws(BuiltinError) {
        let schemas = document.objects("Schema")
        if schemas.count > 1 {
            throw Self.error(
                "Cannot have multiple schema entry points, consider schema extensions instead.", schemas[1])
        }
        for part in schemas + document.objects("SchemaExtension") {
            for root in part.objects("OperationTypes") {
                let (operation, type) = (root.text("Operation"), root.text("Type"))
                guard types[type] != nil else {
                    throw Self.error("Schema root \(operation) refers to a type \(type) that does not exist.", root)
                }
                roots[operation] = type
            }
        }
        for (operation, type) in [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")]
        where schemas.isEmpty && roots[operation] == nil && types[type] != nil { roots[operation] = type }
    }

    static func error(_ message: String, _ node: RegoObject) -> BuiltinError {
        let position = node["Position"]
        let place = position.map { " in GraphQL string at location \($0["Line"] ?? 0):\($0["Column"] ?? 0)" } ?? ""
        return .failure(message.hasSuffix(".") ? message.dropLast() + place : message + place)
    }
}

// MARK: - Rules for types

extension GraphQLSchema {
    private func validate(_ type: TypeDefinition) throws(BuiltinError) {
        for field in type.fields {
            try validateName(field)
            try validateType(field, isInput: type.kind == "INPUT_OBJECT")
            try validateArguments(field)
            try validateDirectives(field.objects("Directives"))
        }
        try validateDirectives(type.directives)
        let names = type.fields.map { $0.text("Name") }
        guard Set(names).count == names.count else { throw Self.plain("Field \(type.name) can only be defined once") }
        switch type.kind {
        case "OBJECT", "INTERFACE", "INPUT_OBJECT":
            guard !type.fields.isEmpty else {
                throw Self.plain("\(type.kind) \(type.name): must define one or more fields")
            }
            for interface in type.interfaces { try validate(type, implements: interface) }
        case "UNION":
            for member in type.members where types[member]?.kind != "OBJECT" {
                throw Self.plain(
                    types[member] == nil ? "Undefined type \(member)" : "UNION type \(member) must be OBJECT")
            }
        case "ENUM":
            guard !type.enumValues.isEmpty else {
                throw Self.plain("ENUM \(type.name): must define one or more unique enum values")
            }
            for value in type.enumValues {
                guard !["true", "false", "null"].contains(value.text("Name")) else {
                    throw Self.error("ENUM \(type.name): non-enum value \(value.text("Name")).", value)
                }
                try validateDirectives(value.objects("Directives"))
            }
        default: break
        }
    }

    private static func plain(_ message: String) -> BuiltinError { .failure(message) }

    private func validateName(_ node: RegoObject) throws(BuiltinError) {
        guard !node.text("Name").hasPrefix("__") else {
            throw Self.error(
                "Name \"\(node.text("Name"))\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                node)
        }
    }

    private func validateType(_ node: RegoObject, isInput: Bool) throws(BuiltinError) {
        let name = GraphQLType(node["Type"]).name
        guard let type = types[name] else { throw Self.error("Undefined type \(name).", node) }
        guard isInput ? type.isInput : type.kind != "INPUT_OBJECT" else {
            throw Self.error(
                "cannot use \(name) as \(isInput ? "an input" : "a field") type because \(type.kind) is "
                    + "not a valid kind.",
                node)
        }
    }

    private func validateArguments(_ node: RegoObject) throws(BuiltinError) {
        for argument in node.objects("Arguments") {
            try validateName(argument)
            try validateType(argument, isInput: true)
            try validateDirectives(argument.objects("Directives"))
        }
    }

    private func validateDirectives(_ used: [RegoObject]) throws(BuiltinError) {
        for directive in used {
            try validateName(directive)
            guard directives[directive.text("Name")] != nil else {
                throw Self.error("Undefined directive \(directive.text("Name")).", directive)
            }
        }
    }

    private func validate(_ type: TypeDefinition, implements name: String) throws(BuiltinError) {
        guard let interface = types[name] else { throw Self.plain("Undefined type \(name)") }
        guard interface.kind == "INTERFACE" else {
            throw Self.plain("\(name) is a non interface type \(interface.kind)")
        }
        for wanted in interface.fields {
            let fieldName = wanted.text("Name")
            guard let field = type.field(fieldName) else {
                throw Self.plain("For \(type.name) to implement \(name) it must have a field called \(fieldName)")
            }
            guard isCovariant(GraphQLType(field["Type"]), GraphQLType(wanted["Type"])) else {
                throw Self.plain(
                    "For \(type.name) to implement \(name) the field \(fieldName) must have type "
                        + "\(GraphQLType(wanted["Type"]))"
                )
            }
            for argument in wanted.objects("Arguments") {
                let own = field.objects("Arguments").first { $0.text("Name") == argument.text("Name") }
                guard let own, "\(GraphQLType(own["Type"]))" == "\(GraphQLType(argument["Type"]))" else {
                    throw Self.plain(
                        "For \(type.name) to implement \(name) the field \(fieldName) must have the same arguments")
                }
            }
        }
    }

    private func isCovariant(_ actual: GraphQLType, _ wanted: GraphQLType) -> Bool {
        if wanted.isNonNull, !actual.isNonNull { return false }
        if let inner = wanted.element { return actual.element.map { isCovariant($0, inner) } ?? false }
        guard actual.element == nil else { return false }
        return actual.name == wanted.name || possibleTypes(wanted.name).contains(actual.name)
            || types[actual.name]?.interfaces.contains(wanted.name) == true
    }

    /// The object types that a value of the type may have.
    func possibleTypes(_ name: String) -> Set<String> {
        guard let type = types[name] else { return [] }
        switch type.kind {
        case "UNION": return Set(type.members)
        case "INTERFACE":
            return Set(types.values.filter { $0.kind == "OBJECT" && $0.interfaces.contains(name) }.map(\.name))
        default: return [name]
        }
    }
}

/// A reference to a type: `[Name!]!`.
indirect enum GraphQLType: CustomStringConvertible {
    case named(String, isNonNull: Bool)
    case list(GraphQLType, isNonNull: Bool)

    init(_ value: RegoValue?) {
        let object = value?.object ?? RegoObject()
        let isNonNull = object["NonNull"] == true
        if let element = object["Elem"], !element.isNull {
            self = .list(GraphQLType(element), isNonNull: isNonNull)
        } else {
            self = .named(object.text("NamedType"), isNonNull: isNonNull)
        }
    }

    var name: String {
        switch self {
        case .named(let name, _): name
        case .list(let element, _): element.name
        }
    }

    var isNonNull: Bool {
        switch self {
        case .named(_, let isNonNull), .list(_, let isNonNull): isNonNull
        }
    }

    var element: GraphQLType? { if case .list(let element, _) = self { element } else { nil } }

    var description: String {
        switch self {
        case .named(let name, let isNonNull): name + (isNonNull ? "!" : "")
        case .list(let element, let isNonNull): "[\(element)]" + (isNonNull ? "!" : "")
        }
    }
}

extension RegoObject {
    func text(_ name: String) -> String { self[name]?.text ?? "" }
    func texts(_ name: String) -> [String] { self[name]?.array?.compactMap(\.text) ?? [] }
    func objects(_ name: String) -> [RegoObject] { self[name]?.array?.compactMap(\.object) ?? [] }
}
