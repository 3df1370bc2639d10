import Formats
import JSON
import Privacy

/// Which flaws are the same flaw in other words: tools differ in how closely they name a weakness.
enum FlawFamily {
    static let credentials = "credentials"

    /// Numbers of CWE that say the same of one line of code.
    private static let groups: [(name: String, numbers: [Int])] = [
        ("sql", [89, 564]), ("command", [77, 78, 88]), ("evaluation", [94, 95, 96, 1336]),
        ("deserialisation", [502, 915]), ("request-forgery", [918]), ("path", [22, 23, 36, 73]),
        (credentials, [259, 312, 321, 522, 540, 798]), ("cipher", [326, 327, 328, 329, 310, 780, 916, 1204]),
        ("randomness", [330, 331, 335, 338]), ("certificate", [295, 296, 297, 599]), ("scripting", [79, 80, 116]),
        ("entities", [611, 776, 827]), ("temporary-file", [377, 378, 379]), ("permissions", [276, 732]),
        ("redirect", [601]), ("log", [117, 532]), ("regular-expression", [1333, 400]),
    ]
    private static let byNumber: [Int: String] = Dictionary(
        groups.flatMap { group in group.numbers.map { ($0, group.name) } }, uniquingKeysWith: { first, _ in first })

    static func name(ofWeakness number: Int) -> String { byNumber[number] ?? "cwe-\(number)" }

    /// What a finding is about; empty where nobody says.
    static func names(of finding: Finding) -> Set<String> {
        var names = Set(
            (finding.details?["cwe"]?.array ?? []).compactMap(\.string).compactMap { Int($0.dropFirst(4)) }
                .map(name(ofWeakness:)))
        if finding.source == "scan.secrets" || finding.details?["credential"]?.bool == true {
            names.insert(credentials)
        }
        return names
    }

    /// Published flaws of packages that a finding names: `CVE-…`, `GHSA-…`.
    static func advisories(of finding: Finding) -> Set<String> {
        var names = (finding.details?["names"]?.array ?? []).compactMap(\.string)
        names += finding.sources.flatMap { identifiers(in: $0.rule) }
        return Set(names.map { $0.uppercased() })
    }

    /// `CVE-2021-44228` of `CVE-2021-44228-log4j-core`.
    private static func identifiers(in rule: String) -> [String] {
        let parts = rule.uppercased().split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first else { return [] }
        switch first {
        case "CVE" where parts.count >= 3: return [parts[..<3].joined(separator: "-")]
        case "GHSA" where parts.count >= 4: return [parts[..<4].joined(separator: "-")]
        default: return []
        }
    }

    /// Whether a tool's result points at a credential, so that nothing of what stands there may be shown.
    static func isCredential(_ result: SARIF.ReadResult, tool: String) -> Bool {
        if result.weaknesses.contains(where: { name(ofWeakness: $0) == credentials }) { return true }
        if hunters.contains(where: tool.hasPrefix) { return true }
        let words = [result.rule.id, result.rule.name ?? "", result.rule.title ?? ""] + result.rule.tags
        let text = words.joined(separator: " ").lowercased()
        return signs.contains { text.contains($0) }
    }

    /// Tools that look for nothing else.
    private static let hunters = [
        "gitleaks", "trufflehog", "detect-secrets", "ggshield", "gitguardian", "noseyparker", "nosey", "kingfisher",
        "whispers", "talisman", "betterleaks", "titus",
    ]
    private static let signs = [
        "secret", "password", "passwd", "credential", "token", "api-key", "apikey", "api_key", "api key", "private-key",
        "private key", "private_key", "access-key", "access key", "access_key", "passphrase",
    ]
}
