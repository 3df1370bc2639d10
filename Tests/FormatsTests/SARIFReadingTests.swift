import JSON
import TestSupport
import Testing

@testable import Formats

@Suite struct SARIFReadingTests {
    private func log(_ run: JSON) -> SARIF.ReadLog {
        SARIF.ReadLog(Array((["version": "2.1.0", "runs": [run]] as JSON).text().utf8))
    }

    private func run(_ results: JSON, rules: JSON = [], members: JSON = [:]) -> JSON {
        var run: JSON = ["tool": ["driver": ["name": "T", "version": "1.2", "rules": rules]], "results": results]
        for (key, value) in members.object ?? [:] { run[key] = value }
        return run
    }

    private func location(_ uri: String, base: String? = nil) -> JSON {
        var file: JSON = ["uri": .string(uri)]
        if let base { file["uriBaseId"] = .string(base) }
        return [["physicalLocation": ["artifactLocation": file, "region": ["startLine": 2]]]]
    }

    @Test func rulesAreFoundByIDByIndexAndInExtensions() throws {
        let run: JSON = [
            "tool": [
                "driver": ["name": "T", "rules": [["id": "A", "shortDescription": ["text": "first"]]]],
                "extensions": [
                    [
                        "name": "pack",
                        "rules": [["id": "B", "properties": ["security-severity": "9.8", "tags": ["CWE-89: SQL"]]]],
                    ]
                ],
            ],
            "results": [
                ["ruleId": "A"], ["ruleIndex": 0], ["rule": ["index": 0, "toolComponent": ["index": 0]]],
                ["ruleId": "B"], ["ruleId": "A/2"], ["ruleId": "Z", "ruleIndex": 0], ["ruleIndex": 99],
            ],
        ]
        let rules = try #require(log(run).runs.first).results.map(\.rule)
        #expect(rules.map(\.id) == ["A", "A", "B", "B", "A/2", "Z", "unnamed"])
        #expect(rules.map(\.title) == ["first", "first", nil, nil, "first", nil, nil])
        #expect(rules[2].securitySeverity == 9.8)
        #expect(rules[3].weaknesses == [89])
    }

    @Test func levelsComeFromResultOverrideRuleAndDefault() throws {
        let rules: JSON = [["id": "A", "defaultConfiguration": ["level": "error"]], ["id": "B"], ["id": "C"]]
        let overrides: JSON = [
            "invocations": [
                [
                    "executionSuccessful": true,
                    "ruleConfigurationOverrides": [
                        ["descriptor": ["id": "C"], "configuration": ["level": "note"]]
                    ],
                ]
            ]
        ]
        let results: JSON = [
            ["ruleId": "A"], ["ruleId": "A", "level": "note"], ["ruleId": "B"], ["ruleId": "C"],
            ["ruleId": "A", "kind": "review"],
        ]
        let read = try #require(log(run(results, rules: rules, members: overrides)).runs.first)
        #expect(read.results.map(\.level) == [.error, .note, .warning, .note, .none])
        #expect(read.results.map(\.needsReview) == [false, false, false, false, true])
        #expect(read.isComplete)
    }

    @Test func whatIsNoFlawIsLeftOut() throws {
        let results: JSON = [
            ["kind": "pass"], ["kind": "notApplicable"], ["kind": "informational"], ["baselineState": "absent"],
            ["ruleId": "kept", "baselineState": "unchanged"],
        ]
        #expect(try #require(log(run(results)).runs.first).results.map(\.rule.id) == ["kept"])
    }

    @Test func pathsFollowTheirBases() throws {
        let bases: JSON = [
            "originalUriBaseIds": [
                "ROOT": ["uri": "file:///home/ci/app/"], "SRC": ["uri": "src/", "uriBaseId": "ROOT"], "UNKNOWN": [:],
                "X": ["uri": "x/", "uriBaseId": "Y"], "Y": ["uri": "y/", "uriBaseId": "X"],
            ],
            "artifacts": [["location": ["uri": "i.py", "uriBaseId": "SRC"]]],
        ]
        let index: JSON = [["physicalLocation": ["artifactLocation": ["index": 0]]]]
        let results: JSON = [
            ["locations": location("a%20b/%C3%BC.py", base: "SRC")],
            ["locations": location("./a//b.py", base: "UNKNOWN")],
            ["locations": location("file:///home/ci/app/z.py")], ["locations": index],
            ["locations": location("https://user:pw@shop.example/login?token=1#x")],
            ["locations": location("src\\win.cs")],
        ]
        let read = try #require(log(run(results, members: bases)).runs.first)
        let paths = read.results.map(\.path)
        #expect(paths[0]?.relative == "src/a b/ü.py")
        #expect(paths[0]?.absolute == "/home/ci/app/src/a b/ü.py")
        #expect(paths[1]?.relative == "a/b.py")
        #expect(paths[2]?.absolute == "/home/ci/app/z.py")
        #expect(paths[2]?.relative == nil)
        #expect(paths[3]?.relative == "src/i.py")
        #expect(paths[4]?.address == "https://shop.example/login")
        #expect(paths[5]?.relative == "src/win.cs")
        #expect(read.roots.contains("/home/ci/app/"))
    }

