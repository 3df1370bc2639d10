extension GraphQLParser {
    private static let kinds = [
        "scalar": "SCALAR", "type": "OBJECT", "interface": "INTERFACE", "union": "UNION", "enum": "ENUM",
        "input": "INPUT_OBJECT",
    ]
    private static let locations: Set<String> = [
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE",
        "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
    ]

    mutating func schema() throws(BuiltinError) -> RegoValue {
        var parts: [String: RegoArray] = [:]
        func add(_ name: String, _ value: RegoValue) { parts[name, default: RegoArray()].append(value) }
        while token.kind != .end {
            let (start, described) = (token, token.kind == .string || token.kind == .blockString)
            let description = self.description()
            guard token.kind == .name else { throw unexpected }
            switch token.value {
            case "schema": add("Schema", try schemaDefinition(description))
            case "directive": add("Directives", try directiveDefinition(description))
            case "extend":
                guard !described else { throw error("Unexpected \(start.description)", at: start) }
                advance()
                if isKeyword("schema") {
                    add("SchemaExtension", try schemaDefinition("", isExtension: true))
                } else {
                    add("Extensions", try definition("", isExtension: true))
                }
            default: add("Definitions", try definition(description))
            }
        }
        return Self.prunedTop(parts.map { ($0.key, .array($0.value)) })
    }

    private mutating func description() -> RegoValue {
        token.kind == .string || token.kind == .blockString ? RegoValue(advance().value) : ""
    }

    private mutating func schemaDefinition(
        _ description: RegoValue, isExtension: Bool = false
    ) throws(BuiltinError) -> RegoValue {
        let start = advance()
        let directives = try directives(isConstant: true)
        if isExtension, token.kind != .openBrace, directives.memberCount == 0 { throw unexpected }
        let types = try list(.openBrace, .closeBrace) { parser throws(BuiltinError) in
            let start = parser.token
            guard ["query", "mutation", "subscription"].contains(parser.token.value) else { throw parser.unexpected }
            let operation = try parser.name()
            _ = try parser.expect(.colon)
            return Self.node(start, [("Operation", operation), ("Type", try parser.name())])
        }
        return Self.node(
            start,
            [("Description", description), ("Directives", directives), ("OperationTypes", .array(RegoArray(types)))])
    }

    private mutating func definition(
        _ description: RegoValue, isExtension: Bool = false
    ) throws(BuiltinError) -> RegoValue {
        let start = token
        guard let kind = Self.kinds[token.value] else { throw unexpected }
        advance()
        var members: [(String, RegoValue)] = [
            ("Kind", RegoValue(kind)), ("Description", description), ("Name", try name()), ("BuiltIn", false),
        ]
        let before = members.count
        if kind == "OBJECT" || kind == "INTERFACE" { members.append(("Interfaces", try interfaces())) }
        members.append(("Directives", try directives(isConstant: true)))
        switch kind {
        case "OBJECT", "INTERFACE": members.append(("Fields", try fields(isInput: false)))
        case "INPUT_OBJECT": members.append(("Fields", try fields(isInput: true)))
        case "UNION": members.append(("Types", try unionTypes()))
        case "ENUM": members.append(("EnumValues", try enumValues()))
        default: break
        }
        if isExtension, members[before...].allSatisfy({ $0.1.memberCount == 0 }) { throw unexpected }
        return Self.node(start, members)
    }

    private mutating func interfaces() throws(BuiltinError) -> RegoValue {
        guard isKeyword("implements") else { return .null }
        advance()
        return try names(separatedBy: .ampersand)
    }

    private mutating func names(separatedBy mark: GraphQLToken.Kind) throws(BuiltinError) -> RegoValue {
        _ = skip(mark)
        var names: RegoArray = [try name()]
        while skip(mark) { names.append(try name()) }
        return .array(names)
    }

    private mutating func unionTypes() throws(BuiltinError) -> RegoValue {
        skip(.equals) ? try names(separatedBy: .pipe) : .null
    }

    private mutating func enumValues() throws(BuiltinError) -> RegoValue {
        .array(
            RegoArray(
                try list(.openBrace, .closeBrace) { parser throws(BuiltinError) in
                    let start = parser.token
                    let description = parser.description()
                    let name = try parser.name()
                    let directives = try parser.directives(isConstant: true)
                    return Self.node(start, [("Description", description), ("Name", name), ("Directives", directives)])
                }))
    }

    private mutating func fields(isInput: Bool) throws(BuiltinError) -> RegoValue {
        .array(
            RegoArray(
                try list(.openBrace, .closeBrace) { parser throws(BuiltinError) in
                    try parser.fieldDefinition(hasArguments: !isInput)
                }))
    }

    /// Also of an argument or a field of an input, which have no arguments but may have a default.
    private mutating func fieldDefinition(hasArguments: Bool) throws(BuiltinError) -> RegoValue {
        let start = token
        let description = description()
        let name = try name()
        let arguments = hasArguments ? try argumentDefinitions() : .null
        _ = try expect(.colon)
        let type = try type()
        let value = !hasArguments && skip(.equals) ? try value(isConstant: true) : .null
        return Self.node(
            start,
            [
                ("Description", description), ("Name", name), ("Arguments", arguments), ("Type", type),
                ("DefaultValue", value), ("Directives", try directives(isConstant: true)),
            ])
    }

    private mutating func argumentDefinitions() throws(BuiltinError) -> RegoValue {
        .array(
            RegoArray(
                try list(.openParen, .closeParen) { parser throws(BuiltinError) in
                    try parser.fieldDefinition(hasArguments: false)
                }))
    }

    private mutating func directiveDefinition(_ description: RegoValue) throws(BuiltinError) -> RegoValue {
        let start = advance()
        _ = try expect(.at)
        let name = try name()
        let arguments = try argumentDefinitions()
        let isRepeatable = isKeyword("repeatable")
        if isRepeatable { advance() }
        try expect(keyword: "on")
        _ = skip(.pipe)
        var locations = RegoArray()
        repeat {
            let place = try expect(.name)
            guard Self.locations.contains(place.value) else {
                throw error("Unexpected \(place.description)", at: place)
            }
            locations.append(RegoValue(place.value))
        } while skip(.pipe)
        return Self.node(
            start,
            [
                ("Description", description), ("Name", name), ("Arguments", arguments),
                ("Locations", .array(locations)), ("IsRepeatable", .bool(isRepeatable)),
            ])
    }
}
