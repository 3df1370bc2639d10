/// Which blobs of a repository are to be looked at, and how git is asked for them.
enum BlobListing: Sendable {
    /// Every blob that any ref reaches.
    case history
    /// Every blob that the newest commit reaches and this one does not: all versions that came since.
    case historySince(commit: String)
    /// The files of one commit.
    case tree(commit: String)
    /// The files of the newest commit that changed since it and this one parted.
    case changed(since: String)
    /// The files that the next commit would change, as they are in the index.
    case staged

    /// Whether these are files as they are, and not past versions.
    var isTree: Bool {
        switch self {
        case .history, .historySince: false
        case .tree, .changed, .staged: true
        }
    }

    private static let objects = [
        "rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects", "--missing=print",
    ]
    private static let diff = [
        "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=ACMRT", "--relative", "--no-ext-diff",
        "--no-textconv",
    ]

    var arguments: [String] {
        switch self {
        case .history: Self.objects + ["--all"]
        case .historySince(let commit): Self.objects + ["HEAD", "^\(commit)"]
        case .tree(let commit): ["ls-tree", "-r", "-z", "--full-tree", commit]
        case .changed(let commit): Self.diff + ["\(commit)...HEAD", "--"]
        case .staged: Self.diff + ["--cached", "--"]
        }
    }

    /// What ends a record.
    var end: UInt8 {
        switch self {
        case .history, .historySince: 0x0A
        case .tree, .changed, .staged: 0
        }
    }
}

/// Reads what git lists, record by record.
struct ListingReader {
    private let listing: BlobListing
    private let ignore: IgnoreRules?
    private let skips: SkipCounter
    /// The first half of an entry whose path comes in a record of its own.
    private var half: (mode: String, id: String)?

    init(_ listing: BlobListing, ignore: IgnoreRules?, skips: SkipCounter) {
        self.listing = listing
        self.ignore = ignore
        self.skips = skips
    }

    mutating func take(_ record: [UInt8]) -> Blob? {
        switch listing {
        case .history, .historySince: version(record)
        case .tree: file(record)
        case .changed, .staged: change(record)
        }
    }

    /// `ID PATH`, or `?ID` for what is not there.
    private func version(_ record: [UInt8]) -> Blob? {
        if record.first == UInt8(ascii: "?") { return skips.missing() }
        let space = record.firstIndex(of: 0x20) ?? record.endIndex
        let path = Array(record[space...].dropFirst())
        if ignore?.excludes(path) == true { return nil }
        return Blob(id: String(decoding: record[..<space], as: UTF8.self), path: path)
    }

    /// `MODE TYPE ID<tab>PATH`
    private func file(_ record: [UInt8]) -> Blob? {
        guard let tab = record.firstIndex(of: 0x09) else { return nil }
        let words = String(decoding: record[..<tab], as: UTF8.self).split(separator: " ")
        guard words.count == 3 else { return nil }
        return blob(String(words[0]), String(words[2]), Array(record[(tab + 1)...]))
    }

    /// `:MODE MODE ID ID STATUS`, then the path; what was there before comes first.
    private mutating func change(_ record: [UInt8]) -> Blob? {
        guard let (mode, id) = half else {
            let words = String(decoding: record, as: UTF8.self).split(separator: " ")
            if words.count == 5, words[0].hasPrefix(":") { half = (String(words[1]), String(words[3])) }
            return nil
        }
        half = nil
        // Only intended to be added: nothing is in the index yet.
        guard id.contains(where: { $0 != "0" }) else { return nil }
        return blob(mode, id, record)
    }

    private func blob(_ mode: String, _ id: String, _ path: [UInt8]) -> Blob? {
        if mode == "160000" { return skips.submodule(path) }
        if mode == "120000" { return skips.skip(.symlink) }
        if ignore?.excludes(path) == true { return skips.skip(.ignored) }
        return Blob(id: id, path: path)
    }
}
