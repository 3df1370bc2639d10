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
    /// Throws nothing: what cannot be judged is among what could not be checked.
    func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome
}

extension TreeScanner {
    public func keeps(_ file: TreeFile) -> Bool { true }
    public var isAlwaysAsked: Bool { false }
}

/// One file, whole.
public struct TreeFile: Sendable {
    /// Relative to the root.
    public var path: [UInt8]
    public var bytes: [UInt8]

    package init(path: [UInt8], bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
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
}

extension [any TreeScanner] {
    /// Whether any wants the file.
    func read(_ path: [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        let text = Printable.text(path)
        return contains { $0.reads(text) }
    }

    /// Whether any wants the file now that it was read.
    func keep(_ file: TreeFile) -> Bool {
        let text = Printable.text(file.path)
        return contains { $0.reads(text) && $0.keeps(file) }
    }
}
