/// Bounds on one assessment. Whatever passes one is said in the result.
public struct AssessmentLimits: Sendable, Hashable {
    /// Bytes of one file that are read; the rest is reported as ``CouldNotCheck/Reason/tooLarge``.
    public var fileBytes: Int
    /// Bytes of one past version of a file.
    public var blobBytes: Int
    public var findingsPerFile: Int
    /// Of the whole run; how many more there were is counted.
    public var findings: Int
    /// Places listed as could-not-check; how many more there were is counted.
    public var unchecked: Int
    /// Files and blobs scanned at one time.
    public var width: Int
    /// For a clone, and for listing a tree or its history.
    public var gitTimeout: Duration

    public init(
        fileBytes: Int = 256 << 20, blobBytes: Int = 64 << 20, findingsPerFile: Int = 200, findings: Int = 10_000,
        unchecked: Int = 1_000, width: Int = AssessmentLimits.processors, gitTimeout: Duration = .seconds(1800)
    ) {
        self.fileBytes = fileBytes
        self.blobBytes = blobBytes
        self.findingsPerFile = findingsPerFile
        self.findings = findings
        self.unchecked = unchecked
        self.width = width
        self.gitTimeout = gitTimeout
    }

    public static let standard = AssessmentLimits()
}
