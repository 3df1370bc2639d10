import Core
import JSON
import Privacy

/// Texts that hold a planted credential (`kind` is `tp`) and texts that only look like it (`fp`), as `text` with `rule`
/// and, where it matters, `path`.
///
/// The planted token is not marked in the text. A `tp` counts as found where our rules report at least one secret in its
/// text, of any rule and confidence. A row says of its own kind of credential that the text holds none, no more: some `fp`
/// of one kind are `tp` of another. So an `fp` counts as flagged where what is reported is of the row's own kind, or
/// comes from the generic rule. How many are flagged as anything at all is said beside it. Nothing is left out by
/// confidence.
struct SecretsSuite: MeasuringSuite {
    static let recall = 0.98
    static let flagged = 0.05
    private static let generic = "generic-secret"

    let name = "secrets"

    private struct Count {
        var found = 0
        var all = 0
        var share: Double { all == 0 ? 0 : Double(found) / Double(all) }
        var text: String { "\(found) of \(all)" }

        mutating func add(_ isFound: Bool) {
            found += isFound ? 1 : 0
            all += 1
        }
    }

    private struct Tally {
        var real = Count()
        var asItself = Count()
        var unreal = Count()
        var asAnything = Count()
        var missing: [String: Int] = [:]
    }

    func run(_ cases: [ConformanceCase], complain: (String) -> Void) throws -> Measures {
        let detector = try SecretDetector()
        var tally = Tally()
        for testCase in cases {
            guard let text = testCase.json["text"]?.string, let rule = testCase.json["rule"]?.string,
                let kind = testCase.json["kind"]?.string, kind == "tp" || kind == "fp"
            else {
                throw CaseFiles.Failure(description: "\(testCase.place) is not a case of this suite")
            }
            let found = try detector.detect(in: Array(text.utf8), path: testCase.json["path"]?.string)
            let ids = Set(found.matches.map(\.rule.id))
            let own = SecretsTable.rules[rule] ?? []
            if kind == "tp" {
                tally.real.add(!ids.isEmpty)
                tally.asItself.add(!ids.isDisjoint(with: own))
                if ids.isEmpty {
                    tally.missing[rule, default: 0] += 1
                    complain("\(testCase.place): \(rule) not found: \(text)")
                }
            } else {
                let isFlagged = !ids.isDisjoint(with: own.union([Self.generic]))
                tally.unreal.add(isFlagged)
                tally.asAnything.add(!ids.isEmpty)
                if !ids.isEmpty {
                    let verdict = isFlagged ? "flagged" : "another kind's, not counted"
                    complain(
                        "\(testCase.place): no \(rule), \(verdict): \(ids.sorted().joined(separator: ", ")): \(text)")
                }
            }
        }
        return SecretsSuite.measures(tally)
    }

    private static func measures(_ tally: Tally) -> Measures {
        var lines = tally.missing.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) not found" }
        lines.append("tp found by the rule for their own kind: \(tally.asItself.text)")
        lines.append("fp flagged as anything at all, another kind's credential included: \(tally.asAnything.text)")
        let summary =
            "recall \(Thousandths.text(tally.real.share)) of tp (\(tally.real.text); ≥ 0.98), "
            + "\(Thousandths.text(tally.unreal.share, .up)) of fp flagged (\(tally.unreal.text); ≤ 0.05)"
        return Measures(
            lines: lines, summary: summary,
            areMet: tally.real.share >= recall && tally.unreal.share <= flagged)
    }
}
