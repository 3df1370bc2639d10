/// Bounds on one assessment. Whatever passes one is said in the result.
public struct AssessmentLimits: Sendable, Hashable {
    /// Bytes of one file that are read; the rest is reported as ``CouldNotCheck/Reason/tooLarge``.
    public var fileBytes: Int
    /// Bytes of one past version of a file.
    public var blobBytes: Int
    /// Bytes of an archive or notebook, which is read whole.
    public var archiveBytes: Int
    /// Bytes that one archive may come to once it is unpacked, and one member of it.
    public var expandedBytes: Int
    public var memberBytes: Int
    /// How many times its size a member may come to, beyond the first MiB.
    public var archiveRatio: Int
    public var archiveMembers: Int
    /// Archives within archives.
    public var archiveDepth: Int
    public var findingsPerFile: Int
    /// Bytes of one file that a scanner reads whole, such as a lockfile.
    public var wholeFileBytes = 64 << 20
    /// Bytes of all of these together, which are in memory at one time.
    public var wholeBytes = 256 << 20
    /// Bytes that the layers of an image may come to once they are unpacked, and entries in them.
    public var imageBytes: Int64 = 16 << 30
    public var imageEntries = 2_000_000
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
        archiveBytes: Int = 64 << 20, expandedBytes: Int = 256 << 20, memberBytes: Int = 32 << 20,
        archiveRatio: Int = 500, archiveMembers: Int = 20_000, archiveDepth: Int = 4,
        unchecked: Int = 1_000, width: Int = AssessmentLimits.processors, gitTimeout: Duration = .seconds(1800)
    ) {
        self.fileBytes = fileBytes
        self.blobBytes = blobBytes
        self.archiveBytes = archiveBytes
        self.expandedBytes = expandedBytes
        self.memberBytes = memberBytes
        self.archiveRatio = archiveRatio
        self.archiveMembers = archiveMembers
        self.archiveDepth = archiveDepth
        self.findingsPerFile = findingsPerFile
        self.findings = findings
        self.unchecked = unchecked
        self.width = width
        self.gitTimeout = gitTimeout
    }

    public static let standard = AssessmentLimits()
}
