/// Reads GraphQL into objects as OPA gives them, each with its `Position` until ``GraphQLParser/prune(_:)``.
struct GraphQLParser {
    private var lexer: GraphQLLexer
    private(set) var token: GraphQLToken
    private var depth = 0
    private let context: BuiltinContext

    private static let greatestDepth = 150

    init(_ text: String, _ context: BuiltinContext) throws(BuiltinError) {
        try context.charge(memory: Size.product(text.utf8.count, 40))
        lexer = GraphQLLexer(text)
        self.context = context
        token = lexer.next()
    }

    // MARK: - Tokens

    func error(_ message: String, at token: GraphQLToken) -> BuiltinError {
        .failure("\(message) in GraphQL string at location \(token.line):\(token.column)")
    }

    var unexpected: BuiltinError { error("Unexpected \(token.description)", at: token) }

    @discardableResult
    mutating func advance() -> GraphQLToken {
        defer { token = lexer.next() }
        return token
    }

    mutating func skip(_ kind: GraphQLToken.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: GraphQLToken.Kind) throws(BuiltinError) -> GraphQLToken {
        guard token.kind == kind else {
            throw error("Expected \(kind.rawValue), found \(token.description)", at: token)
        }
        return advance()
    }

    mutating func expect(keyword: String) throws(BuiltinError) {
        guard token.kind == .name, token.value == keyword else {
            throw error("Expected \(GoText.quote(keyword)), found \(token.description)", at: token)
        }
        advance()
    }

    func isKeyword(_ word: String) -> Bool { token.kind == .name && token.value == word }
    mutating func name() throws(BuiltinError) -> RegoValue { RegoValue(try expect(.name).value) }

    /// What stands between two marks; nothing where the first is not there.
    mutating func list(
        _ open: GraphQLToken.Kind, _ close: GraphQLToken.Kind, mayBeEmpty: Bool = false,
        _ element: (inout GraphQLParser) throws(BuiltinError) -> RegoValue
    ) throws(BuiltinError) -> [RegoValue] {
        guard skip(open) else { return [] }
        var elements: [RegoValue] = []
        while token.kind != close { elements.append(try element(&self)) }
        guard !elements.isEmpty || mayBeEmpty else {
            throw error("expected at least one definition, found \(token.kind.rawValue)", at: token)
        }
        advance()
        return elements
    }

