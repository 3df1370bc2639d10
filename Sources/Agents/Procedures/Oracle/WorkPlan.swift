import JSON

/// What is to be done, in order: one step for all that one change mends.
struct WorkPlan {
    private static let mostSteps = 60
    private static let mostFindings = 100

    private struct Step {
        var kind: String
        var what: String
        var why: String
        var level: RiskLevel
        var findings: [String] = []
        var due: String?
        /// Of packages: the versions that mend its findings.
        var versions: [String] = []
        var places: [String] = []

        var json: JSON {
            var text = what
            if !versions.isEmpty {
                text +=
                    versions.count == 1
                    ? " to \(versions[0]) or later" : " to the newest of \(versions.joined(separator: ", "))"
            }
            if let first = places.first {
                text = "\(first)\(places.count == 1 ? "" : " and \(places.count - 1) more"): \(text)"
            }
            var json: JSON = [
                "kind": .string(kind), "do": .string(text.cut(to: 800)), "why": .string(why.cut(to: 400)),
                "level": .string(level.rawValue),
                "findings": .array(findings.prefix(WorkPlan.mostFindings).map { .string($0) }),
            ]
            if let due { json["due"] = .string(due) }
            return json
        }
    }

    private static let kinds = ["scan.secrets": "secret", "scan.infrastructure": "configuration"]

    private var steps: [Step] = []
    private var places: [String: Int] = [:]

    /// - Parameter ranked: the most urgent first.
    init(_ ranked: [RankedRisk]) {
        for risk in ranked {
            switch risk.subject {
            case .finding(let finding): add(finding, risk)
            case .threat(let threat): add(threat, risk)
            }
        }
    }

    var cut: Int { max(0, steps.count - Self.mostSteps) }

    var json: JSON {
        .array(
            steps.prefix(Self.mostSteps).enumerated().map { index, step in
                var json = step.json
                json["order"] = JSON(index + 1)
                return json
            }.fitting(bytes: 96 << 10))
    }

    private mutating func add(_ finding: FindingBrief, _ risk: RankedRisk) {
        let package = finding.package
        let key: String
        let kind: String
        let what: String
        if let package, package.fix != nil {
            (key, kind) = ("package|\(package.ecosystem)|\(package.name)|\(finding.path)", "upgrade")
            what = "Upgrade \(package.name)"
        } else {
            kind = package == nil ? Self.kinds[finding.source] ?? "code" : "replace"
            key = "\(kind)|\(finding.rule)\(kind == "secret" ? "|\(finding.path)" : "")"
            what = finding.remedy.isEmpty ? finding.title : finding.remedy
        }
        let place = step(key) { Step(kind: kind, what: what, why: finding.title, level: risk.level) }
        steps[place].findings.append(finding.id)
        steps[place].due = [steps[place].due, finding.due].compactMap(\.self).min()
        if !steps[place].places.contains(finding.path) { steps[place].places.append(finding.path) }
        if let fix = package?.fix, !steps[place].versions.contains(fix) { steps[place].versions.append(fix) }
    }

    private mutating func add(_ threat: JSON, _ risk: RankedRisk) {
        let rule = threat["rule"]?.string ?? risk.id
        let means = threat["mitigations"].texts(most: 4).joined(separator: "; ")
        let title = (threat["title"]?.string ?? rule).cut(to: 300)
        let place = step("threat|\(rule)") {
            Step(kind: "design", what: means.isEmpty ? title : means, why: title, level: risk.level)
        }
        let name = (threat["name"]?.string ?? "").cut(to: 100)
        if !name.isEmpty, !steps[place].places.contains(name) { steps[place].places.append(name) }
    }

    /// Where the step is; it is made where there is none.
    private mutating func step(_ key: String, _ make: () -> Step) -> Int {
        if let place = places[key] { return place }
        places[key] = steps.count
        steps.append(make())
        return steps.count - 1
    }
}
