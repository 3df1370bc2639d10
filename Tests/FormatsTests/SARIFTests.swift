import JSON
import Testing

@testable import Formats

@Suite struct SARIFTests {
    private let rule = SARIF.Rule(
        id: "r-1", title: "Rule", help: "Do this.", level: .error, securitySeverity: 9.5, tags: ["security"])

    private func log(_ results: [SARIF.Result], _ notifications: [SARIF.Notification] = []) -> JSON {
        SARIF.Log(runs: [
            .init(
                tool: .init(name: "Tool", version: "1.2.3", rules: [rule]), results: results,
                invocation: .init(
                    started: "2026-01-01T00:00:00Z", finished: "2026-01-01T00:00:01Z", notifications: notifications))
        ]).json
    }

    @Test func anEmptyLogIsWhole() {
        let log = log([])
        #expect(log["version"] == "2.1.0")
        #expect(log["runs"]?[0]?["results"] == [])
        #expect(log["runs"]?[0]?["tool"]?["driver"]?["rules"]?[0]?["properties"]?["security-severity"] == "9.5")
        #expect(log["runs"]?[0]?["versionControlProvenance"] == nil)
    }

    @Test func resultsPointAtRulesAndPlaces() {
        let region = SARIF.Region(startLine: 3, startColumn: 1, endLine: 3, endColumn: 5, snippet: "abcd")
        let result = SARIF.Result(
            ruleID: "r-1", level: .error, message: "m", location: .init(path: "a b/ü#?.py", region: region),
            partialFingerprints: ["z/v1": "2", "a/v1": "1"],
            suppression: .init(kind: .inSource, justification: "because"), rank: 75)
        let json = log([result])["runs"]?[0]?["results"]?[0] ?? .null
        #expect(json["ruleIndex"] == 0)
        #expect(json["rank"]?.double == 75)
        #expect(json["partialFingerprints"]?.object?.keys.first == "a/v1")
        let place = json["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "a%20b/%C3%BC%23%3F.py")
        #expect(place?["region"]?["snippet"]?["text"] == "abcd")
        #expect(json["suppressions"]?[0]?["justification"] == "because")
    }

    @Test func whatCouldNotBeCheckedIsANotification() {
        let notification = SARIF.Notification(id: "x/y", level: .warning, message: "m", location: nil)
        let json = log([], [notification])["runs"]?[0]?["invocations"]?[0]?["toolExecutionNotifications"]?[0]
        #expect(json?["descriptor"]?["id"] == "x/y")
        #expect(json?["locations"] == nil)
    }
}
