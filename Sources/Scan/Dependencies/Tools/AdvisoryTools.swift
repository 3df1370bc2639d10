import Archive
import Core
public import Gate
import JSON
public import Risk

/// What advisories and catalogues of exploited vulnerabilities are kept, and how they come in.
public struct AdvisoryTools: Sendable {
    let advisories: AdvisoryDatabase
    let threats: ThreatDatabase
    let settings: SharedDependencySettings

    public init(advisories: AdvisoryDatabase, threats: ThreatDatabase, settings: SharedDependencySettings) {
        self.advisories = advisories
        self.threats = threats
        self.settings = settings
    }

    public var all: [any Tool] {
        [AdvisoryStatusTool(tools: self), AdvisoryImportTool(tools: self), AdvisoryUpdateTool(tools: self)]
    }

    /// Whoever replaces advisories decides what is found: users of this machine, and those who run the house.
    static func requireTrust(_ context: ActionContext) throws {
        guard context.isLocal || context.principal.roles.contains("admin") else {
            throw GatehouseError(
                "scan", .denied, "advisories are imported by admins and by users of this machine",
                hint: "run gatehouse advisories on the machine itself")
        }
    }

    static func shown(_ feed: ThreatDatabase.Feed) -> JSON {
        [
            "catalogue": .string(feed.kind.rawValue), "source": .string(feed.source),
            "as_of": .string(feed.asOf.description), "imported": .string(feed.imported.description),
            "entries": JSON(feed.entries),
        ]
    }

    // MARK: - Importing

    enum Content { case advisories, knownExploited, predictions }

    /// By names: `.csv` is a list of predictions, and CISA's file has its own name.
    static func content(of path: String) -> Content {
        let name = (path.split(separator: "/").last ?? "").lowercased()
        if name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") { return .predictions }
        return name.contains("known_exploited") ? .knownExploited : .advisories
    }

    private static let catalogueBytes = 256 << 20

    func importing(
        _ path: String, ecosystem: String? = nil, source: String? = nil, date: Timestamp? = nil,
        replacingNewer: Bool = false, report: @escaping @Sendable (Progress) -> Void
    ) async throws -> [JSON] {
        switch Self.content(of: path) {
        case .advisories:
            let feeds = try await advisories.importing(
                path, ecosystem: ecosystem, source: source, date: date, replacingNewer: replacingNewer, report: report)
            return feeds.map(\.json)
        case .knownExploited:
            let catalogue = try KnownExploited(try GzipFile.read(path, limit: Self.catalogueBytes))
            return [Self.shown(try await threats.put(catalogue, source: source ?? path))]
        case .predictions:
            let predictions = try ExploitPredictions(try GzipFile.read(path, limit: Self.catalogueBytes))
            return [Self.shown(try await threats.put(predictions, source: source ?? path))]
        }
    }
}

/// `scan.advisories.status`
struct AdvisoryStatusTool: Tool {
    let tools: AdvisoryTools

    let descriptor = ToolDescriptor(
        id: "scan.advisories.status", title: "Which advisories are kept",
        summary: "Lists the advisories and catalogues that packages are compared with, and how old they are.",
        effect: .read, arguments: ToolDescriptor.object([:]))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (now, age) = (tools.advisories.clock.now(), tools.settings.current.greatestAge)
        let feeds = try await tools.advisories.feeds().map { feed -> JSON in
            var json = feed.json
            json["stale"] = .bool(feed.age(at: now) > age)
            return json
        }
        let catalogues = try await tools.threats.feeds().map(AdvisoryTools.shown)
        return Answer(["advisories": .array(feeds), "catalogues": .array(catalogues)])
    }
}

/// `scan.advisories.import`
struct AdvisoryImportTool: Tool {
    let tools: AdvisoryTools

