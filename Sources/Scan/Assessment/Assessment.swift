public import Core

/// What one assessment of one repository came to.
public struct Assessment: Sendable, Hashable {
    /// How the files were found.
    public enum Listing: String, Sendable, Hashable, CaseIterable {
        /// By git's index and ignore rules.
        case git
        /// By walking the folder with ignore rules of our own: no git work tree, or no git.
        case folder
        /// From the newest commit of a bare repository, which a fresh clone is.
        case commit
        /// By the layers of a container image.
        case image
    }

    /// How much of the place was looked at.
    public enum Scope: Sendable, Hashable {
        /// All files, and all past commits where those were asked for.
        case whole
        /// What the next commit would change.
        case staged
        /// What commits since this one brought.
        case since(commit: String)
        /// The files of this commit.
        case at(commit: String)
    }

    public struct History: Sendable, Hashable {
        /// Past versions of files that were read.
        public var blobs: Int
        public var bytes: Int64
    }

    /// `asm_…`
    public var id: String
    /// Which repository: the address of its origin without credentials, else its canonical folder.
    public var repository: String
    /// What was asked for: a folder or an address, without credentials.
    public var target: String
    public var commit: String?
    public var branch: String?
    public var listing: Listing
    public var scope = Scope.whole
    /// Nil where past commits were not looked through.
    public var history: History?
    public var started: Timestamp
    public var finished: Timestamp
    public var inventory: Inventory
    /// By priority, then path and line.
    public var findings: [Finding]
    /// Findings beyond the limit, which are not listed.
    public var findingsCut: Int
    /// The first of them; see ``uncheckedCount``.
    public var unchecked: [CouldNotCheck]
    public var uncheckedCount: Int
    /// How many rules were looked for.
    public var rules: Int
    /// The packages that lockfiles name, by path.
    public var dependencies: [DependencyFile] = []
    /// The advisories that these were compared with.
    public var feeds: [AdvisoryFeed] = []
    /// Other tools that had a say.
    public var tools: [ToolRun] = []

    public func count(_ severity: Severity, _ state: Finding.State = .open) -> Int {
        findings.count { $0.severity == severity && $0.state == state }
    }

    /// How many should have been gone when it was made.
    public var overdue: Int { findings.count { $0.isOverdue(at: finished) } }
}

/// What is to be assessed and how.
public struct AssessmentRequest: Sendable {
    public enum Place: Sendable, Hashable {
        case path(String)
        case url(GitURL)
    }

    public enum Scope: Sendable, Hashable {
        case whole
        /// What the next commit would change, as it is in the index.
        /// - Parameter index: another index than the repository's own, by its path.
        case staged(index: String? = nil)
        /// What the commits brought that the newest one has and this revision has not: files as they are now, and every
        /// version between.
        case since(String)
        /// The files of this revision, read from git's object store: nothing is checked out.
        case at(String)

        /// Whether every file is looked at, so that what is not there is nowhere.
        var holdsWholeTree: Bool {
            switch self {
            case .whole, .at: true
            case .staged, .since: false
            }
        }
    }

    public var place: Place
    /// Look through past commits too.
    public var history: Bool
    public var scope = Scope.whole
    /// Ask issuers whether what is found still opens something: shows secrets to them.
    public var verifies = false
    public var baseline: Baseline?
    /// What other tools said about it.
    public var reports: [ToolReport] = []
    /// Other tools to run, by their names.
    public var tools: [String] = []
    public var limits: AssessmentLimits

    public init(_ place: Place, history: Bool = false, baseline: Baseline? = nil, limits: AssessmentLimits = .standard)
    {
        self.place = place
        self.history = history
        self.baseline = baseline
        self.limits = limits
    }
}
