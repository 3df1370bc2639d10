public import Core
public import JSON
import Privacy

extension AssessmentDocument {
    public static let limits = JSON.Limits(bytes: 64 << 20, values: 4_000_000)

    /// Reads back what ``json(_:)`` wrote.
    ///
    /// - Throws: `corrupt`, naming the member.
    public static func parse(_ json: JSON) throws(GatehouseError) -> Assessment {
        let reader = Reader(json: json, place: "the report")
        guard try reader.text("schema") == schema else { throw reader.error("schema") }
        guard let listing = Assessment.Listing(rawValue: try reader.text("listing")) else {
            throw reader.error("listing")
        }
        var scope = Assessment.Scope.whole
        switch (json["scope"]?["kind"]?.string ?? "whole", json["scope"]?["commit"]?.string) {
        case ("whole", nil): break
        case ("staged", nil): scope = .staged
        case ("since", let commit?): scope = .since(commit: commit)
        case ("at", let commit?): scope = .at(commit: commit)
        default: throw reader.error("scope")
        }
        var history: Assessment.History?
        if let past = json["history"], !past.isNull {
            let past = Reader(json: past, place: "history")
            history = .init(blobs: try past.int("blobs"), bytes: Int64(try past.int("bytes")))
        }
        var findings: [Finding] = []
        for element in try reader.array("findings") { findings.append(try parseFinding(element)) }
        var unchecked: [CouldNotCheck] = []
        for element in try reader.array("could_not_check") {
            let place = Reader(json: element, place: "could_not_check")
            guard let reason = CouldNotCheck.Reason(rawValue: try place.text("reason")) else {
                throw place.error("reason")
            }
            unchecked.append(.init(path: try place.text("path"), reason: reason, detail: try place.text("detail")))
        }
        return Assessment(
            id: try reader.text("assessment"), repository: try reader.text("repository"),
            target: try reader.text("target"),
            commit: json["commit"]?.string, branch: json["branch"]?.string, listing: listing, scope: scope,
            history: history,
            started: try reader.time("started"), finished: try reader.time("finished"),
            inventory: try inventory(json["inventory"] ?? .null), findings: findings,
            findingsCut: try reader.int("findings_cut"),
            unchecked: unchecked, uncheckedCount: try reader.int("could_not_check_count"),
            rules: try reader.int("rules"),
            dependencies: (json["dependencies"]?.array ?? []).compactMap(DependencyFile.init),
            feeds: (json["advisories"]?.array ?? []).compactMap(AdvisoryFeed.init),
            tools: (json["tools"]?.array ?? []).compactMap(ToolRun.init))
    }

    static func parseFinding(_ json: JSON) throws(GatehouseError) -> Finding {
        let reader = Reader(json: json, place: "a finding")
        guard let severity = Severity(rawValue: try reader.text("severity")) else { throw reader.error("severity") }
        guard let confidence = Confidence(word: try reader.text("confidence")) else { throw reader.error("confidence") }
        guard let state = Finding.State(rawValue: try reader.text("state")) else { throw reader.error("state") }
        guard let tier = Priority.Tier(word: try reader.text("priority")) else { throw reader.error("priority") }
        let rule = ScanRule(
            id: try reader.text("rule"), title: try reader.text("title"), severity: severity,
            remedy: try reader.text("remedy"))
        var commit: Finding.Commit?
        if let id = json["commit"]?["id"]?.string {
            commit = .init(id: id, authored: json["commit"]?["authored"]?.string.flatMap { Timestamp($0) })
        }
        return Finding(
            id: try reader.text("id"), fingerprint: try reader.text("fingerprint"),
            contentFingerprint: try reader.text("content_fingerprint"), rule: rule, confidence: confidence,
            isVerified: json["verified"]?.bool ?? false,
            validity: json["validity"]?.string.flatMap { Validity(rawValue: $0) }, path: try reader.text("path"),
            start: try reader.place("start"),
            end: try reader.place("end"), snippet: try reader.text("snippet"), source: try reader.text("source"),
            state: state,
            stateReason: json["state_reason"]?.string, commit: commit,
            isOnlyInHistory: json["only_in_history"]?.bool ?? false,
            priority: Priority(tier: tier, reason: try reader.text("priority_reason")),
            firstSeen: try reader.time("first_seen"),
            lastSeen: try reader.time("last_seen"), details: json["details"]?.object,
            triage: json["triage"].flatMap(Triage.init), due: json["due"]?.string.flatMap { Timestamp($0) },
            sources: (json["sources"]?.array ?? []).compactMap(FindingSource.init))
    }

    private static func inventory(_ json: JSON) throws(GatehouseError) -> Inventory {
        let reader = Reader(json: json, place: "inventory")
        var inventory = Inventory()
        inventory.total = try reader.count()
        for element in try reader.array("languages") {
            let language = Reader(json: element, place: "languages")
            inventory.languages[try language.text("name")] = try language.count()
        }
        for element in try reader.array("manifests") {
            let manifest = Reader(json: element, place: "manifests")
            inventory.manifests.append(.init(path: try manifest.text("path"), kind: try manifest.text("kind")))
        }
        inventory.submodules = try reader.array("submodules").compactMap(\.string)
        for (name, count) in json["skipped"]?.object ?? [:] {
            guard let reason = Inventory.Skip(rawValue: name), let count = count.int else {
                throw reader.error("skipped")
            }
            inventory.skipped[reason] = count
        }
        return inventory
    }

    private struct Reader {
        let json: JSON
        let place: String

        func error(_ member: String) -> GatehouseError {
            GatehouseError("scan", .corrupt, "\(place) has no usable member \(member)")
        }

        func text(_ member: String) throws(GatehouseError) -> String {
            guard let text = json[member]?.string else { throw error(member) }
            return text
        }

        func int(_ member: String) throws(GatehouseError) -> Int {
            guard let int = json[member]?.int else { throw error(member) }
            return int
        }

        func array(_ member: String) throws(GatehouseError) -> [JSON] {
            guard let array = json[member]?.array else { throw error(member) }
            return array
        }

        func time(_ member: String) throws(GatehouseError) -> Timestamp {
            guard let time = Timestamp(try text(member)) else { throw error(member) }
            return time
        }

        func place(_ member: String) throws(GatehouseError) -> Place {
            guard let line = json[member]?["line"]?.int, let column = json[member]?["column"]?.int else {
                throw error(member)
            }
            return Place(line: line, column: column)
        }

        func count() throws(GatehouseError) -> Inventory.Count {
            Inventory.Count(files: try int("files"), bytes: Int64(try int("bytes")), lines: try int("lines"))
        }
    }
}
