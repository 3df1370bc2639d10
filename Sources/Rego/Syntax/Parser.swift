/// By which rules a module is read.
public enum RegoVersion: Sendable, Hashable {
    /// Before OPA 1.0: bodies without `if`, keywords by import.
    case v0
    case v1
}

/// Bounds on one module. Passing one is a parse error.
public struct SyntaxLimits: Sendable, Hashable {
    public var bytes = 4 << 20
    /// Terms and bodies within each other. At 100 the compiler needs a stack of less than 2 MiB.
    public var depth = 100
    public var terms = 500_000

    public init() {}
}

/// Reads a module or a query: recursive descent over the tokens, operators by precedence.
struct Parser {
    var lexer: Lexer
    var token: Token
    let limits: SyntaxLimits
    /// The words that are reserved in this module beside those that always are.
    var keywords: Set<String>
    var isV1: Bool
    var depth = 0
    /// For a formatter.
    var recorder: TokenRecorder?
    /// The offset after the last token that was taken.
    private(set) var takenEnd: Int32 = 0
    private var termCount = 0

    static let laterKeywords: Set<String> = ["contains", "every", "if", "in"]
    static let reserved: Set<String> = [
        "as", "default", "else", "false", "import", "not", "null", "package", "some", "true", "with",
    ]

    init(_ source: SourceText, version: RegoVersion, limits: SyntaxLimits = SyntaxLimits()) throws(RegoError) {
        lexer = Lexer(source)
        self.limits = limits
        isV1 = version == .v1
        keywords = version == .v1 ? Self.laterKeywords : []
        guard source.bytes.count <= limits.bytes else {
            throw lexer.error("the module has more than \(limits.bytes) bytes")
        }
        try Self.checkEncoding(lexer)
        token = try lexer.next()
    }

    private static func checkEncoding(_ lexer: Lexer) throws(RegoError) {
        guard String(validating: lexer.source.bytes, as: UTF8.self) == nil else { return }
        var row: Int32 = 1
        var offset: Int32 = 0
        for line in lexer.source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: line, as: UTF8.self) == nil {
                throw lexer.error("illegal UTF-8", at: SourcePlace(row: row, column: 1, offset: offset))
            }
            row += 1
            offset += Int32(line.count + 1)
        }
    }

    // MARK: Tokens

    mutating func advance() throws(RegoError) {
        takenEnd = Int32(truncatingIfNeeded: token.end)
        token = try lexer.next()
        recorder?.append(token)
    }

    func note(_ role: TokenRecorder.Role) { recorder?.note(role, for: token) }

    func at(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

    /// Whether the token is a word with a meaning of its own here: reserved, and not the head of a reference.
    func at(keyword: String) -> Bool {
        guard case .identifier(keyword) = token.kind else { return false }
        return (Self.reserved.contains(keyword) || keywords.contains(keyword)) && !startsReference
    }

    /// Whether a dot and a name follow directly: `not.allowed`, `default.port`.
    private var startsReference: Bool {
        let bytes = lexer.source.bytes
        guard token.end + 1 < bytes.count, bytes[token.end] == UInt8(ascii: ".") else { return false }
        let letter = bytes[token.end + 1] | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || bytes[token.end + 1] == UInt8(ascii: "_")
    }

    mutating func take(_ symbol: Token.Symbol) throws(RegoError) -> Bool {
        guard at(symbol) else { return false }
        try advance()
        return true
    }

    mutating func take(keyword: String) throws(RegoError) -> Bool {
        guard at(keyword: keyword) else { return false }
        note(.keyword)
        try advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, _ what: String) throws(RegoError) {
        guard try take(symbol) else { throw unexpected("expected \(symbol.rawValue) \(what)") }
    }

    func error(_ message: String, at place: SourcePlace? = nil) -> RegoError {
        lexer.error(message, at: place ?? token.place)
    }

    func unexpected(_ expected: String? = nil) -> RegoError {
        let isWord =
            if case .identifier(let name) = token.kind { Self.reserved.contains(name) || keywords.contains(name) } else
            { true }
        return error(
            "unexpected \(isWord ? token.description : "identifier") token" + (expected.map { ": \($0)" } ?? ""))
    }

    // MARK: Bounds

    /// Counts a term and holds it to the limits.
    mutating func make(_ node: Term.Node, at place: SourcePlace) throws(RegoError) -> Term {
        termCount += 1
        guard termCount <= limits.terms else {
            throw error("the module has more than \(limits.terms) terms", at: place)
        }
        let term = Term(node, at: place)
        guard term.depth <= limits.depth * 2 else { throw tooDeep(place) }
        return term
    }

    func tooDeep(_ place: SourcePlace) -> RegoError {
        error("more than \(limits.depth) terms within each other", at: place)
    }

    mutating func nested<Result>(_ body: (inout Parser) throws(RegoError) -> Result) throws(RegoError) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw tooDeep(token.place) }
        return try body(&self)
    }
}
