import Core
import JSON

/// Looks up what is known elsewhere: of each finding its advisories, whether it is exploited, the version that puts it
/// right, its weakness and the controls that ask for it, each with its source.
///
/// Input: `findings`, or `repository` and `text` to find them by; `packages` to ask about by name; `lookups`, which name
/// a tool of an MCP server and what to ask it. What a finding or an answer says never chooses a lookup.
struct Research: Procedure {
    private static let mostFindings = 60
    private static let mostPackages = 50
    private static let mostLookups = 10
    private static let mostEntries = 400

    let name = "research"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        let packages = try (input.list("packages", most: Self.mostPackages) ?? []).map {
            try PackageQuestion($0, input)
        }
        let lookups = try (input.list("lookups", most: Self.mostLookups) ?? []).map { try Lookup($0, input) }
        var gaps: [Gap] = []
        var findings: [FindingBrief] = []
        if packages.isEmpty && lookups.isEmpty || input.json["findings"]?.array != nil {
            let known = try await KnownFindings(input, tools)
            gaps += known.gaps
            findings = known.open
        }
        let feeds = FeedStatus(
            try await tools.attempt("scan.advisories.status", target: "advisories", [:], &gaps))
        gaps += feeds.gaps
        var entries = findings.prefix(Self.mostFindings).flatMap(SourcedEntry.entries)
        if findings.count > Self.mostFindings {
            gaps.append(
                Gap("findings", "\(findings.count - Self.mostFindings) were not looked up: the most urgent were"))
        }
        gaps += findings.prefix(Self.mostFindings).flatMap(Self.gaps)
        for package in packages { try await look(up: package, feeds, tools, &entries, &gaps) }
        for lookup in lookups {
            let answer = try await tools.attempt(
                "mcp.call", target: lookup.target, lookup.arguments, &gaps)
            if let answer { entries.append(lookup.entry(answer)) }
        }
        if entries.count > Self.mostEntries {
            gaps.append(Gap("entries", "\(entries.count - Self.mostEntries) are left out"))
        }
        return [
            "entries": .array(entries.prefix(Self.mostEntries).map(\.json).fitting(bytes: 192 << 10)),
            "gaps": gaps.json,
            "advisories": feeds.json, "looked_up": JSON(min(findings.count, Self.mostFindings) + packages.count),
        ]
    }

    private func look(
        up package: PackageQuestion, _ feeds: FeedStatus, _ tools: AgentTools, _ entries: inout [SourcedEntry],
        _ gaps: inout [Gap]
    ) async throws {
        let answer = try await tools.attempt(
            "findings.list", target: "findings", ["text": .string(package.name.cut(to: 200)), "limit": 50], &gaps)
        let found = (answer?["findings"]?.array ?? []).compactMap(FindingBrief.init).filter { finding in
            finding.package.map(package.fits) == true
        }
        entries += found.flatMap(SourcedEntry.entries)
        guard found.isEmpty else { return }
        gaps.append(Gap(package.name, feeds.silence(on: package)))
    }

    /// What would be known of a finding if there were the sources for it.
    private static func gaps(of finding: FindingBrief) -> [Gap] {
        guard let package = finding.package else { return [] }
        var gaps: [Gap] = []
        if package.fix == nil { gaps.append(Gap(package.label, "no version without \(finding.rule) is published")) }
        if package.reachability == nil || package.reachability == "unknown" {
            gaps.append(Gap(package.label, "whether the flawed code of \(finding.rule) is used is not known"))
        }
        return gaps
    }
}

/// A package that is asked about: its name, or an object with `ecosystem`, `name` and `version`.
struct PackageQuestion {
    let ecosystem: String?
    let name: String
    let version: String?

    init(_ json: JSON, _ input: TaskInput) throws(GatehouseError) {
        guard let name = json.string ?? json["name"]?.string, !name.isEmpty, name.utf8.count <= 200 else {
            throw input.missing("a package without a name", hint: "give names, or objects with ecosystem and name")
        }
        self.name = name
        ecosystem = json["ecosystem"]?.string
        version = json["version"]?.string
    }

    func fits(_ package: PackageBrief) -> Bool {
        package.name.lowercased() == name.lowercased() && (ecosystem ?? package.ecosystem) == package.ecosystem
            && (version ?? package.version) == package.version
    }
}

/// A question to a tool of an MCP server, in the words of whoever asks the librarian.
struct Lookup {
    let about: String
    let target: String
    let arguments: JSON

    init(_ json: JSON, _ input: TaskInput) throws(GatehouseError) {
        guard let target = json["target"]?.string, let arguments = json["arguments"], arguments.object != nil else {
            throw input.missing(
                "a lookup without target or arguments", hint: "give them as mcp.call takes them, with about beside")
        }
        self.target = target
        self.arguments = arguments
        about = (json["about"]?.string ?? target).cut(to: 200)
    }

    func entry(_ answer: JSON) -> SourcedEntry {
        let texts = (answer["content"]?.array ?? []).compactMap { $0["text"]?.string }
        let says = texts.isEmpty ? answer.text() : texts.joined(separator: "\n")
        let tool = arguments["tool"]?.string ?? "a tool"
        return SourcedEntry(about: about, kind: .answer, says: says, source: .init(name: "\(tool) of \(target)"))
    }
}
