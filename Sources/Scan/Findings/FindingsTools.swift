import Core
public import Gate
import JSON

/// `findings.list`: what is open, what to do first before the rest.
public struct FindingsListTool: Tool {
    private let findings: FindingsStore
    private let readers: Set<String>

    /// - Parameter readers: the roles of which one has to be held.
    public init(findings: FindingsStore, readers: Set<String>) { (self.findings, self.readers) = (findings, readers) }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: "findings.list", title: "List findings",
            summary: "What assessments found and is still open, what to do first before the rest.", effect: .read,
            arguments: ToolDescriptor.object([
                "severity": ["enum": .array(Severity.allCases.map { .string($0.rawValue) })],
                "repository": ["type": "string", "description": "Only of this repository.", "maxLength": 1000],
                "text": ["type": "string", "description": "Part of the path, title or rule.", "maxLength": 200],
                "limit": ["type": "integer", "description": "At most so many.", "minimum": 1, "maximum": 200],
            ]))
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        try context.principal.demand(readers)
        var filter = FindingsFilter()
        filter.states = [.open]
        filter.severities = Set(
            [action.arguments["severity"]?.string.flatMap(Severity.init(rawValue:))].compactMap(\.self))
        filter.repository = action.arguments["repository"]?.string
        filter.text = action.arguments["text"]?.string
        filter.limit = action.arguments["limit"]?.int ?? 50
        let page = try await findings.findings(filter)
        return Answer(["findings": .array(page.findings.map(\.json)), "total": JSON(page.total)])
    }
}

/// `findings.digest`: what became of findings over a time.
public struct FindingsDigestTool: Tool {
    private let findings: FindingsStore
    private let readers: Set<String>

    /// - Parameter readers: the roles of which one has to be held.
    public init(findings: FindingsStore, readers: Set<String>) { (self.findings, self.readers) = (findings, readers) }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: "findings.digest", title: "Sum up findings",
            summary:
                "What is new, fixed, open again and overdue over a time, what ends soon, and what could not be checked.",
            effect: .read,
            arguments: ToolDescriptor.object([
                "since": ["type": "string", "description": "How far back: 7d, 24h, 4 weeks.", "maxLength": 40],
                "format": ["enum": .array(DigestReport.Format.allCases.map { .string($0.rawValue) })],
            ]))
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        try context.principal.demand(readers)
        let span = try FindingsDigest.span(action.arguments["since"]?.string, domain: "scan")
        let format = action.arguments["format"]?.string.flatMap(DigestReport.Format.init(rawValue:)) ?? .markdown
        let bytes = try await findings.digest(of: span, format)
        return Answer([
            format.rawValue: format == .json ? try JSON.parse(bytes) : .string(String(decoding: bytes, as: UTF8.self))
        ])
    }
}

extension Principal {
    /// - Throws: `denied` for who holds none of these roles.
    fileprivate func demand(_ readers: Set<String>) throws(GatehouseError) {
        guard roles.isDisjoint(with: readers) else { return }
        throw GatehouseError("scan", .denied, "findings are for those who work here")
    }
}
