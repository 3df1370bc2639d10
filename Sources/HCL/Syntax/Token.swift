/// A piece of the text outside templates.
struct Token {
    enum Kind: Hashable {
        case identifier, number
        /// The opening quote of a template, which the parser reads on from here.
        case quote
        /// `<<NAME` or `<<-NAME`; the text begins after the line's end.
        case heredoc(isIndented: Bool)
        case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
        case comma, colon, doubleColon, dot, ellipsis, assign, arrow, question, tilde
        case op(HCLOperator)
        case newline, end
    }

    var kind: Kind
    var range: HCLRange

    /// How messages name it.
    var name: String {
        switch kind {
        case .identifier: "a name"
        case .number: "a number"
        case .quote: "a text"
        case .heredoc: "a heredoc"
        case .openParenthesis: "\"(\""
        case .closeParenthesis: "\")\""
        case .openBracket: "\"[\""
        case .closeBracket: "\"]\""
        case .openBrace: "\"{\""
        case .closeBrace: "\"}\""
        case .comma: "\",\""
        case .colon: "\":\""
        case .doubleColon: "\"::\""
        case .dot: "\".\""
        case .ellipsis: "\"...\""
        case .assign: "\"=\""
        case .arrow: "\"=>\""
        case .question: "\"?\""
        case .tilde: "\"~\""
        case .op(let op): "\"\(op.rawValue)\""
        case .newline: "the end of the line"
        case .end: "the end of the file"
        }
    }
}
