public import Core
import Formats
public import Gate
public import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `scan.assess`: assesses a repository and records what it finds. Reads only.
public struct AssessTool: Tool {
    public static let id = "scan.assess"

    private let assessor: Assessor
    private let findings: FindingsStore
    private let roots: AssessRoots
    private let limits: AssessmentLimits

    /// - Parameter roots: what callers from elsewhere may name; nothing on this machine unless it is given.
    public init(
        assessor: Assessor, findings: FindingsStore, roots: AssessRoots = AssessRoots(),
        limits: AssessmentLimits = .standard
    ) {
        self.assessor = assessor
        self.findings = findings
        self.roots = roots
        self.limits = limits
    }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: Self.id, title: "Assess a repository",
            summary:
                "Finds secrets in a folder, a git repository or a clone of an address, orders them by what matters "
                + "and says what to do.",
            effect: .read, arguments: Self.schema, timeout: .seconds(2 * 3600))
    }

    public func effect(of arguments: JSON) throws -> Effect {
        // Verifying shows secrets to those who issued them.
        try AssessArguments(arguments, limits: limits).verifies ? .reveal : .read
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        var arguments = try AssessArguments(action.arguments, limits: limits)
        if !context.isLocal { try arguments.confine(to: roots) }
        var request = try arguments.request()
        request.tools = try assessor.tools.chosen(arguments.tools, isLocal: context.isLocal)
        let assessment = try await assessor.assess(request) { context.progress($0) }
        return Answer(AssessmentDocument.json(try await findings.record(assessment)))
    }

    /// The gate asks after a crash: nothing outside was touched, so that it may simply be done again.
    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }

    static let schema: JSON = [
        "type": "object",
        "properties": [
            "path": ["type": "string", "description": "A folder, repository or file on this machine."],
            "url": [
                "type": "string", "description": "A repository to fetch: https://, ssh://, git@host:path or file://.",
            ],
            "history": ["type": "boolean", "default": false, "description": "Look through past commits too."],
            "staged": [
                "type": "boolean", "default": false,
                "description": "Look at what the next commit would change, and at nothing else.",
            ],
            "index": ["type": "string", "description": "With staged: another index than the repository's own."],
            "since": [
                "type": "string",
                "description": "Look at what commits brought that this revision has not, and at nothing else.",
            ],
            "verify": [
                "type": "boolean", "default": false,
                "description": "Ask issuers whether secrets still open something, which shows them to their issuers.",
            ],
            "baseline": [
                "type": "string",
                "description": "A file of this machine with findings to accept: a baseline or an earlier JSON report.",
            ],
            "sarif": [
                "type": "array", "items": ["type": "string"], "maxItems": 50,
                "description": "Files of this machine with what other tools found, in SARIF 2.1.0.",
            ],
            "with": [
                "type": "array", "items": ["type": "string", "enum": .array(ExternalTool.all.map { .string($0.id) })],
                "description": "Other tools of this machine to run on the folder.",
            ],
            "max_file_bytes": ["type": "integer", "minimum": 1, "description": "How much of one file is read."],
            "max_findings": ["type": "integer", "minimum": 1, "maximum": 10_000],
        ],
        "additionalProperties": false,
    ]
}

/// The arguments of one call, checked.
struct AssessArguments {
    private(set) var place: AssessmentRequest.Place
    let history: Bool
    let scope: AssessmentRequest.Scope
    let verifies: Bool
    private(set) var baseline: String?
    private(set) var reports: [String]
    let tools: [String]
    let limits: AssessmentLimits

    private static let members: Set<String> = [
        "path", "url", "history", "staged", "index", "since", "verify", "baseline", "sarif", "with",
        "max_file_bytes", "max_findings",
    ]

