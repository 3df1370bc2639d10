/// Checks a query against a schema (October 2021 edition, section 5). The first rule broken is the error.
struct GraphQLValidator {
    let schema: GraphQLSchema
    let context: BuiltinContext
    private var fragments: [String: RegoObject] = [:]
    private var usedFragments: Set<String> = []
    /// Of the operation at hand: variables declared, and those used.
    private var variables: [String: RegoObject] = [:]
    private var usedVariables: Set<String> = []
    private var visited: Set<String> = []

    init(_ schema: GraphQLSchema, _ context: BuiltinContext) {
        self.schema = schema
        self.context = context
    }

    mutating func validate(_ document: RegoObject) throws(BuiltinError) {
        for fragment in document.objects("Fragments") {
            let name = fragment.text("Name")
            guard fragments.updateValue(fragment, forKey: name) == nil else {
                throw error("There can be only one fragment named \"\(name)\".", fragment)
            }
        }
        let operations = document.objects("Operations")
        var names: Set<String> = []
        for operation in operations {
            let name = operation.text("Name")
            if name.isEmpty, operations.count > 1 {
                throw error("This anonymous operation must be the only defined operation.", operation)
            }
            guard names.insert(name).inserted else {
                throw error("There can be only one operation named \"\(name)\".", operation)
            }
            try validateOperation(operation)
        }
        for (name, fragment) in fragments {
            try checkCycles(name, [], fragment)
            guard usedFragments.contains(name) else { throw error("Fragment \"\(name)\" is never used.", fragment) }
        }
    }

    func error(_ message: String, _ node: RegoObject) -> BuiltinError { GraphQLSchema.error(message, node) }

    private mutating func validateOperation(_ operation: RegoObject) throws(BuiltinError) {
        let kind = operation.text("Operation")
        guard let root = schema.roots[kind] else {
            throw error("Schema does not support operation type \"\(kind)\"", operation)
        }
        (variables, usedVariables, visited) = ([:], [], [])
        for variable in operation.objects("VariableDefinitions") {
            let name = variable.text("Variable")
            guard variables.updateValue(variable, forKey: name) == nil else {
                throw error("There can be only one variable named \"$\(name)\".", variable)
            }
            let type = GraphQLType(variable["Type"])
            guard let definition = schema.types[type.name] else {
                throw error("Unknown type \"\(type.name)\".", variable)
            }
            guard definition.isInput else {
                throw error("Variable \"$\(name)\" cannot be non-input type \"\(type)\".", variable)
            }
            if case .object(let value)? = variable["DefaultValue"] { try validateValue(value, type, variable) }
        }
        try validateDirectives(operation, kind.uppercased())
        let selections = operation.objects("SelectionSet")
        if kind == "subscription", selections.count > 1 {
            throw error("Subscription must select only one top level field.", operation)
        }
        try validateSelections(selections, on: root, depth: 0)
        for (name, variable) in variables where !usedVariables.contains(name) {
            let place = operation.text("Name").isEmpty ? "" : " in operation \"\(operation.text("Name"))\""
            throw error("Variable \"$\(name)\" is never used\(place).", variable)
        }
    }

    // MARK: - Selections

    private mutating func validateSelections(
        _ selections: [RegoObject], on type: String, depth: Int
    ) throws(BuiltinError) {
        guard depth < 200 else { throw .failure("the query nests too deeply") }
        var seen: [String: RegoObject] = [:]
        for selection in selections {
            try context.charge(steps: 20)
            if selection["Alias"] != nil {
                try validateField(selection, on: type, depth)
                try checkConflict(selection, &seen)
            } else if selection["TypeCondition"] != nil {
                try validateDirectives(selection, "INLINE_FRAGMENT")
                let condition = selection.text("TypeCondition")
                try validateCondition(condition, on: type, selection)
                let inner = condition.isEmpty ? type : condition
                try validateSelections(selection.objects("SelectionSet"), on: inner, depth: depth + 1)
            } else {
                try validateSpread(selection, on: type, depth)
            }
        }
    }

    /// Two fields under one name must be the same field with the same arguments.
    private func checkConflict(_ field: RegoObject, _ seen: inout [String: RegoObject]) throws(BuiltinError) {
        let alias = field.text("Alias")
        guard let other = seen.updateValue(field, forKey: alias) else { return }
        let isSame =
            other.text("Name") == field.text("Name")
            && GraphQLParser.prune(other["Arguments"] ?? .null) == GraphQLParser.prune(field["Arguments"] ?? .null)
        guard isSame else {
            throw error(
                "Fields \"\(alias)\" conflict because they are different fields or have differing "
                    + "arguments. Use different aliases on the fields to fetch both if this was intentional.",
                field)
        }
    }

