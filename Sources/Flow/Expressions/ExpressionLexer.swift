import JSON

struct ExpressionToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case number(JSONNumber)
        case text(String)
        /// `(`, `&&`, `<=` and their like.
        case sign(String)
        case end
    }

    var kind: Kind
    /// Of its first character, from 1.
    var column: Int
}

/// Cuts an expression into its words and signs.
struct ExpressionLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    static func tokens(_ source: String) throws(ExpressionProblem) -> [ExpressionToken] {
        var lexer = ExpressionLexer(scalars: Array(source.unicodeScalars))
        var tokens: [ExpressionToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private mutating func next() throws(ExpressionProblem) -> ExpressionToken {
        take { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        let column = position + 1
        return ExpressionToken(kind: try kind(), column: column)
    }

    private mutating func kind() throws(ExpressionProblem) -> ExpressionToken.Kind {
        guard let scalar = peek() else { return .end }
        if Self.startsName(scalar) { return .name(take(while: Self.isInName)) }
        if Self.isDigit(scalar) || (scalar == "-" && peek(1).map(Self.isDigit) == true) { return try number() }
        if scalar == "'" { return try text() }
        return .sign(try sign(scalar))
    }

    /// The longest sign that stands here.
    private mutating func sign(_ scalar: Unicode.Scalar) throws(ExpressionProblem) -> String {
        let pair = peek(1).map { "\(scalar)\($0)" } ?? ""
        for sign in [pair, "\(scalar)"] where Self.signs.contains(sign) {
            position += sign.unicodeScalars.count
            return sign
        }
        throw ExpressionProblem("\(Self.name(of: scalar)) means nothing here", column: position + 1, hint: hint(scalar))
    }

    private static let signs: Set<String> = [
        "(", ")", "[", "]", ",", ".", "!", "&&", "||", "==", "!=", "<", "<=", ">", ">=",
    ]

    private func hint(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\"": "texts stand in single quotes: 'like this'"
        case "=": "compare with =="
        case "&": "\"and\" is &&"
        case "|": "\"or\" is ||"
        case "+", "-", "*", "/", "%": "there is no arithmetic; sum, min, max and length are functions"
        case "{", "}", "$": "an expression holds no other one"
        default: nil
        }
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        scalar.value > 0x20 && scalar.value < 0x7F
            ? "\"\(scalar)\"" : "the character U+\(String(scalar.value, radix: 16, uppercase: true))"
    }

    /// In the grammar of JSON. All that could belong to it is taken, so that `1x` is one mistake and not two words.
    private mutating func number() throws(ExpressionProblem) -> ExpressionToken.Kind {
        let start = position
        position += 1
        var last = scalars[start]
        take { scalar in
            defer { last = scalar }
            if scalar == "+" || scalar == "-" { return last == "e" || last == "E" }
            return Self.isInName(scalar) || scalar == "."
        }
        let spelling = String(String.UnicodeScalarView(scalars[start..<position]))
        guard let number = JSONNumber(spelling: spelling) else {
            throw ExpressionProblem(
                "\"\(spelling.prefix(40))\" is no number", column: start + 1,
                hint: "write for example 12, -1, 0.5 or 1e6")
        }
        return .number(number)
    }

    /// Two quotes in a text stand for one.
    private mutating func text() throws(ExpressionProblem) -> ExpressionToken.Kind {
        let start = position
        var out = String.UnicodeScalarView()
        position += 1
        while let scalar = peek() {
            position += 1
            guard scalar == "'" else {
                out.append(scalar)
                continue
            }
            guard peek() == "'" else { return .text(String(out)) }
            out.append("'")
            position += 1
        }
        throw ExpressionProblem(
            "the text has no closing quote", column: start + 1, hint: "a quote within a text is written twice: 'it''s'")
    }

    @discardableResult
    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let scalar = peek(), condition(scalar) { position += 1 }
        return String(String.UnicodeScalarView(scalars[start..<position]))
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value) || scalar == "_"
    }

    private static func isInName(_ scalar: Unicode.Scalar) -> Bool {
        startsName(scalar) || isDigit(scalar) || scalar == "-"
    }
}
