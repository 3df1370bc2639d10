/// Reads whole files of its kinds, and judges them together once all of the tree's are there: what no window of one file
/// can tell. Scanners are values in an explicit list.
public protocol TreeScanner: Sendable {
    /// Namespaced: `scan.dependencies`.
    var id: String { get }
    /// Whether it wants the file at this path, relative to the root and made printable. Asked about every file.
    func reads(_ path: String) -> Bool
    /// Whether a file that it wanted is of its kinds, by its content; all are, unless it says otherwise.
    func keeps(_ file: TreeFile) -> Bool
    /// Whether it has something to say where there is no file of its kinds.
    var isAlwaysAsked: Bool { get }
    /// What is kept of a file of its kinds instead of the whole, where little of it is judged by; nil for the whole.
    func condensed(_ file: TreeFile) -> [UInt8]?
    /// Whether it judges files within container images too.
    var readsImages: Bool { get }
    /// Throws nothing: what cannot be judged is among what could not be checked.
    func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome
}

extension TreeScanner {
    public func keeps(_ file: TreeFile) -> Bool { true }
    public var isAlwaysAsked: Bool { false }
    public func condensed(_ file: TreeFile) -> [UInt8]? { nil }
    public var readsImages: Bool { false }
}

/// One file, whole.
public struct TreeFile: Sendable {
    /// Relative to the root.
    public var path: [UInt8]
    public var bytes: [UInt8]
    /// The layer of an image that it came with, by its digest.
    var layer: String?
    /// The scanner that it was condensed for; nil for the file itself.
    var keeper: String?

    package init(path: [UInt8], bytes: [UInt8], layer: String? = nil) {
        self.path = path
        self.bytes = bytes
        self.layer = layer
    }
}

/// What files came to together.
public struct TreeOutcome: Sendable {
    /// One element a file, from top to bottom.
    var hits: [[Hit]] = []
    var unchecked: [CouldNotCheck] = []
    var dependencies: [DependencyFile] = []
    var feeds: [AdvisoryFeed] = []
    var tools: [ToolRun] = []

    init() {}

    package init(unchecked: [CouldNotCheck]) { self.unchecked = unchecked }
}

extension [any TreeScanner] {
    /// Whether any wants the file.
    func read(_ path: [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        let text = Printable.text(path)
        return contains { $0.reads(text) }
    }

    /// What is to be kept of a file now that it was read: itself where a scanner wants it whole, and what others make of
    /// it.
    func kept(of file: TreeFile) -> [TreeFile] {
        let text = Printable.text(file.path)
        var isWanted = false
        var out: [TreeFile] = []
        for scanner in self where scanner.reads(text) && scanner.keeps(file) {
            guard let bytes = scanner.condensed(file) else {
                isWanted = true
                continue
            }
            var small = TreeFile(path: file.path, bytes: bytes, layer: file.layer)
            small.keeper = scanner.id
            out.append(small)
        }
        return isWanted ? out + [file] : out
    }
}

extension TreeScanner {
    /// Its files of those that were kept.
    func own(_ files: [TreeFile]) -> [TreeFile] {
        let condensed = files.filter { $0.keeper == id }
        let seen = Set(condensed.map(\.path))
        let whole = files.filter {
            $0.keeper == nil && !seen.contains($0.path) && reads(Printable.text($0.path)) && keeps($0)
        }
        return whole + condensed
    }
}