    private mutating func validateSpread(_ spread: RegoObject, on type: String, _ depth: Int) throws(BuiltinError) {
        let name = spread.text("Name")
        try validateDirectives(spread, "FRAGMENT_SPREAD")
        guard let fragment = fragments[name] else { throw error("Unknown fragment \"\(name)\".", spread) }
        usedFragments.insert(name)
        let condition = fragment.text("TypeCondition")
        try validateCondition(condition, on: type, spread)
        guard visited.insert(name).inserted else { return }
        try validateDirectives(fragment, "FRAGMENT_DEFINITION")
        try validateSelections(fragment.objects("SelectionSet"), on: condition, depth: depth + 1)
    }

    private func validateCondition(_ condition: String, on type: String, _ node: RegoObject) throws(BuiltinError) {
        guard !condition.isEmpty else { return }
        guard let definition = schema.types[condition] else { throw error("Unknown type \"\(condition)\".", node) }
        guard definition.isComposite else {
            throw error("Fragment cannot condition on non composite type \"\(condition)\".", node)
        }
        guard !schema.possibleTypes(condition).isDisjoint(with: schema.possibleTypes(type)) || condition == type else {
            throw error(
                "Fragment cannot be spread here as objects of type \"\(type)\" can never be of type \"\(condition)\".",
                node)
        }
    }

    private static let typeName: RegoObject = ["Name": "__typename", "Type": ["NamedType": "String", "NonNull": true]]
    private static let introspection: [String: RegoObject] = [
        "__schema": ["Name": "__schema", "Type": ["NamedType": "__Schema", "NonNull": true]],
        "__type": [
            "Name": "__type", "Type": ["NamedType": "__Type"],
            "Arguments": [["Name": "name", "Type": ["NamedType": "String", "NonNull": true]]],
        ],
    ]

    private func definition(of name: String, on type: String) -> RegoObject? {
        if name == "__typename" { return Self.typeName }
        if type == schema.roots["query"], let field = Self.introspection[name] { return field }
        return schema.types[type]?.field(name)
    }

    private mutating func validateField(_ field: RegoObject, on type: String, _ depth: Int) throws(BuiltinError) {
        let name = field.text("Name")
        guard let definition = definition(of: name, on: type) else {
            throw error("Cannot query field \"\(name)\" on type \"\(type)\".", field)
        }
        try validateArguments(field, definition, "Field \"\(name)\"", "field \"\(type).\(name)\"")
        try validateDirectives(field, "FIELD")
        let result = GraphQLType(definition["Type"])
        let selections = field.objects("SelectionSet")
        guard let resultType = schema.types[result.name] else { throw error("Unknown type \"\(result.name)\".", field) }
        if resultType.isComposite {
            guard !selections.isEmpty else {
                throw error(
                    "Field \"\(name)\" of type \"\(result)\" must have a selection of subfields. Did "
                        + "you mean \"\(name) { ... }\"?",
                    field)
            }
            try validateSelections(selections, on: result.name, depth: depth + 1)
        } else if !selections.isEmpty {
            throw error("Field \"\(name)\" must not have a selection since type \"\(result)\" has no subfields.", field)
        }
    }

    // MARK: - Arguments, directives and values

    private mutating func validateArguments(
        _ node: RegoObject, _ definition: RegoObject, _ title: String, _ owner: String
    ) throws(BuiltinError) {
        let declared = definition.objects("Arguments")
        var given: Set<String> = []
        for argument in node.objects("Arguments") {
            let name = argument.text("Name")
            guard given.insert(name).inserted else {
                throw error("There can be only one argument named \"\(name)\".", argument)
            }
            guard let wanted = declared.first(where: { $0.text("Name") == name }) else {
                throw error("Unknown argument \"\(name)\" on \(owner).", argument)
            }
            let value = argument["Value"]?.object ?? RegoObject()
            try validateValue(value, GraphQLType(wanted["Type"]), argument, hasDefault: wanted["DefaultValue"] != nil)
        }
        for wanted in declared where !given.contains(wanted.text("Name")) {
            let type = GraphQLType(wanted["Type"])
            guard !type.isNonNull || wanted["DefaultValue"] != nil else {
                throw error(
                    "\(title) argument \"\(wanted.text("Name"))\" of type \"\(type)\" is required, but "
                        + "it was not provided.",
                    node)
            }
        }
    }

    private mutating func validateDirectives(_ node: RegoObject, _ location: String) throws(BuiltinError) {
        var used: Set<String> = []
        for directive in node.objects("Directives") {
            let name = directive.text("Name")
            guard let definition = schema.directives[name] else {
                throw error("Unknown directive \"@\(name)\".", directive)
            }
            guard definition.texts("Locations").contains(location) else {
                throw error("Directive \"@\(name)\" may not be used on \(location).", directive)
            }
            guard used.insert(name).inserted || definition["IsRepeatable"] == true else {
                throw error("The directive \"@\(name)\" can only be used once at this location.", directive)
            }
            try validateArguments(directive, definition, "Directive \"@\(name)\"", "directive \"@\(name)\"")
        }
    }

