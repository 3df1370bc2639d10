import JSON

extension FindingSource {
    var json: JSON {
        var json: JSON = ["tool": .string(tool), "rule": .string(rule), "fingerprint": .string(fingerprint)]
        if let version { json["version"] = .string(version) }
        if let accepted { json["accepted"] = .string(accepted) }
        return json
    }

    init?(_ json: JSON) {
        guard let tool = json["tool"]?.string, let rule = json["rule"]?.string,
            let fingerprint = json["fingerprint"]?.string
        else { return nil }
        self.init(
            tool: tool, version: json["version"]?.string, rule: rule, fingerprint: fingerprint,
            accepted: json["accepted"]?.string)
    }

    /// `bandit 1.9.4 B602`.
    public var text: String { [tool, version, rule].compactMap(\.self).joined(separator: " ") }
}

extension ToolRun {
    var json: JSON {
        [
            "tool": .string(tool), "version": version.map { .string($0) } ?? .null, "origin": .string(origin.rawValue),
            "results": JSON(results), "complete": .bool(isComplete),
        ]
    }

    init?(_ json: JSON) {
        guard let tool = json["tool"]?.string, let results = json["results"]?.int,
            let origin = json["origin"]?.string.flatMap(ToolReport.Origin.init)
        else { return nil }
        self.init(
            tool: tool, version: json["version"]?.string, origin: origin, results: results,
            isComplete: json["complete"]?.bool ?? false)
    }
}
