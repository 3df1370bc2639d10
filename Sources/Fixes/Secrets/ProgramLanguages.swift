struct PythonSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasSuffix(".py") }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        let text = literal.text
        guard text.bytes[value.lowerBound] != UInt8(ascii: "`"), !literal.before.hasSuffix("\"\""),
            !literal.before.hasSuffix("''")
        else { throw NoFix("the text takes three quotes") }
        var edits = [TextEdit(value, "os.environ[\"\(literal.name)\"]")]
        let lines = (1...text.lineCount).map { text.text(ofLine: $0) }
        if lines.contains(where: { $0 == "import os" || $0.hasPrefix("import os ") || $0.hasPrefix("import os,") }) {
            return edits
        }
        // Before the first import of another module; that of __future__ stays first.
        let first = lines.firstIndex {
            ($0.hasPrefix("import ") || $0.hasPrefix("from ")) && !$0.hasPrefix("from __future__")
        }
        guard let first, first + 1 < literal.line else {
            throw NoFix("there is no import that import os could stand beside")
        }
        edits.append(.insert("import os" + text.newline, at: text.line(first + 1).lowerBound))
        return edits
    }
}

/// JavaScript and TypeScript that Node.js runs.
struct ScriptSecrets: SecretLanguage {
    private static let endings = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"]

    func reads(_ path: String) -> Bool { path.hasEnding(Self.endings) }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        // `<Maps key="…">`: an attribute of an element.
        guard !literal.before.hasSuffix("=") || !literal.lineText.contains("<") else {
            throw NoFix("the text is an attribute of an element")
        }
        return [TextEdit(value, "process.env.\(literal.name)")]
    }
}

struct GoSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasSuffix(".go") }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        let text = literal.text
        guard !isConstant(literal) else { throw NoFix("the text is a constant, which the environment cannot give") }
        var edits = [TextEdit(value, "os.Getenv(\"\(literal.name)\")")]
        if !text.find("\"os\"").isEmpty { return edits }
        guard let group = text.find("import (").first else { throw NoFix("there is no group of imports for \"os\"") }
        let line = text.lineNumber(of: group.lowerBound)
        edits.append(.insert("\t\"os\"" + text.newline, at: text.next(after: line)))
        return edits
    }

    private func isConstant(_ literal: SecretLiteral) -> Bool {
        if DockerfileText.trimmed(literal.lineText).hasPrefix("const ") { return true }
        var line = literal.line - 1
        while line > 0 {
            let content = literal.text.text(ofLine: line)
            if content.hasPrefix("const (") { return true }
            if content.hasPrefix(")") || content.hasPrefix("}") || content.hasPrefix("func ") { return false }
            line -= 1
        }
        return false
    }
}

struct RubySecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasSuffix(".rb") }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        guard literal.text.bytes[value.lowerBound] != UInt8(ascii: "`") else { throw NoFix("the text is a command") }
        return [TextEdit(value, "ENV.fetch(\"\(literal.name)\")")]
    }
}

struct JavaSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasEnding([".java", ".kt"]) }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        let line = DockerfileText.trimmed(literal.lineText)
        guard !line.hasPrefix("@"), !line.contains("const val"), !line.hasPrefix("case ") else {
            throw NoFix("the text has to be a constant there")
        }
        return [TextEdit(value, "System.getenv(\"\(literal.name)\")")]
    }
}

struct PHPSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasSuffix(".php") }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        let words = literal.lineText.split { !$0.isLetter }.map { $0.lowercased() }
        guard !["const", "public", "private", "protected", "static", "var"].contains(where: words.contains) else {
            throw NoFix("the text has to be a constant there")
        }
        return [TextEdit(value, "getenv('\(literal.name)')")]
    }
}

/// Assignments of shell scripts, one a line.
struct ShellSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasEnding([".sh", ".bash"]) }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let words = DockerfileText.trimmed(literal.before).split(separator: " ")
        guard let last = words.last, last.hasSuffix("="), words.count == 1 || words.first == "export",
            words.count <= 2, DockerfileText.trimmed(literal.after).isEmpty || literal.after.hasPrefix(" #")
        else { throw NoFix("the secret is not all that its line assigns") }
        let name = String(last.dropLast())
        guard
            name.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
            })
        else { throw NoFix("the line assigns something else than a variable") }
        return [TextEdit(literal.quoted ?? literal.secret, "\"${\(name):?is not set}\"")]
    }

    func giving(_ name: String) -> String { "the environment variable of that name before the script runs" }
}
