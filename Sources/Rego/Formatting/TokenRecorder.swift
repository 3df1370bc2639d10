/// Keeps the tokens that a parser reads and what it took them for; a formatter asks for it, a compiler does without.
///
/// A parser that goes back in the text reads some tokens again: what was kept from there on is then forgotten.
final class TokenRecorder {
    /// What a token means where its spelling leaves that open.
    enum Role: Sendable {
        case plain
        case keyword
        /// `=` or `:=` after the head of a rule.
        case assignment
        /// `{` before a body.
        case bodyBrace
        /// `(` before arguments.
        case call
        /// `[` before the key of a reference.
        case index
        /// `|` before the body of a comprehension.
        case bar
        /// `-` before a number.
        case sign
        /// A piece of a template that an expression follows, its opening brace included.
        case templatePiece
        /// The last piece of a template.
        case templateEnd
    }

    struct Entry {
        var token: Token
        var role = Role.plain
        var startsStatement = false
        var startsLiteral = false
    }

    private(set) var entries: [Entry] = []

    func append(_ token: Token) {
        while let last = entries.last, last.token.place.offset >= token.place.offset { entries.removeLast() }
        entries.append(Entry(token: token))
    }

    func note(_ role: Role, for token: Token) { update(token) { $0.role = role } }

    func noteStatement(_ token: Token) { update(token) { $0.startsStatement = true } }

    func noteLiteral(_ token: Token) { update(token) { $0.startsLiteral = true } }

    /// The text of a template that the lexer read after a token.
    func extend(_ token: Token, to end: Int, isEnd: Bool) {
        update(token) {
            $0.token.end = end
            $0.role = isEnd ? .templateEnd : .templatePiece
        }
    }

    private func update(_ token: Token, _ change: (inout Entry) -> Void) {
        while let last = entries.last, last.token.place.offset > token.place.offset { entries.removeLast() }
        guard let last = entries.last, last.token.place == token.place else { return }
        change(&entries[entries.count - 1])
    }
}
