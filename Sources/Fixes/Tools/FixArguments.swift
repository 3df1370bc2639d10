import Core
import Gate
import JSON

/// What fixes are asked for.
struct FixArguments: Sendable {
    var path: String
    /// Ids of findings; empty for all of them.
    var findings: [String]
    /// Ids of rules; empty for all of them.
    var rules: Set<String>
    var assessment: String?
    var runsPackageManagers: Bool

    static let mostFindings = 10_000

    static let properties: JSONObject = [
        "path": ["type": "string", "minLength": 1, "maxLength": 4096, "description": "The folder, on this machine."],
        "findings": [
            "type": "array", "maxItems": JSON(mostFindings), "items": ["type": "string", "maxLength": 64],
            "description": "Ids of findings (fnd_…).",
        ],
        "run_package_managers": [
            "type": "boolean", "default": false,
            "description":
                "Run npm, cargo or go in a scratch copy, so that lockfiles are changed too: fetches from registries.",
        ],
    ]

    /// - Throws: `invalid`, naming the argument.
    init(_ json: JSON, tool: String) throws(GatehouseError) {
        guard let path = json["path"]?.string, !path.isEmpty, !path.utf8.contains(0) else {
            throw GatehouseError("fixes", .invalid, "\(tool): path is no path of a folder")
        }
        self.path = path
        findings = json["findings"]?.array?.compactMap(\.string) ?? []
        rules = Set(json["rules"]?.array?.compactMap(\.string) ?? [])
        assessment = json["assessment"]?.string
        runsPackageManagers = json["run_package_managers"]?.bool ?? false
    }
}
