import JSON

/// What there is and who comes in, as a threat model has it, in brief.
struct SystemMap {
    private static let mostComponents = 300
    private static let mostEntries = 300
    private static let mostFlows = 300
    private static let mostThreats = 200

    /// Whether there is a model at all.
    let isKnown: Bool
    let components: [JSON]
    let entryPoints: [JSON]
    private let flows: [JSON]
    private let boundaries: [JSON]
    /// The worst first, each with the rule's title and what stands against it.
    let openThreats: [JSON]
    let points: Int
    private(set) var gaps: [Gap] = []

    /// - Parameter model: the answer of `scan.threats`.
    init(_ model: JSON) {
        isKnown = model["elements"] != nil
        components = (model["elements"]?.array ?? []).prefix(Self.mostComponents).map(Self.component).fitting(
            bytes: 96 << 10)
        entryPoints = (model["entry_points"]?.array ?? []).prefix(Self.mostEntries).map(Self.entry).fitting(
            bytes: 96 << 10)
        flows = (model["flows"]?.array ?? []).prefix(Self.mostFlows).map(Self.flow).fitting(bytes: 64 << 10)
        boundaries = Array((model["boundaries"]?.array ?? []).prefix(Self.mostComponents)).fitting(bytes: 32 << 10)
        points = model["score"]?["points"]?.int ?? 0
        let rules = Dictionary(
            (model["rules"]?.array ?? []).map { ($0["id"]?.string ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        let threats = model["threats"]?.array ?? []
        openThreats = threats.filter { $0["standing"]?.string == "open" }.prefix(Self.mostThreats).map {
            Self.threat($0, rules[$0["rule"]?.string ?? ""] ?? [:])
        }.fitting(bytes: 96 << 10)
        gaps = Self.gaps(model, threats, rules)
    }

    var publicEntries: [JSON] { entryPoints.filter { $0["public"]?.bool == true } }
    var grave: Int { openThreats.count { ["critical", "high"].contains($0["level"]?.string) } }

    var json: JSON {
        [
            "components": .array(components), "entry_points": .array(entryPoints), "flows": .array(flows),
            "boundaries": .array(boundaries),
            "surfaces": [
                "public": JSON(publicEntries.count),
                "unguarded": JSON(publicEntries.count { $0["guarded"]?.bool != true }),
                "crossing_flows": JSON(flows.count { $0["crosses"]?.bool == true }),
            ],
            "points": JSON(points),
        ]
    }

    // MARK: - In brief

    private static func component(_ element: JSON) -> JSON {
        var json: JSON = [:]
        for name in ["id", "kind", "type", "name", "boundary", "asset", "sensitive"] { json[name] = element[name] }
        json["traits"] = .array((element["traits"]?.object.map { Array($0.keys) } ?? []).map { .string($0) })
        return placed(json, element)
    }

    private static func entry(_ entry: JSON) -> JSON {
        var json: JSON = [:]
        for name in ["kind", "name", "element", "public", "guarded"] { json[name] = entry[name] }
        return placed(json, entry)
    }

    private static func flow(_ flow: JSON) -> JSON {
        var json: JSON = [:]
        for name in ["source", "target", "label", "crosses"] { json[name] = flow[name] }
        return json
    }

    private static func threat(_ threat: JSON, _ rule: JSON) -> JSON {
        var json: JSON = [:]
        for name in ["id", "rule", "stride", "name", "level", "points", "reason"] { json[name] = threat[name] }
        for name in ["title", "mitigations", "links"] { json[name] = rule[name] }
        return placed(json, threat)
    }

    private static func placed(_ json: JSON, _ part: JSON) -> JSON {
        var json = json
        guard let first = part["evidence"]?.array?.first else { return json }
        json["path"] = first["path"]
        json["line"] = first["line"]
        return json
    }

    private static func gaps(_ model: JSON, _ threats: [JSON], _ rules: [String: JSON]) -> [Gap] {
        var gaps = threats.filter { $0["standing"]?.string == "unknown" }.prefix(20).map { threat in
            let title = rules[threat["rule"]?.string ?? ""]?["title"]?.string ?? ""
            return Gap(threat["name"]?.string ?? "", "nothing says whether this holds: \(title)")
        }
        for (kind, count) in model["cut"]?.object ?? [:] where (count.int ?? 0) > 0 {
            gaps.append(Gap("threat model", "\(count.int ?? 0) more \(kind) are not in it"))
        }
        return gaps
    }
}
