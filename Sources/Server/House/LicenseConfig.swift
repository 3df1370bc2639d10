import Config
import Core
import Formats
import JSON
import Scan

/// What `assess.licences` says.
enum LicenseConfig {
    /// - Throws: `invalid`, with the place, for what is neither a license of SPDX's list nor a family, for what is no
    ///   package URL, and for an end that is no date.
    static func settings(_ node: ConfigNode) throws -> LicenseSettings {
        var settings = LicenseSettings()
        settings.policy.allow = try entries(node, "allow")
        settings.policy.review = try entries(node, "review")
        settings.policy.deny = try entries(node, "deny")
        settings.policy.others = try node.optionalString("others").flatMap { verdicts[$0] }
        settings.exemptions = try node.list("exceptions").map(exemption)
        return settings
    }

    private static let verdicts: [String: LicensePolicy.Verdict] = [
        "allow": .allowed, "review": .review, "deny": .denied,
    ]

    private static func entries(_ node: ConfigNode, _ key: String) throws -> [LicensePolicy.Entry] {
        try node.list(key).compactMap { element -> LicensePolicy.Entry? in
            guard let text = element.string else { return nil }
            do throws(LicenseError) {
                return try LicensePolicy.Entry(text)
            } catch {
                let families = LicenseFamily.allCases.map(\.rawValue)
                throw element.error(
                    "\"\(text)\": \(error.reason)",
                    hint: Suggestion.nearest(to: text, among: families).map { "did you mean \($0)?" }
                        ?? "give an identifier of https://spdx.org/licenses or one of \(families.joined(separator: ", "))"
                )
            }
        }
    }

    private static func exemption(_ node: ConfigNode) throws -> LicenseSettings.Exemption {
        let package: PURL
        do {
            package = try PURL(node.string("package"))
        } catch {
            throw node.error("package is no package URL", hint: "give it as pkg:npm/name or pkg:npm/name@1.0.0")
        }
        let text = try node.string("expires")
        guard let expires = Timestamp("\(text)T23:59:59Z") else {
            throw node.error("expires is no date", hint: "give it as 2027-01-31")
        }
        var license: String?
        if let text = try node.optionalString("licence") {
            guard let expression = try? LicenseExpression(text) else {
                throw node.error("licence is no expression of SPDX licenses")
            }
            license = expression.description
        }
        return LicenseSettings.Exemption(
            package: package, license: license, reason: try node.string("reason"), expires: expires)
    }

    static let schema = Field(
        "licences",
        .object([
            Field(
                "allow", .list(of: .string),
                "Licenses, by SPDX identifier, and families that packages may have: \(families).", default: [],
                example: ["permissive", "MPL-2.0"]),
            Field(
                "review", .list(of: .string), "Licenses and families that somebody must look at.", default: [],
                example: ["copyleft-weak"]),
            Field(
                "deny", .list(of: .string), "Licenses and families that packages must not have.", default: [],
                example: ["copyleft-network", "restricted"]),
            Field(
                "others", .enumeration(verdicts.keys.sorted()),
                "What of licenses that no list names. Where it is not said: review where `allow` lists any, else allow."
            ),
            Field(
                "exceptions",
                .list(
                    of: .object([
                        Field(
                            "package", .string, "Its package URL, with its version or for all of them.",
                            example: "pkg:npm/name@1.0.0", required: true),
                        Field("licence", .string, "The only license that it holds for, as the finding spells it."),
                        Field("reason", .string, "Why; it stands in the report.", required: true),
                        Field(
                            "expires", .string, "The last day that it holds (UTC).", example: "2027-01-31",
                            required: true),
                    ])), "Packages that are accepted for a while, whatever the lists say.", default: []),
        ]),
        "Which licenses packages may have; nothing is judged while all lists are empty. See docs/dependencies.md.",
        default: [:])

    private static var families: String { LicenseFamily.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") }
}