    /// - Throws: `invalid`, naming the argument.
    init(_ json: JSON, limits: AssessmentLimits) throws {
        guard let object = json.object else { throw Self.invalid("the arguments are no object") }
        for key in object.keys where !Self.members.contains(key) {
            let near = Suggestion.nearest(to: key, among: Self.members).map { "did you mean \($0)?" }
            throw Self.invalid("unknown argument \(key.prefix(64))", hint: near)
        }
        let path = try Self.text(json, "path")
        let url = try Self.text(json, "url")
        switch (path, url) {
        case (let path?, nil) where !path.isEmpty && !path.utf8.contains(0): place = .path(path)
        case (nil, let url?): place = .url(try GitURL(url))
        default: throw Self.invalid("give exactly one of path and url")
        }
        history = try Self.flag(json, "history")
        scope = try Self.scope(json)
        verifies = try Self.flag(json, "verify")
        if history, scope != .whole { throw Self.invalid("history goes with neither staged nor since") }
        if case .staged = scope, url != nil { throw Self.invalid("staged goes with a path, not with a url") }
        baseline = try Self.text(json, "baseline")
        reports = try Self.texts(json, "sarif")
        tools = try Self.texts(json, "with")
        var limits = limits
        if let bytes = try Self.count(json, "max_file_bytes") { limits.fileBytes = bytes }
        if let count = try Self.count(json, "max_findings") { limits.findings = min(count, limits.findings) }
        self.limits = limits
    }

    /// As they may come from elsewhere: paths in the roots, and addresses that are fetched without this machine's keys.
    /// - Throws: `denied`.
    mutating func confine(to roots: AssessRoots) throws {
        switch place {
        case .path(let path): place = .path(try roots.admit(path))
        case .url(let url) where url.scheme == .https: break
        case .url(let url):
            throw GatehouseError(
                "scan", .denied, "\(AssessTool.id): from elsewhere, nothing is fetched over \(url.scheme.rawValue)",
                hint: "give an https:// address, or run gatehouse assess on the machine itself")
        }
        if case .staged(let index?) = scope { _ = try roots.admit(index) }
        baseline = try baseline.map(roots.admit)
        reports = try reports.map(roots.admit)
    }

    private static func scope(_ json: JSON) throws -> AssessmentRequest.Scope {
        let isStaged = try flag(json, "staged")
        let index = try text(json, "index")
        if index != nil, !isStaged { throw invalid("index goes with staged") }
        guard let revision = try text(json, "since") else { return isStaged ? .staged(index: index) : .whole }
        if isStaged { throw invalid("give one of staged and since") }
        if revision.isEmpty || revision.utf8.count > 1024 { throw invalid("since is no revision") }
        return .since(revision)
    }

    private static func flag(_ json: JSON, _ member: String) throws -> Bool {
        guard let value = json[member] else { return false }
        guard let flag = value.bool else { throw invalid("\(member) is true or false") }
        return flag
    }

    func request() throws -> AssessmentRequest {
        var request = AssessmentRequest(
            place, history: history, baseline: try baseline.map(Self.read), limits: limits)
        request.scope = scope
        request.verifies = verifies
        // One that is too large is said among what could not be checked, by the reader's own bound.
        request.reports = try reports.map { path in
            ToolReport(
                name: path, bytes: try Self.bytes(of: path, "the report", limit: SARIF.ReadLog.limits.bytes) ?? [])
        }
        return request
    }

    /// The beginning of a file: a byte more than the limit of one that is longer. Nil where reading fails.
    private static func bytes(of path: String, _ what: String, limit: Int) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw TreeReader.error("cannot read \(what) \(path)", errno) }
        defer { close(file) }
        return FolderWalk.readWhole(file, limit: limit + 1)
    }

    private static func read(_ path: String) throws -> Baseline {
        guard let bytes = try bytes(of: path, "the baseline", limit: Baseline.maximumBytes),
            bytes.count <= Baseline.maximumBytes
        else {
            throw GatehouseError(
                "scan", .tooLarge, "the baseline \(path) cannot be read whole",
                hint: "it may have \(Baseline.maximumBytes) bytes")
        }
        return try Baseline(parsing: bytes, name: path)
    }

    private static func text(_ json: JSON, _ member: String) throws -> String? {
        guard let value = json[member] else { return nil }
        guard let text = value.string else { throw invalid("\(member) is no text") }
        return text
    }

    private static func texts(_ json: JSON, _ member: String) throws -> [String] {
        guard let value = json[member] else { return [] }
        guard let list = value.array, list.count <= 50, case let texts = list.compactMap(\.string),
            texts.count == list.count
        else { throw invalid("\(member) is no list of texts") }
        return texts
    }

    private static func count(_ json: JSON, _ member: String) throws -> Int? {
        guard let value = json[member] else { return nil }
        guard let count = value.int, count > 0 else { throw invalid("\(member) is no positive number") }
        return count
    }

    private static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("scan", .invalid, "\(AssessTool.id): \(message)", hint: hint)
    }
}