    let descriptor = ToolDescriptor(
        id: "scan.advisories.import", title: "Import advisories",
        summary:
            "Imports advisories in OSV's form from a zip archive or a folder of this machine, CISA's catalogue of known "
            + "exploited vulnerabilities, or FIRST's exploit predictions. Changes nothing outside.",
        effect: .read,
        arguments: ToolDescriptor.object(
            [
                "path": ["type": "string", "minLength": 1, "maxLength": 4096],
                "ecosystem": [
                    "type": "string", "minLength": 1, "maxLength": 64,
                    "description": "Of all that is there; else file and folder names tell.",
                ],
                "older": [
                    "type": "boolean", "default": false, "description": "Also where what is kept is newer.",
                ],
            ], required: ["path"]), timeout: .seconds(3600))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard context.isLocal else {
            throw GatehouseError(
                "scan", .denied, "files are imported by users of this machine",
                hint: "run gatehouse advisories import on the machine itself")
        }
        let feeds = try await tools.importing(
            action.arguments["path"]?.string ?? "", ecosystem: action.arguments["ecosystem"]?.string,
            replacingNewer: action.arguments["older"]?.bool ?? false, report: { context.progress($0) })
        return Answer(["imported": .array(feeds)])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }
}

/// `scan.advisories.update`
struct AdvisoryUpdateTool: Tool {
    let tools: AdvisoryTools

    let descriptor = ToolDescriptor(
        id: "scan.advisories.update", title: "Update advisories",
        summary:
            "Fetches advisories of ecosystems from OSV or a mirror of it, and the catalogues of exploited vulnerabilities.",
        effect: .read,
        arguments: ToolDescriptor.object([
            "names": [
                "type": "array", "maxItems": 64, "items": ["type": "string", "minLength": 1, "maxLength": 64],
                "description":
                    "Ecosystems as OSV names them, kev and epss; those that are kept and the catalogues where none is named.",
            ],
            "mirror": ["type": "string", "maxLength": 1000, "description": "Instead of the configured one."],
        ]), timeout: .seconds(3600))

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        try AdvisoryTools.requireTrust(context)
        let mirror = try AdvisoryMirror(action.arguments["mirror"]?.string ?? tools.settings.current.mirror)
        let (imported, failed) = try await TemporaryFolder.with { folder in
            var (imported, failed): ([JSON], [JSON]) = ([], [])
            for name in try await names(action.arguments) {
                do {
                    imported += try await update(name, mirror, folder) { context.progress($0) }
                } catch let error as GatehouseError {
                    failed.append(["name": .string(name), "error": .string(error.description)])
                }
            }
            return (imported, failed)
        }
        guard !imported.isEmpty || failed.isEmpty else {
            throw GatehouseError(
                "scan", .unavailable, "nothing could be fetched", cause: failed.first?["error"]?.string,
                hint: "give a mirror that can be reached, or import a file")
        }
        return Answer(["imported": .array(imported), "failed": .array(failed)])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }

    private func names(_ arguments: JSON) async throws -> [String] {
        let named = arguments["names"]?.array?.compactMap(\.string) ?? []
        for name in named where !["kev", "epss"].contains(name) && !Ecosystems.isKnown(name) {
            let near = Suggestion.nearest(to: name, among: Set(Ecosystems.all)).map { "did you mean \($0)?" }
            throw GatehouseError("scan", .invalid, "\(name) is no ecosystem that is known", hint: near)
        }
        if !named.isEmpty { return named }
        let kept = try await tools.advisories.feeds().map(\.ecosystem)
        return (kept.isEmpty ? Ecosystems.all : kept) + ["kev", "epss"]
    }

    private func update(
        _ name: String, _ mirror: AdvisoryMirror, _ folder: String, report: @escaping @Sendable (Progress) -> Void
    ) async throws -> [JSON] {
        switch name {
        case "kev":
            let path = folder + "/known_exploited_vulnerabilities.json"
            _ = try await mirror.fetch(AdvisoryMirror.knownExploited, to: path, report: report)
            return try await tools.importing(path, source: AdvisoryMirror.knownExploited, report: report)
        case "epss":
            let path = folder + "/epss.csv.gz"
            _ = try await mirror.fetch(AdvisoryMirror.predictions, to: path, report: report)
            return try await tools.importing(path, source: AdvisoryMirror.predictions, report: report)
        default:
            let (address, path) = (mirror.address(of: name), folder + "/all.zip")
            let date = try await mirror.fetch(address, to: path, report: report)
            return try await tools.importing(
                path, ecosystem: name, source: address, date: date, report: report)
        }
    }
}
