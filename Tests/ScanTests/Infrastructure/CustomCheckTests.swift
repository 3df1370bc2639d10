import Core
@testable import Scan
import Testing

@Suite struct CustomCheckTests {
    private let main =
        "resource \"aws_s3_bucket\" \"b\" {\n  tags = { team = \"a\" }\n}\nresource \"other_thing\" \"o\" {\n  open = true\n}"
    private let check = """
        package gatehouse.checks.ours

        import data.gatehouse.lib

        # METADATA
        # title: Things are closed
        # custom:
        #   severity: high
        #   remedy: set open to false
        open contains lib.said(r, ["open"], "see the wiki") if {
        	some r in input.resources.other_thing
        	lib.on(r.attributes.open)
        }
        """

    @Test func aTreeBringsItsOwn() {
        let scanned = Scanned(["main.tf": main, ".gatehouse/checks/ours.rego": check])
        #expect(scanned.lines.contains("main.tf:5 ours-open other_thing.o open: see the wiki"), "\(scanned.lines)")
        #expect(scanned.rules.contains("aws-s3-versioning"))
        let rule = scanned.found.findings.first { $0.rule.id == "ours-open" }?.rule
        #expect(rule?.title == "Things are closed" && rule?.severity == .high && rule?.remedy == "set open to false")
    }

    /// Errors are told with their place, and what is built in runs all the same.
    @Test(arguments: [
        ("package gatehouse.checks.x\nrule contains y if {", "x.rego:2"),
        ("package gatehouse.checks.x\na contains b if { b := nope(1) }", "nope"),
        ("package elsewhere\na := 1", "no check was run"),
    ])
    func brokenChecks(_ text: String, _ words: String) {
        let scanned = Scanned(["main.tf": main, ".gatehouse/checks/x.rego": text])
        #expect(scanned.found.unchecked.contains { $0.detail.contains(words) }, "\(scanned.found.unchecked)")
        #expect(scanned.rules.contains("aws-s3-versioning"))
    }

    @Test func workIsBounded() {
        let endless = """
            package gatehouse.checks.x
            # METADATA
            # custom:
            #   severity: low
            slow contains x if {
            	some a in numbers.range(1, 10000)
            	some b in numbers.range(1, 10000)
            	some c in numbers.range(1, 10000)
            	x := a * b * c
            	x < 0
            }
            """
        let scanned = Scanned(
            ["main.tf": main, ".gatehouse/checks/x.rego": endless], scanner: InfrastructureScanner(steps: 200_000))
        #expect(
            scanned.found.unchecked.contains { $0.reason == .ruleLimit && $0.detail.contains("gatehouse.checks.x") },
            "\(scanned.found.unchecked)")
    }

    @Test func nothingLeavesTheMachine() {
        let asks = """
            package gatehouse.checks.x
            # METADATA
            # custom:
            #   severity: low
            asks contains {"resource": r.id} if {
            	some r in input.resources.other_thing
            	http.send({"method": "get", "url": "http://127.0.0.1:1/"}).status_code == 200
            }
            """
        let scanned = Scanned(["main.tf": main, ".gatehouse/checks/x.rego": asks])
        #expect(!scanned.has("x-asks"))
    }
}
