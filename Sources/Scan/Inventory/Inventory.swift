/// What a tree holds, counted while it was read.
public struct Inventory: Sendable, Hashable {
    public struct Count: Sendable, Hashable {
        public var files = 0
        public var bytes: Int64 = 0
        public var lines = 0

        public init(files: Int = 0, bytes: Int64 = 0, lines: Int = 0) {
            self.files = files
            self.bytes = bytes
            self.lines = lines
        }

        static func += (sum: inout Count, other: Count) {
            sum.files += other.files
            sum.bytes += other.bytes
            sum.lines += other.lines
        }
    }

    public struct Manifest: Sendable, Hashable {
        public var path: String
        /// `npm`, `docker`, `terraform`, ….
        public var kind: String
    }

    /// Why something was left out on purpose. What was meant to be read and could not be is ``CouldNotCheck`` instead.
    public enum Skip: String, Sendable, Hashable, CaseIterable {
        /// A NUL byte in the first 8 KiB.
        case binary
        /// Never followed: what it points to is read in its own place when it lies in the tree.
        case symlink
        /// FIFO, socket or device.
        case special
        /// Of git: another repository within this one.
        case submodule
        /// Left out of the work tree by a sparse checkout.
        case sparse
        /// By an ignore file, counted per file or per whole folder. Where git lists the files it does not say how many.
        case ignored
    }

    public static let maximumListed = 1_000

    /// Text files that were read.
    public var total = Count()
    public var languages: [String: Count] = [:]
    /// The first ``maximumListed`` by path.
    public var manifests: [Manifest] = []
    public var submodules: [String] = []
    public var skipped: [Skip: Int] = [:]

    public init() {}

    mutating func skip(_ reason: Skip, _ count: Int = 1) {
        if count > 0 { skipped[reason, default: 0] += count }
    }

    mutating func add(_ path: ArraySlice<UInt8>, bytes: Int64, lines: Int) {
        let count = Count(files: 1, bytes: bytes, lines: lines)
        total += count
        languages[FileKinds.language(path) ?? "Other", default: Count()] += count
        if let kind = FileKinds.manifest(path), manifests.count < Self.maximumListed {
            manifests.append(Manifest(path: Printable.text(path), kind: kind))
        }
    }

    mutating func merge(_ other: Inventory) {
        total += other.total
        for (language, count) in other.languages { languages[language, default: Count()] += count }
        manifests = Array((manifests + other.manifests).prefix(Self.maximumListed))
        submodules = Array((submodules + other.submodules).prefix(Self.maximumListed))
        for (reason, count) in other.skipped { skip(reason, count) }
    }

    mutating func sort() {
        manifests.sort { ($0.path, $0.kind) < ($1.path, $1.kind) }
        submodules.sort()
    }
}

/// Something that was meant to be checked and was not. Never silent: an assessment without findings says nothing
/// about these.
public struct CouldNotCheck: Sendable, Hashable {
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case unreadable
        /// Listed, and gone when it was opened.
        case vanished
        /// Longer than the limit: what lies beyond was not read.
        case tooLarge = "too_large"
        /// Folders nested deeper than the limit.
        case tooDeep = "too_deep"
        /// Text in an encoding that is not read (UTF-16, UTF-32).
        case encoding
        /// More findings in one place than the limit.
        case tooManyFindings = "too_many_findings"
        /// A rule's work limit was reached.
        case ruleLimit = "rule_limit"
        /// An archive that is damaged, encrypted or of a kind that is not read.
        case archive
        /// A file of the repository's own rules that is not valid; the other rules were looked for.
        case rules
        /// More secrets than are shown to their issuers.
        case unverified
        /// git is missing, too old, timed out or failed.
        case git
        /// A file of a known kind that is not what it should be.
        case malformed
        /// An entry whose version cannot be told.
        case version
        /// What it would be compared with is missing or out of date.
        case feed
        /// A report of another tool, or a part of one, that cannot be used.
        case report
        /// Another tool that is missing, failed, or could not look at something.
        case tool
    }

    /// Relative to the root; empty for the whole.
    public var path: String
    public var reason: Reason
    /// In words, with what to do about it where something can be done.
    public var detail: String

    public init(path: String, reason: Reason, detail: String) {
        self.path = path
        self.reason = reason
        self.detail = detail
    }
}