    @Test(arguments: ["../../etc/passwd", "a/../../b", "%2e%2e/x", "a%00b", "a%zz", "ftp://h/x", "http:///x"])
    func pathsThatCannotBeUsedAreProblems(_ uri: String) throws {
        let read = log(run([["ruleId": "R", "locations": location(uri)]]))
        #expect(read.problems.map(\.place) == ["runs[0].results[0]"], "\(read.problems)")
        #expect(try #require(read.runs.first?.results.first?.path).isUnusable)
    }

    @Test func basesInACircleAreAProblem() {
        let bases: JSON = [
            "originalUriBaseIds": ["X": ["uri": "x/", "uriBaseId": "Y"], "Y": ["uri": "y/", "uriBaseId": "X"]]
        ]
        let read = log(run([["locations": location("a", base: "X")]], members: bases))
        #expect(read.problems.first?.reason.contains("circle") == true)
    }

    @Test func messagesAreFilledIn() throws {
        let rules: JSON = [["id": "A", "messageStrings": ["m": ["text": "{0} reaches [the sink](2) {1} {9}"]]]]
        let results: JSON = [["ruleId": "A", "message": ["id": "m", "arguments": ["x", "y"]]]]
        #expect(log(run(results, rules: rules)).runs.first?.results.first?.message == "x reaches the sink y {9}")
    }

    @Test func suppressionsCountWhereNoneIsInDoubt() throws {
        let results: JSON = [
            ["suppressions": [["kind": "inSource", "justification": "why"]]],
            ["suppressions": [["kind": "external", "status": "underReview"]]], ["suppressions": []],
        ]
        let read = try #require(log(run(results)).runs.first).results
        #expect(read.map { $0.suppression?.justification } == ["why", nil, nil])
        #expect(read.map { $0.suppression == nil } == [false, true, true])
    }

    @Test func weaknessesAreReadFromTagsTaxaAndRelationships() throws {
        let rules: JSON = [
            [
                "id": "A", "properties": ["tags": ["external/cwe/cwe-079", "security"]],
                "relationships": [["target": ["id": "22", "toolComponent": ["name": "CWE"]]]],
            ]
        ]
        let results: JSON = [
            ["ruleId": "A", "taxa": [["id": "CWE-89"]], "properties": ["tags": ["CWE_502", "owasp-a1", "cwe"]]]
        ]
        #expect(log(run(results, rules: rules)).runs.first?.results.first?.weaknesses == [502, 89, 79, 22])
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        var text: String
        var place: String
        var testDescription: String { String(text.prefix(60)) }
    }

    @Test(arguments: [
        Broken(text: "", place: ""), Broken(text: "[1,2", place: ""), Broken(text: "[]", place: ""),
        Broken(text: "{}", place: "version"), Broken(text: #"{"version":"2.0.0","runs":[]}"#, place: "version"),
        Broken(text: #"{"version":"2.1.0"}"#, place: "runs"),
        Broken(text: #"{"version":"2.1.0","runs":null}"#, place: "runs"),
        Broken(text: #"{"version":"2.1.0","runs":[]}"#, place: "runs"),
        Broken(text: #"{"version":"2.1.0","version":"2.1.0","runs":[]}"#, place: ""),
        Broken(text: #"{"version":"2.1.0","runs":[{"results":[]}]}"#, place: "runs[0].tool.driver.name"),
        Broken(text: #"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}}}]}"#, place: "runs[0].results"),
        Broken(
            text: #"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"results":[],"#
                + #""invocations":[{"executionSuccessful":false,"exitCode":3}]}]}"#, place: "runs[0].invocations[0]"),
        Broken(
            text: #"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"results":[4]}]}"#,
            place: "runs[0].results[0]"),
    ]) func aBrokenLogSaysWhere(_ broken: Broken) throws {
        let log = SARIF.ReadLog(Array(broken.text.utf8))
        #expect(log.problems.first?.place == broken.place, "\(log.problems)")
        #expect(log.runs.allSatisfy { !$0.isComplete || $0.results.isEmpty })
    }

    @Test func aByteOrderMarkIsForgiven() {
        #expect(SARIF.ReadLog([0xEF, 0xBB, 0xBF] + Array(log(run([])).problems.description.utf8)).runs.isEmpty)
        let text = Array((["version": "2.1.0", "runs": [run([])]] as JSON).text().utf8)
        #expect(SARIF.ReadLog([0xEF, 0xBB, 0xBF] + text).runs.count == 1)
    }

    @Test func problemsAreBounded() {
        let read = log(run(.array(Array(repeating: 4, count: 5_000))))
        #expect(read.problems.count == SARIF.ReadLog.problemsTold + 1)
        #expect(read.problems.last?.reason == "has \(5_000 - SARIF.ReadLog.problemsTold) problems more")
    }

    /// Bytes of a whole log changed at random: what comes is read or refused, and what is read keeps its promises.
    @Test func randomChangesNeverCrash() {
        let text = Array(
            (["version": "2.1.0", "runs": [run([["ruleId": "A", "locations": location("a/b.py", base: "X")]])]] as JSON)
                .text().utf8)
        var random = SeededRandom(seed: 11)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        while clock.now < end {
            var bytes = text
            for _ in 0..<(1 + Int(random.next() % 4)) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[max(0, place - 9)...place], at: place)
                }
            }
            let log = SARIF.ReadLog(bytes)
            #expect(!log.runs.isEmpty || !log.problems.isEmpty)
            for path in log.runs.flatMap(\.results).compactMap(\.path?.relative) {
                #expect(!path.split(separator: "/").contains(".."))
            }
        }
    }
}
