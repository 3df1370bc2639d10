public import Config
import Core
import JSON
import Matching
import Privacy

/// A YAML file with rules and acceptances; `docs/findings.md` describes it.
public enum OwnRuleFile {
    private static let mostKeywords = 8
    private static let mostExceptions = 50
    /// Of the matcher, at one place: a tenth of what builtin rules may take.
    private static let steps = 20_000
    private static let names = "[a-z0-9]+(-[a-z0-9]+)*"

    static let checks: [String: SecretCheck] = [
        "letters-and-digits": .lettersAndDigits, "crc32-base62": .base62Checksum, "crc32-base36": .base36Checksum,
        "jwt": .jsonWebToken, "private-key": .privateKey,
    ]

    private static let exceptions = [
        Field("paths", .list(of: .string), "Where it holds, in the syntax of ignore files."),
        Field("stop_words", .list(of: .string), "Values that hold one of these, in any case."),
        Field("patterns", .list(of: .string), "Values in which one of these (PCRE2) matches."),
    ]

    public static let schema = ConfigSchema(
        title: "Gatehouse's rules for secrets",
        sections: [
            Field(
                "rules",
                .list(
                    of: .object(
                        [
                            Field("id", .string, "In kebab case; findings name it.", required: true),
                            Field("title", .string, "What it finds, for people."),
                            Field(
                                "severity", .enumeration(Severity.allCases.map(\.rawValue)), "How bad.", default: "high"
                            ),
                            Field(
                                "keywords", .list(of: .string), "Texts of which every match has one near, in any case.",
                                required: true),
                            Field(
                                "pattern", .string, "PCRE2; its first group, or all of it, is the secret.",
                                required: true),
                            Field("entropy", .string, "In bits a byte; a secret with less is none.", default: "0"),
                            Field("check", .enumeration(checks.keys.sorted()), "What the value must hold beside."),
                            Field("remedy", .string, "What to do when it leaked."),
                        ] + exceptions)), "Rules of one's own.", default: []),
            Field(
                "accept",
                .list(
                    of: .object(
                        [
                            Field("rules", .list(of: .string), "Ids; all where absent."),
                            Field("reason", .string, "Why, for reports.", required: true),
                        ] + exceptions)), "Findings that are accepted.", default: []),
        ])

    /// - Throws: `invalid` with file, line, column and what to do about it; `notFound`, `unavailable`, `tooLarge`.
    public static func load(_ path: String) throws -> OwnRules {
        try rules(of: ConfigFile.load(path, schema: schema, options: options))
    }

    /// - Parameter file: what messages call it.
    public static func parse(_ bytes: [UInt8], file: String) throws -> OwnRules {
        try rules(of: ConfigFile.parse(bytes, file: file, schema: schema, options: options))
    }

    /// Rules may come with a repository: they are told nothing of the environment.
    private static var options: ConfigFile.Options {
        var options = ConfigFile.Options()
        options.environment = { _ in nil }
        return options
    }

    private static func rules(of file: ConfigFile) throws -> OwnRules {
        var own = OwnRules()
        var ids = Set(SecretRule.builtin.map(\.id))
        for node in try bounded(file.root, "rules", OwnRules.most) {
            let rule = try self.rule(node)
            guard ids.insert(rule.id).inserted else {
                throw at(node, "id").error("there is a rule \(rule.id) already", hint: "give yours another id")
            }
            own.add(rule, .init(paths: try paths(node), exceptions: try exceptions(node)))
        }
        for node in try bounded(file.root, "accept", OwnRules.most) {
            var acceptance = OwnRules.Acceptance(reason: try node.string("reason"))
            acceptance.paths = try paths(node)
            acceptance.exceptions = try exceptions(node)
            if node["rules"] != nil { acceptance.rules = Set(try node.strings("rules")) }
            if let unknown = node.list("rules").first(where: { !ids.contains($0.string ?? "") }) {
                let near = Suggestion.nearest(to: unknown.string ?? "", among: ids)
                throw unknown.error(
                    "there is no rule \(unknown.string ?? "")", hint: near.map { "did you mean \($0)?" })
            }
            if acceptance.rules == nil, acceptance.paths == nil, acceptance.exceptions.isEmpty {
                throw node.error("accepts everything", hint: "give rules, paths, stop_words or patterns")
            }
            guard !acceptance.reason.isEmpty else { throw at(node, "reason").error("gives no reason") }
            own.add(acceptance)
        }
        return own
    }

