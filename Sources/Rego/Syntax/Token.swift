/// A token of Rego's syntax and where it stands.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        case end
        /// Also keywords: which of them are reserved depends on the module.
        case identifier(String)
        case number(String)
        case string(String)
        /// The start of a template; true for one between backticks.
        case template(isRaw: Bool)
        case symbol(Symbol)
    }

    enum Symbol: String, Sendable, Hashable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case comma = ","
        case semicolon = ";"
        case colon = ":"
        case dot = "."
        case assign = ":="
        case unify = "="
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"
        case and = "&"
        case or = "|"
    }

    var kind: Kind
    var place: SourcePlace
    /// The offset after it.
    var end: Int
    /// Whether a line ends between the previous token and this one.
    var startsLine: Bool
    /// Whether it follows the previous token without anything between.
    var isAdjacent: Bool

    /// As messages name it.
    var description: String {
        switch kind {
        case .end: "eof"
        case .identifier(let name): name
        case .number: "number"
        case .string: "string"
        case .template: "template string"
        case .symbol(let symbol): symbol.rawValue
        }
    }
}
