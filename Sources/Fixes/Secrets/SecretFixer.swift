import Scan

/// Takes a secret's value out of a file and puts a reference to where it is given in its place.
struct SecretFixer: Fixer {
    let source = "scan.secrets"

    private static let languages: [any SecretLanguage] = [
        PythonSecrets(), ScriptSecrets(), GoSecrets(), RubySecrets(), JavaSecrets(), PHPSecrets(), ShellSecrets(),
        TerraformSecrets(), WorkflowSecrets(), ComposeSecrets(),
    ]

    func proposals(for finding: Finding, in tree: inout FixTree) async throws(NoFix) -> [Proposal] {
        guard let language = Self.languages.first(where: { $0.reads(finding.path) }) else {
            throw NoFix("how files of this kind take a value from outside is not known: \(finding.rule.remedy)")
        }
        let text = SourceText(try tree.editable(finding.path))
        guard let start = text.offset(of: finding.start), let end = text.offset(of: finding.end), start < end else {
            throw NoFix("the place of the secret is not known")
        }
        let literal = try SecretLiteral(text, start..<end, rule: finding.rule.id)
        let edits = try language.edits(literal)
        return [
            Proposal(
                kind: .secret, title: "Take the value of \(literal.name) from \(language.place)",
                edits: [finding.path: edits],
                steps: [
                    "Replace the secret where it was issued; this one counts as known. \(finding.rule.remedy)",
                    "Give the new value as \(language.giving(literal.name)).",
                    "The history still holds the old value: revoking it is what helps. git filter-repo takes it out, in "
                        + "every clone anew.",
                ],
                risks: ["Without the value the program does not work: give it everywhere before this is rolled out."])
        ]
    }
}

/// How a language or format takes a value from outside.
protocol SecretLanguage: Sendable {
    func reads(_ path: String) -> Bool
    /// `the environment`
    var place: String { get }
    func giving(_ name: String) -> String
    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit]
}

extension SecretLanguage {
    var place: String { "the environment" }
    func giving(_ name: String) -> String { "the environment variable \(name)" }
}

/// A secret in its file, with the quotes around it.
struct SecretLiteral: Sendable {
    let text: SourceText
    let secret: Range<Int>
    /// With its quotes; nil where it is not all of a quoted text.
    let quoted: Range<Int>?
    let line: Int
    /// For an environment variable: after the key on the line, else after the rule.
    let name: String

    init(_ text: SourceText, _ secret: Range<Int>, rule: String) throws(NoFix) {
        guard text.lineNumber(of: secret.lowerBound) == text.lineNumber(of: secret.upperBound - 1) else {
            throw NoFix("the secret takes several lines")
        }
        self.text = text
        self.secret = secret
        line = text.lineNumber(of: secret.lowerBound)
        let range = text.line(line)
        let before = secret.lowerBound > range.lowerBound ? text.bytes[secret.lowerBound - 1] : 0
        let after = secret.upperBound < range.upperBound ? text.bytes[secret.upperBound] : 0
        let isQuoted = before == after && [0x22, 0x27, UInt8(ascii: "`")].contains(before)
        quoted = isQuoted ? secret.lowerBound - 1..<secret.upperBound + 1 : nil
        name = Self.name(text.text(range.lowerBound..<secret.lowerBound), rule)
    }

    var lineText: String { text.text(ofLine: line) }
    var before: String { text.text(text.line(line).lowerBound..<(quoted ?? secret).lowerBound) }
    var after: String { text.text((quoted ?? secret).upperBound..<text.line(line).upperBound) }

    /// The last character before it that is not a space.
    var sign: Character? { before.last { !$0.isWhitespace } }

    /// A text in quotes that stands where a value does, and is neither a key nor a part of a longer text.
    func value() throws(NoFix) -> Range<Int> {
        guard let quoted else { throw NoFix("the secret is a part of a longer text") }
        if let prefix = before.last, prefix.isLetter || prefix.isNumber || prefix == "_" {
            throw NoFix("the text has a prefix")
        }
        if after.first(where: { !$0.isWhitespace }) == ":", sign != "?" { throw NoFix("the secret is a key") }
        guard let sign, "=(,:[?{+|".contains(sign) || before.hasSuffix("return ") else {
            throw NoFix("what the text is for cannot be told")
        }
        return quoted
    }

    private static func name(_ before: String, _ rule: String) -> String {
        let key = before.reversed().drop { !$0.isLetter && !$0.isNumber && $0 != "_" }
            .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        let words = String(key.reversed())
        let found = snake(words)
        return found.count >= 3 && found.contains(where: \.isLetter) && !["VALUE", "DEFAULT", "RETURN"].contains(found)
            ? found : snake(rule)
    }

    /// `dbPassword` and `db-password` give `DB_PASSWORD`.
    private static func snake(_ text: String) -> String {
        var out = ""
        var wasLower = false
        for character in text {
            if character.isUppercase, wasLower { out.append("_") }
            wasLower = character.isLowercase || character.isNumber
            out += character == "-" ? "_" : character.uppercased()
        }
        return out
    }
}

extension String {
    /// Whether it ends in one of these.
    func hasEnding(_ endings: [String]) -> Bool { endings.contains { hasSuffix($0) } }
}