    private static func rule(_ node: ConfigNode) throws -> SecretRule {
        let id = try node.string("id")
        guard case .match(let found) = try Expression("^(?:\(names))$").firstMatch(in: Array(id.utf8)),
            !found.range.isEmpty, id.utf8.count <= 64
        else {
            throw at(node, "id").error("is no id", hint: "lower-case letters and digits, words joined by hyphens")
        }
        let pattern = try expression(at(node, "pattern"))
        guard let severity = Severity(rawValue: try node.string("severity")) else {
            throw at(node, "severity").error("is no severity")
        }
        let entropy = try node.string("entropy")
        guard let bits = Double(entropy), (0...8).contains(bits) else {
            throw at(node, "entropy").error("is no number from 0 to 8", hint: "3.5 is a good bound for keys")
        }
        var rule = SecretRule(
            id: id, title: try node.optionalString("title") ?? id, severity: severity, specificity: .format,
            anchors: try keywords(node), pattern: pattern.pattern, minimumEntropy: bits,
            check: try node.optionalString("check").flatMap { checks[$0] },
            remedy: try node.optionalString("remedy") ?? "Revoke it, issue a new one, and keep that in a secret store.")
        rule.group = min(1, pattern.groupCount)
        (rule.lookBehind, rule.reach, rule.steps) = (256, 2048, steps)
        return rule
    }

    private static func keywords(_ node: ConfigNode) throws -> [SecretRule.Anchor] {
        let words = node.list("keywords")
        guard !words.isEmpty, words.count <= mostKeywords else {
            throw at(node, "keywords").error(
                "are \(words.count)", hint: "give 1 to \(mostKeywords) texts of which every match has one near")
        }
        return try words.map { word in
            let bytes = Array((word.string ?? "").utf8)
            guard (3...64).contains(bytes.count) else {
                throw word.error(
                    "is \(bytes.count) bytes long", hint: "a keyword has 3 to 64: it is what makes it fast")
            }
            return .init(bytes.map { "\\x" + Hex.encode([$0]) }.joined(), caseless: true)
        }
    }

    private static func paths(_ node: ConfigNode) throws -> IgnoreRules? {
        guard node["paths"] != nil else { return nil }
        let rules = IgnoreRules(Array(try node.strings("paths").joined(separator: "\n").utf8))
        guard !rules.isEmpty else { throw at(node, "paths").error("name no path") }
        return rules
    }

    private static func exceptions(_ node: ConfigNode) throws -> OwnRules.Exceptions {
        OwnRules.Exceptions(
            stopWords: try bounded(node, "stop_words", mostExceptions).map { word in
                guard let text = word.string, !text.isEmpty else { throw word.error("is empty") }
                return Array(text.lowercased().utf8)
            }, expressions: try bounded(node, "patterns", mostExceptions).map(expression))
    }

    private static func expression(_ node: ConfigNode) throws -> Expression {
        do {
            return try Expression(node.string ?? "", limits: .init(matches: steps))
        } catch {
            throw node.error(
                "\(error.message)\(error.cause.map { ": \($0)" } ?? "")",
                hint: "it is read as PCRE2; single quotes around it keep backslashes as they are")
        }
    }

    private static func bounded(_ node: ConfigNode, _ key: String, _ most: Int) throws -> [ConfigNode] {
        let nodes = node.list(key)
        if nodes.count > most { throw nodes[most].error("is one more than the \(most) that may be here") }
        return nodes
    }

    /// The member, for its place; the whole where it is absent.
    private static func at(_ node: ConfigNode, _ key: String) -> ConfigNode { node[key] ?? node }
}
