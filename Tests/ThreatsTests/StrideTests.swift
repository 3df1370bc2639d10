import Testing

@testable import Scan
@testable import Threats

@Suite struct StrideTests {
    @Test func theShopsThreatsStandAsItsFilesSay() async throws {
        let standings = try await Repository(Shop.files).model().standings
        for expected in [
            "open T-CI-UNTRUSTED label", "mitigated T-CI-TOKEN label", "open T-CI-SUPPLY label",
            "open T-COMMAND-INJECTION web", "open T-ROUTE-OPEN web", "open T-TRANSIT web → db",
            "open T-TRANSIT Anyone on the internet → api", "open T-PRIVILEGED api", "mitigated T-STORE-PASSWORD db",
            "mitigated T-STORE-REACHED db", "mitigated T-STORE-REACHED cache",
            "mitigated T-TRANSIT web → sso.shop-identity.com", "mitigated T-STORE-PUBLIC aws_s3_bucket.invoices",
            "mitigated T-AT-REST aws_sqs_queue.mail", "unknown T-AT-REST db",
        ] {
            #expect(standings.contains(expected), "\(expected) is not among \(standings)")
        }
    }

    @Test func onlyWhatChangesThingsAndNamesNoGuardIsOpen() async throws {
        let threat = try await Repository(Shop.files).model().threat("T-ROUTE-OPEN", "web")
        #expect(threat?.evidence.map { "\($0.path):\($0.line)" } == ["web/app.py:20"])
    }

    @Test func whereNothingAsksNothingIsKnown() async throws {
        let app = "from flask import Flask\napp = Flask(__name__)\n@app.route('/x', methods=['POST'])\ndef x(): pass\n"
        let model = try await Repository(["app.py": app]).model()
        #expect(model.threat("T-ROUTE-OPEN", "application")?.standing == .unknown)
    }

    @Test func riskIsLikelihoodTimesImpact() async throws {
        let model = try await Repository(Shop.files).model()
        let injection = try #require(model.threat("T-COMMAND-INJECTION", "web"))
        #expect(injection.risk.likelihood == 3 && injection.risk.impact == 3 && injection.risk.level == "critical")
        #expect(injection.risk.reason == "anyone on the internet can try; it works on db, which holds personal data")
        #expect(model.score.points == model.threats.reduce(0) { $0 + $1.points })
        #expect(model.threats.filter { $0.standing == .mitigated }.allSatisfy { $0.points == 0 })
    }

    @Test func openComesBeforeMitigatedAndSilenceSaysNothing() {
        let rule = ThreatRule(
            id: "T-X", stride: .spoofing, title: "", rationale: "", mitigations: [], links: [],
            scope: .elements([.process]), open: [.noPassword], mitigated: [.asksPassword], asked: [.personalData])
        var traits = Traits()
        #expect(Judge.standing(rule, traits) == nil)
        traits.add(.personalData, Evidence("a", 1, "x"))
        #expect(Judge.standing(rule, traits)?.0 == .unknown)
        traits.add(.asksPassword, Evidence("a", 2, "x"))
        #expect(Judge.standing(rule, traits)?.0 == .mitigated)
        traits.add(.noPassword, Evidence("a", 3, "x"))
        #expect(Judge.standing(rule, traits)?.0 == .open)
        #expect(Judge.standing(rule, traits)?.1 == [Evidence("a", 3, "x")])
    }

    @Test func eachRuleCanBeToldAndEachFindingMeansSomething() {
        #expect(Set(ThreatRule.all.map(\.id)).count == ThreatRule.all.count)
        #expect(Set(ThreatRule.all.map(\.stride)) == Set(Stride.allCases))
        for rule in ThreatRule.all {
            #expect(rule.id.hasPrefix("T-") && !rule.mitigations.isEmpty && !rule.links.isEmpty && !rule.open.isEmpty)
            #expect(rule.open.isDisjoint(with: rule.mitigated))
        }
        #expect(FindingTraits.byRule.count > 90)
    }

    @Test func eachRuleOfFindingsIsOne() throws {
        let kinds = [
            "aws_s3_", "aws_vpc", "aws_instance", "aws_db_", "aws_kms_", "aws_cloudtrail", "aws_lambda_", "aws_lb",
            "azurerm_x", "google_x", "kubernetes.Pod", "dockerfile", "compose.service", "github.workflow", "gitlab.x",
        ]
        let checks = try CompiledChecks(CheckLibrary.modules(for: Set(kinds))).checks.values.flatMap(\.values)
        let known = Set(checks.map(\.rule.id) + CodeScanner.rules.values.map(\.id))
        for rule in FindingTraits.byRule.keys.sorted() { #expect(known.contains(rule), "\(rule)") }
    }
}
