public import Core
public import Gate

/// Assesses a folder, a repository or a clone: lists what is there, reads each file once, and gives findings with an
/// identity and an order.
public struct Assessor: Sendable {
    public typealias Report = @Sendable (Progress) -> Void

    public let scanners: [any ContentScanner]
    let trees: [any TreeScanner]
    let rules: AssessRules
    let code: CodeScanner?
    /// Other tools that may be run.
    public let tools: ExternalTools
    private let verifier: SecretVerifier
    let clock: any WallClock

    /// - Parameters:
    ///   - scanners: look at every text file, piece by piece.
    ///   - trees: read whole files of their kinds, and judge them together.
    ///   - code: looks at the code of single files; nil where none does.
    ///   - rules: rules of one's own, beside those that a repository brings.
    public init(
        scanners: [any ContentScanner], trees: [any TreeScanner] = [], rules: AssessRules = AssessRules(),
        code: CodeScanner? = nil, tools: ExternalTools = ExternalTools(), clock: any WallClock = SystemWallClock()
    ) {
        self.init(
            scanners: scanners, trees: trees, rules: rules, code: code, tools: tools, clock: clock,
            verifier: SecretVerifier())
    }

    init(
        scanners: [any ContentScanner], trees: [any TreeScanner] = [], rules: AssessRules = AssessRules(),
        code: CodeScanner? = nil, tools: ExternalTools = ExternalTools(), clock: any WallClock = SystemWallClock(),
        verifier: SecretVerifier
    ) {
        self.code = code
        self.tools = tools
        self.verifier = verifier
        self.scanners = scanners
        self.trees = trees
        self.rules = rules
        self.clock = clock
    }

    /// - Throws: `notFound`, `denied`, `unavailable` (the repository cannot be fetched), `cancelled`. A part that
    ///   cannot be   checked throws nothing: it is in ``Assessment/unchecked``.
    @concurrent
    public func assess(_ request: AssessmentRequest, report: @escaping Report = { _ in }) async throws -> Assessment {
        var run = AssessmentRun(
            request: request, scanners: scanners, trees: trees, code: code, tools: tools, clock: clock,
            report: report)
        run.verifier = verifier
        try run.add(rules.rules)
        switch request.place {
        case .path(let path): return try await run.assess(folder: path)
        case .url(let url):
            return try await TemporaryFolder.with { folder in
                report(Progress(stage: "fetching", done: 0))
                try await GitClone.fetch(
                    url, into: folder + "/clone", wholeHistory: request.history || request.scope != .whole,
                    timeout: request.limits.gitTimeout)
                return try await run.assess(clone: folder + "/clone", of: url)
            }
        }
    }
}