    mutating func nested<Result>(
        _ body: (inout GraphQLParser) throws(BuiltinError) -> Result
    ) throws(BuiltinError) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.greatestDepth else { throw error("the document nests too deeply", at: token) }
        return try body(&self)
    }

    /// An object with the place of its first token, without members that are empty.
    static func node(_ start: GraphQLToken, _ members: [(String, RegoValue)]) -> RegoValue {
        var object: RegoObject = ["Position": ["Line": RegoValue(start.line), "Column": RegoValue(start.column)]]
        for (name, value) in members {
            switch value {
            case .null: continue
            case .array(let array) where array.isEmpty: continue
            default: object.updateValue(value, forKey: RegoValue(name))
            }
        }
        return .object(object)
    }

    /// Without positions and what is empty.
    static func prune(_ value: RegoValue) -> RegoValue {
        func isKept(_ value: RegoValue) -> Bool {
            switch value {
            case .null: false
            case .array, .object: value.memberCount > 0
            default: true
            }
        }
        switch value {
        case .array(let array): return .array(RegoArray(array.map(prune).filter(isKept)))
        case .object(let object):
            let members = object.filter { $0.key != "Position" }.map { ($0.key, prune($0.value)) }
            return .object(RegoObject(members.filter { isKept($0.1) }))
        default: return value
        }
    }

    // MARK: - Queries

    mutating func query() throws(BuiltinError) -> RegoValue {
        var operations = RegoArray()
        var fragments = RegoArray()
        while token.kind != .end {
            switch (token.kind, token.value) {
            case (.openBrace, _), (.name, "query"), (.name, "mutation"), (.name, "subscription"):
                operations.append(try operation())
            case (.name, "fragment"): fragments.append(try fragment())
            default: throw unexpected
            }
        }
        return Self.prunedTop([("Operations", .array(operations)), ("Fragments", .array(fragments))])
    }

    static func prunedTop(_ members: [(String, RegoValue)]) -> RegoValue {
        .object(RegoObject(members.filter { $0.1.memberCount > 0 }.map { (RegoValue($0.0), $0.1) }))
    }

    private mutating func operation() throws(BuiltinError) -> RegoValue {
        let start = token
        if token.kind == .openBrace {
            return Self.node(start, [("Operation", "query"), ("Name", ""), ("SelectionSet", try selectionSet())])
        }
        let kind = advance().value
        let name = token.kind == .name ? advance().value : ""
        let variables = try list(.openParen, .closeParen, mayBeEmpty: true) { parser throws(BuiltinError) in
            try parser.variableDefinition()
        }
        let directives = try directives(isConstant: false)
        return Self.node(
            start,
            [
                ("Operation", RegoValue(kind)), ("Name", RegoValue(name)),
                ("VariableDefinitions", .array(RegoArray(variables))), ("Directives", directives),
                ("SelectionSet", try selectionSet()),
            ])
    }

    private mutating func variableDefinition() throws(BuiltinError) -> RegoValue {
        let start = token
        _ = try expect(.dollar)
        let name = try name()
        _ = try expect(.colon)
        let type = try type()
        let value = skip(.equals) ? try value(isConstant: true) : .null
        return Self.node(
            start,
            [
                ("Variable", name), ("Type", type), ("DefaultValue", value),
                ("Directives", try directives(isConstant: false)), ("Used", false),
            ])
    }

    private mutating func fragment() throws(BuiltinError) -> RegoValue {
        let start = advance()
        guard !isKeyword("on") else { throw unexpected }
        let name = try name()
        let variables = try list(.openParen, .closeParen, mayBeEmpty: true) { parser throws(BuiltinError) in
            try parser.variableDefinition()
        }
        try expect(keyword: "on")
        let condition = try self.name()
        let directives = try directives(isConstant: false)
        return Self.node(
            start,
            [
                ("Name", name), ("VariableDefinition", .array(RegoArray(variables))), ("TypeCondition", condition),
                ("Directives", directives), ("SelectionSet", try selectionSet()),
            ])
    }

    private mutating func selectionSet() throws(BuiltinError) -> RegoValue {
        guard token.kind == .openBrace else {
            throw error("Expected {, found \(token.kind.rawValue)", at: token)
        }
        return try nested { parser throws(BuiltinError) in
            .array(
                RegoArray(
                    try parser.list(.openBrace, .closeBrace) { parser throws(BuiltinError) in
                        parser.token.kind == .spread ? try parser.spread() : try parser.field()
                    }))
        }
    }

    private mutating func field() throws(BuiltinError) -> RegoValue {
        let start = token
        let alias = try name()
        let name = skip(.colon) ? try self.name() : alias
        let arguments = try arguments(isConstant: false)
        let directives = try directives(isConstant: false)
        let selections = token.kind == .openBrace ? try selectionSet() : .null
        return Self.node(
            start,
            [
                ("Alias", alias), ("Name", name), ("Arguments", arguments), ("Directives", directives),
                ("SelectionSet", selections),
            ])
    }

    private mutating func spread() throws(BuiltinError) -> RegoValue {
        let start = advance()
        if token.kind == .name, token.value != "on" {
            return Self.node(start, [("Name", try name()), ("Directives", try directives(isConstant: false))])
        }
        var condition: RegoValue = ""
        if isKeyword("on") {
            advance()
            condition = try name()
        }
        let directives = try directives(isConstant: false)
        return Self.node(
            start, [("TypeCondition", condition), ("Directives", directives), ("SelectionSet", try selectionSet())])
    }

    // MARK: - What both have

    mutating func arguments(isConstant: Bool) throws(BuiltinError) -> RegoValue {
        .array(
            RegoArray(
                try list(.openParen, .closeParen, mayBeEmpty: true) { parser throws(BuiltinError) in
                    try parser.argument(isConstant)
                }))
    }

    private mutating func argument(_ isConstant: Bool) throws(BuiltinError) -> RegoValue {
        let start = token
        let name = try name()
        _ = try expect(.colon)
        return Self.node(start, [("Name", name), ("Value", try value(isConstant: isConstant))])
    }

    mutating func directives(isConstant: Bool) throws(BuiltinError) -> RegoValue {
        var directives = RegoArray()
        while token.kind == .at {
            let start = advance()
            let name = try name()
            let arguments = try arguments(isConstant: isConstant)
            directives.append(Self.node(start, [("Name", name), ("Arguments", arguments), ("Location", "")]))
        }
        return .array(directives)
    }

    mutating func type() throws(BuiltinError) -> RegoValue {
        let start = token
        var members: [(String, RegoValue)]
        if skip(.openBracket) {
            let element = try nested { parser throws(BuiltinError) in try parser.type() }
            _ = try expect(.closeBracket)
            members = [("NamedType", ""), ("Elem", element)]
        } else {
            members = [("NamedType", try name())]
        }
        members.append(("NonNull", .bool(skip(.bang))))
        return Self.node(start, members)
    }

    enum ValueKind: Int {
        case variable, int, float, string, block, boolean, null, enumeration, list, object
    }

    mutating func value(isConstant: Bool) throws(BuiltinError) -> RegoValue {
        let start = token
        func leaf(_ kind: ValueKind, _ raw: String) -> RegoValue { Self.value(start, kind, raw, []) }
        switch token.kind {
        case .openBracket:
            let elements = try nested { parser throws(BuiltinError) in
                try parser.list(.openBracket, .closeBracket, mayBeEmpty: true) { parser throws(BuiltinError) in
                    let start = parser.token
                    return Self.node(start, [("Name", ""), ("Value", try parser.value(isConstant: isConstant))])
                }
            }
            return Self.value(start, .list, "", elements)
        case .openBrace:
            let members = try nested { parser throws(BuiltinError) in
                try parser.list(.openBrace, .closeBrace, mayBeEmpty: true) { parser throws(BuiltinError) in
                    try parser.argument(isConstant)
                }
            }
            return Self.value(start, .object, "", members)
        case .dollar:
            if isConstant { throw unexpected }
            advance()
            return leaf(.variable, try expect(.name).value)
        case .int: return leaf(.int, advance().value)
        case .float: return leaf(.float, advance().value)
        case .string: return leaf(.string, advance().value)
        case .blockString: return leaf(.block, advance().value)
        case .name:
            let word = advance().value
            return leaf(word == "true" || word == "false" ? .boolean : word == "null" ? .null : .enumeration, word)
        default: throw unexpected
        }
    }

    private static func value(
        _ start: GraphQLToken, _ kind: ValueKind, _ raw: String, _ children: [RegoValue]
    ) -> RegoValue {
        node(
            start,
            [
                ("Raw", RegoValue(raw)), ("Kind", RegoValue(kind.rawValue)), ("Children", .array(RegoArray(children))),
                ("ExpectedTypeHasDefault", false),
            ])
    }
}
