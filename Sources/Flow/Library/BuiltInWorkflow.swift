/// A workflow that Gatehouse brings along, as a file.
public struct BuiltInWorkflow: Sendable {
    /// What messages call the file; the workflow's own name is in it.
    public let name: String
    public let bytes: [UInt8]

    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    static let own = [
        BuiltInWorkflow("assess-and-fix", PackageResources.assess_and_fix_yaml),
        BuiltInWorkflow("weekly-digest", PackageResources.weekly_digest_yaml),
    ]
}
