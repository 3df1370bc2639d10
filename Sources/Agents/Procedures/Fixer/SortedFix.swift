import JSON

/// A fix as `scan.fix` shows it, with why a person has to look at it. One that says nothing of its proof is not safe.
struct SortedFix {
    private let fix: JSON
    let steps: [String]
    /// Why a person has to look; empty for what is safe.
    let reasons: [String]

    init(_ fix: JSON) {
        self.fix = fix
        steps = fix["steps"].whole
        var reasons: [String] = []
        switch fix["proof"]?["kind"]?.string {
        case "assessed": break
        case "judged": reasons.append("the lockfile has to follow before the finding is gone")
        default: reasons.append("nothing proves that it helps")
        }
        if fix["major"]?.bool != false { reasons.append("it moves to another major version") }
        // Each upgrade says that tests are to be run, and names what it may break beside that.
        let isUpgrade = fix["kind"]?.string == "upgrade"
        reasons += fix["risks"].whole.dropLast(isUpgrade ? 1 : 0).map { "it may break: \($0)" }
        if !steps.isEmpty, !isUpgrade { reasons.append("something is left to do by hand") }
        if fix["kind"]?.string == "secret" { reasons.append("a secret that is taken out cannot be put back") }
        self.reasons = reasons
    }

    var isSafe: Bool { reasons.isEmpty }

    /// Without its own diff: the diff of all is beside it.
    var json: JSON {
        var json: JSON = [:]
        for name in ["kind", "title", "finding", "rule", "severity", "findings", "risks", "steps", "major"] {
            json[name] = fix[name]
        }
        json["files"] = .array((fix["files"]?.array ?? []).compactMap { $0["path"] })
        json["proof"] = fix["proof"]?["kind"] ?? .null
        json["safe"] = .bool(isSafe)
        json["reasons"] = .array(reasons.map { .string($0) })
        return json
    }
}

extension JSON? {
    fileprivate var whole: [String] { (self?.array ?? []).compactMap(\.string) }
}
