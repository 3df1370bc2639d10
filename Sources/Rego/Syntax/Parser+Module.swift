extension Parser {
    /// Reads a module.
    static func module(
        _ source: SourceText, version: RegoVersion, limits: SyntaxLimits = SyntaxLimits()
    ) throws(RegoError) -> Module {
        var parser = try Parser(source, version: version, limits: limits)
        return try parser.module()
    }

    /// Reads a module for a formatter, which wants its tokens and comments as well.
    static func module(
        _ source: SourceText, version: RegoVersion, limits: SyntaxLimits, _ recorder: TokenRecorder
    ) throws(RegoError) -> (module: Module, comments: [(place: SourcePlace, text: String)]) {
        var parser = try Parser(source, version: version, limits: limits)
        parser.recorder = recorder
        recorder.append(parser.token)
        return (try parser.module(), parser.lexer.comments)
    }

    /// Reads a query: a body without braces.
    static func query(
        _ source: SourceText, version: RegoVersion, limits: SyntaxLimits = SyntaxLimits()
    ) throws(RegoError) -> [Literal] {
        var parser = try Parser(source, version: version, limits: limits)
        if version == .v0 { parser.keywords = Self.laterKeywords }
        return try parser.body(until: nil)
    }

    /// Reads one term, such as a value in a test.
    static func term(_ source: SourceText) throws(RegoError) -> Term {
        var parser = try Parser(source, version: .v1)
        let term = try parser.term()
        guard parser.token.kind == .end else { throw parser.unexpected("expected the end") }
        return term
    }

    private mutating func module() throws(RegoError) -> Module {
        while try take(.semicolon) {}
        guard token.kind != .end else { throw error("empty module") }
        let place = token.place
        recorder?.noteStatement(token)
        guard try take(keyword: "package") else { throw unexpected("expected package") }
        let path = try packagePath()
        var module = Module(
            package: path, packagePlace: place, imports: [], rules: [], annotations: [], isV1: isV1,
            source: lexer.source)
        while true {
            let isSeparate = token.startsLine
            var hasSemicolon = false
            while try take(.semicolon) { hasSemicolon = true }
            guard token.kind != .end else { break }
            guard isSeparate || hasSemicolon else { throw unexpected("expected \\n or ; after the statement") }
            recorder?.noteStatement(token)
            if at(keyword: "import") {
                note(.keyword)
                module.imports.append(try importStatement())
            } else if at(keyword: "package") {
                throw unexpected("only one package is allowed")
            } else {
                module.rules += try rules()
            }
        }
        module.isV1 = isV1
        module.annotations = try annotations(of: module)
        return module
    }

    private mutating func packagePath() throws(RegoError) -> [String] {
        guard case .identifier(let first) = token.kind else { throw unexpected("expected ident") }
        try advance()
        return [first] + (try names("package"))
    }

    private mutating func names(_ statement: String) throws(RegoError) -> [String] {
        var names: [String] = []
        while token.isAdjacent, let step = try step() {
            guard let name = step.string else {
                throw error("unexpected token: \(statement) path must contain only strings", at: step.place)
            }
            names.append(name)
        }
        return names
    }

    private mutating func importStatement() throws(RegoError) -> Module.Import {
        let place = token.place
        try advance()
        let pathPlace = token.place
        guard case .identifier(let root) = token.kind else { throw unexpected("expected ident") }
        try advance()
        let path = [root] + (try names("import"))
        guard ["data", "input", "future", "rego"].contains(root) else {
            throw error(
                "unexpected import path, must begin with one of: {data, future, input, rego}, got: \(root)",
                at: pathPlace)
        }
        var alias: String?
        if try take(keyword: "as") {
            guard case .identifier(let name) = token.kind, !at(keyword: name) else { throw unexpected("expected var") }
            alias = name
            try advance()
        }
        try enableKeywords(path, alias: alias, pathPlace)
        return Module.Import(path: path, alias: alias, place: place)
    }

    private mutating func enableKeywords(_ path: [String], alias: String?, _ place: SourcePlace) throws(RegoError) {
        switch path[0] {
        case "rego":
            guard path == ["rego", "v1"] else {
                throw error("invalid import `\(path.joined(separator: "."))`, must be `rego.v1`", at: place)
            }
            guard alias == nil else { throw error("`rego` imports cannot be aliased", at: place) }
            isV1 = true
            keywords = Self.laterKeywords
        case "future":
            guard path.count >= 2, path[1] == "keywords", path.count <= 3 else {
                throw error("invalid import, must be `future.keywords`", at: place)
            }
            guard alias == nil else { throw error("`future` imports cannot be aliased", at: place) }
            guard path.count == 3 else {
                keywords = Self.laterKeywords
                return
            }
            guard Self.laterKeywords.contains(path[2]) else {
                throw error("unexpected keyword, must be one of [contains every if in]", at: place)
            }
            keywords.insert(path[2])
            if path[2] == "every" { keywords.insert("in") }
        default: break
        }
    }
}
