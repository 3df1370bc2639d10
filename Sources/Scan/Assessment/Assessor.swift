public import Core
public import Gate

/// Assesses a folder, a repository or a clone: lists what is there, reads each file once, and gives findings with an
/// identity and an order.
public struct Assessor: Sendable {
    public typealias Report = @Sendable (Progress) -> Void

    public let scanners: [any ContentScanner]
    private let rules: AssessRules
    private let verifier: SecretVerifier
    private let clock: any WallClock

    /// - Parameter rules: rules of one's own, beside those that a repository brings.
    public init(
        scanners: [any ContentScanner], rules: AssessRules = AssessRules(), clock: any WallClock = SystemWallClock()
    ) {
        self.init(scanners: scanners, rules: rules, clock: clock, verifier: SecretVerifier())
    }

    init(
        scanners: [any ContentScanner], rules: AssessRules = AssessRules(), clock: any WallClock = SystemWallClock(),
        verifier: SecretVerifier
    ) {
        self.verifier = verifier
        self.scanners = scanners
        self.rules = rules
        self.clock = clock
    }

    /// - Throws: `notFound`, `denied`, `unavailable` (the repository cannot be fetched), `cancelled`. A part that
    ///   cannot be   checked throws nothing: it is in ``Assessment/unchecked``.
    @concurrent
    public func assess(_ request: AssessmentRequest, report: @escaping Report = { _ in }) async throws -> Assessment {
        var run = AssessmentRun(request: request, scanners: scanners, clock: clock, report: report)
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
