import JSON
import Testing

/// `gatehouse policy explain` against a house that is opened for the question.
@Suite(.serialized) struct PolicyExplainTests {
    let program: Program
    init() throws { program = try Program() }

    private let arguments = #"{"from": 0, "to": 1, "reason": "asked for"}"#

    @Test func saysWhichRuleDecides() throws {
        defer { program.remove() }
        let result = try program.run(
            "policy", "explain", "ledger.erase", "--target", "ledger:0-1", "--arguments", arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("destroy.ask"))
        #expect(result.output.contains("effects.rego:"))
        #expect(result.output.contains("What to change:"))
        let unknown = try program.run("policy", "explain", "no.such_tool")
        #expect(unknown.status == 2)
        let malformed = try program.run("policy", "explain", "ledger.erase", "--arguments", "{")
        #expect(malformed.status == 2)
        #expect(malformed.errors.contains("--arguments"))
    }

    @Test func saysWhatWouldBeIf() throws {
        defer { program.remove() }
        let result = try program.run(
            "policy", "explain", "ledger.erase", "--target", "ledger:0-1", "--arguments", arguments, "--as-role",
            "viewer", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let json = try JSON.parse(result.output)
        #expect(json["decision"]?["verdict"]?.string == "ask")
        #expect(json["what_if"]?["verdict"]?.string == "deny")
        let words = try program.run(
            "policy", "explain", "ledger.erase", "--target", "ledger:0-1", "--arguments", arguments, "--effect", "read")
        #expect(words.output.contains("If the effect were read, policy would say allow by rule read"))
    }
}
