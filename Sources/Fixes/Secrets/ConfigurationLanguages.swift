struct TerraformSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.hasSuffix(".tf") }
    var place: String { "a variable" }
    func giving(_ name: String) -> String { "the variable: in the environment as TF_VAR_\(name.lowercased())" }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        let value = try literal.value()
        let text = literal.text
        guard literal.sign == "=", DockerfileText.trimmed(literal.after).isEmpty || literal.after.hasPrefix(" #") else {
            throw NoFix("the secret is not all that its attribute says")
        }
        guard !DockerfileText.trimmed(literal.before).hasPrefix("default") else {
            throw NoFix("the secret is the default of a variable: take the line out, and give the value to Terraform")
        }
        let name = literal.name.lowercased()
        let nl = text.newline
        var edits = [TextEdit(value, "var.\(name)")]
        guard text.find("variable \"\(name)\"").isEmpty else { return edits }
        let block = ["variable \"\(name)\" {", "  type      = string", "  sensitive = true", "}"]
        let lead = text.endsInNewline ? nl : nl + nl
        edits.append(.insert(lead + block.map { $0 + nl }.joined(), at: text.bytes.count))
        return edits
    }
}

/// Values of keys in GitHub's workflows.
struct WorkflowSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool { path.contains(".github/workflows/") && path.hasEnding([".yml", ".yaml"]) }
    var place: String { "the repository's secrets" }
    func giving(_ name: String) -> String { "the secret \(name) of the repository or its environment" }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        try YAMLSecrets.edits(literal, reference: "${{ secrets.\(literal.name) }}")
    }
}

/// Values of keys in Compose files.
struct ComposeSecrets: SecretLanguage {
    func reads(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return path.hasEnding([".yml", ".yaml"])
            && ["docker-compose", "compose.", "podman-compose"].contains { name.hasPrefix($0) }
    }
    func giving(_ name: String) -> String { "the environment variable \(name), or in an .env file that git ignores" }

    func edits(_ literal: SecretLiteral) throws(NoFix) -> [TextEdit] {
        try YAMLSecrets.edits(literal, reference: "${\(literal.name):?is not set}")
    }
}

enum YAMLSecrets {
    /// - Throws: where the secret is not all of a key's value, or of `KEY=value` in a list.
    static func edits(_ literal: SecretLiteral, reference: String) throws(NoFix) -> [TextEdit] {
        let rest = DockerfileText.trimmed(literal.after)
        let before = DockerfileText.trimmed(literal.before)
        guard rest.isEmpty || rest.hasPrefix("#") else { throw NoFix("the secret is a part of a longer text") }
        if before.hasSuffix(":"), !before.contains("{") {
            return [TextEdit(literal.quoted ?? literal.secret, "\"\(reference)\"")]
        }
        guard before.hasPrefix("- "), before.hasSuffix("="), literal.quoted == nil, !before.dropFirst(2).contains(" ")
        else {
            throw NoFix("the secret is a part of a longer text")
        }
        return [TextEdit(literal.secret, reference)]
    }
}
