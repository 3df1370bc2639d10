public import Core
public import Gate
public import JSON
public import Scan

/// `scan.threats`: makes the threat model of a folder and compares it with an earlier commit. Writes nothing.
public struct ThreatsTool: Tool {
    public static let id = "scan.threats"

    private let modeler: Modeler
    private let roots: AssessRoots

    /// - Parameter roots: what callers from elsewhere may name.
    public init(assessor: Assessor, roots: AssessRoots) {
        modeler = Modeler(assessor)
        self.roots = roots
    }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: Self.id, title: "Show the threat model",
            summary:
                "Infers from code, infrastructure and pipelines what there is, who comes in, where trust ends and what "
                + "flows; says which threats are open, with evidence; compares it with an earlier commit.",
            effect: .read,
            arguments: ToolDescriptor.object(
                [
                    "path": [
                        "type": "string", "minLength": 1, "maxLength": 4096,
                        "description": "The folder, on this machine.",
                    ],
                    "since": [
                        "type": "string", "minLength": 1, "maxLength": 1024,
                        "description":
                            "The revision to compare with; the commit before the newest one where none is named.",
                    ],
                    "format": [
                        "type": "string", "enum": .array(ThreatReport.Format.allCases.map { .string($0.rawValue) }),
                        "description": "Adds a report in this form beside the model.",
                    ],
                ], required: ["path"]), timeout: .seconds(2 * 3600))
    }

    public func effect(of arguments: JSON) throws -> Effect {
        _ = try Arguments(arguments)
        return .read
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let arguments = try Arguments(action.arguments)
        let path = context.isLocal ? arguments.path : try roots.admit(arguments.path)
        let compared = try await modeler.compared(path, since: arguments.since) { context.progress($0) }
        let report = ThreatReport(
            compared, name: PathParts.split(path).name.isEmpty ? path : PathParts.split(path).name)
        var answer = report.json
        if let format = arguments.format, format != .json { answer["report"] = .string(report.text(format)) }
        return Answer(answer, facts: ["points": JSON(compared.model.score.points)])
    }

    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }

    struct Arguments {
        var path: String
        var since: String?
        var format: ThreatReport.Format?

        /// - Throws: `invalid`, naming the argument.
        init(_ json: JSON) throws(GatehouseError) {
            guard let path = json["path"]?.string, !path.isEmpty, !path.utf8.contains(0) else {
                throw GatehouseError("threats", .invalid, "\(ThreatsTool.id): path is no path of a folder")
            }
            self.path = path
            since = json["since"]?.string
            if let since, since.isEmpty || since.utf8.contains(0) || since.utf8.count > 1024 {
                throw GatehouseError("threats", .invalid, "\(ThreatsTool.id): since is no revision")
            }
            if let name = json["format"]?.string {
                format = ThreatReport.Format(rawValue: name)
                guard format != nil else {
                    let names = ThreatReport.Format.allCases.map(\.rawValue).joined(separator: ", ")
                    throw GatehouseError("threats", .invalid, "\(ThreatsTool.id): format is one of \(names)")
                }
            }
        }
    }
}