    private mutating func validateValue(
        _ value: RegoObject, _ type: GraphQLType, _ node: RegoObject, hasDefault: Bool = false
    ) throws(BuiltinError) {
        try context.charge(steps: 10)
        let kind = GraphQLParser.ValueKind(rawValue: value["Kind"]?.number?.int ?? -1)
        let wrong = error("Expected value of type \"\(type)\", found \(value.text("Raw")).", node)
        switch kind {
        case .variable: return try validateVariable(value.text("Raw"), type, node, hasDefault)
        case .null:
            if type.isNonNull { throw wrong }
            return
        case nil: throw wrong
        default: break
        }
        if let element = type.element {
            guard kind == .list else { return try validateValue(value, element, node) }
            for child in value.objects("Children") {
                try validateValue(child["Value"]?.object ?? RegoObject(), element, node)
            }
            return
        }
        guard let definition = schema.types[type.name] else { throw error("Unknown type \"\(type.name)\".", node) }
        switch definition.kind {
        case "ENUM":
            let isKnown = definition.enumValues.contains { $0.text("Name") == value.text("Raw") }
            guard kind == .enumeration, isKnown else { throw wrong }
        case "INPUT_OBJECT":
            guard kind == .object else { throw wrong }
            try validateInput(value, definition, node)
        default: guard let kind, Self.scalar(type.name, allows: kind) else { throw wrong }
        }
    }

    private static func scalar(_ name: String, allows kind: GraphQLParser.ValueKind) -> Bool {
        switch name {
        case "Int": kind == .int
        case "Float": kind == .int || kind == .float
        case "String": kind == .string || kind == .block
        case "Boolean": kind == .boolean
        case "ID": kind == .int || kind == .string || kind == .block
        default: true
        }
    }

    private mutating func validateInput(
        _ value: RegoObject, _ type: GraphQLSchema.TypeDefinition, _ node: RegoObject
    ) throws(BuiltinError) {
        var given: Set<String> = []
        for child in value.objects("Children") {
            let name = child.text("Name")
            guard given.insert(name).inserted else {
                throw error("There can be only one input field named \"\(name)\".", node)
            }
            guard let field = type.field(name) else {
                throw error("Field \"\(name)\" is not defined by type \"\(type.name)\".", node)
            }
            try validateValue(child["Value"]?.object ?? RegoObject(), GraphQLType(field["Type"]), node)
        }
        for field in type.fields where !given.contains(field.text("Name")) {
            let wanted = GraphQLType(field["Type"])
            guard !wanted.isNonNull || field["DefaultValue"] != nil else {
                throw error(
                    "Field \"\(type.name).\(field.text("Name"))\" of required type \"\(wanted)\" was not provided.",
                    node)
            }
        }
    }

    private mutating func validateVariable(
        _ name: String, _ type: GraphQLType, _ node: RegoObject, _ hasDefault: Bool
    ) throws(BuiltinError) {
        guard let variable = variables[name] else { throw error("Variable \"$\(name)\" is not defined.", node) }
        usedVariables.insert(name)
        let own = GraphQLType(variable["Type"])
        let isSafe = hasDefault || variable["DefaultValue"] != nil
        guard Self.isUsable(own, as: type, isSafe: isSafe) else {
            throw error("Variable \"$\(name)\" of type \"\(own)\" used in position expecting type \"\(type)\".", node)
        }
    }

    /// - Parameter isSafe: a default makes up for null at the outermost place.
    private static func isUsable(_ type: GraphQLType, as wanted: GraphQLType, isSafe: Bool) -> Bool {
        if wanted.isNonNull, !type.isNonNull, !isSafe { return false }
        switch (type.element, wanted.element) {
        case (let element?, let inner?): return isUsable(element, as: inner, isSafe: false)
        case (nil, nil): return type.name == wanted.name
        default: return false
        }
    }

    private func checkCycles(_ name: String, _ path: [String], _ node: RegoObject) throws(BuiltinError) {
        try context.charge(steps: 20)
        guard !path.contains(name) else { throw error("Cannot spread fragment \"\(name)\" within itself.", node) }
        guard let fragment = fragments[name], path.count < 100 else { return }
        var waiting = fragment.objects("SelectionSet")
        while let selection = waiting.popLast() {
            try context.charge(steps: 5)
            waiting += selection.objects("SelectionSet")
            if selection["Alias"] == nil, selection["TypeCondition"] == nil {
                try checkCycles(selection.text("Name"), path + [name], selection)
            }
        }
    }
}
