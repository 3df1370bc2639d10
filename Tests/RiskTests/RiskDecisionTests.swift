import Core
import Formats
import JSON
import Risk
import TestSupport
import Testing

@Suite struct RiskDecisionTests {
    /// The published table: K, E, A, T and the timeline.
    private static let timelines: [(String, RemediationTier)] = [
        ("nnnn", .nextUpgrade), ("ynnn", .fourteenDays), ("nynn", .sixtyDays), ("nnyn", .sixtyDays),
        ("nnny", .nextUpgrade), ("yynn", .fourteenDays), ("ynyn", .fourteenDays), ("nyyn", .fourteenDays),
        ("ynny", .fourteenDays), ("nyny", .fourteenDays), ("nnyy", .sixtyDays), ("yyyn", .threeDays),
        ("yyny", .threeDaysAndForensics), ("ynyy", .threeDaysAndForensics), ("nyyy", .threeDays),
        ("yyyy", .threeDaysAndForensics),
    ]

    @Test func theDirectivesTimelines() {
        for (facts, tier) in Self.timelines {
            let yes = facts.map { $0 == "y" }
            #expect(
                RemediationTier(known: yes[0], exposed: yes[1], automatable: yes[2], total: yes[3]) == tier, "\(facts)")
        }
    }

    @Test func deployersCategories() {
        #expect(SSVC(.none, .small, automatable: false, impact: .low) == .defer)
        #expect(SSVC(.none, .open, automatable: true, impact: .critical) == .outOfCycle)
        #expect(SSVC(.publicPoC, .open, automatable: true, impact: .high) == .outOfCycle)
        #expect(SSVC(.publicPoC, .controlled, automatable: false, impact: .low) == .defer)
        #expect(SSVC(.active, .open, automatable: false, impact: .critical) == .immediate)
        #expect(SSVC(.active, .small, automatable: true, impact: .medium) == .outOfCycle)
        let all = RiskFacts.Exploitation.allCases.flatMap { exploitation in
            RiskFacts.Exposure.allCases.flatMap { exposure in
                [false, true].flatMap { automatable in
                    RiskFacts.Criticality.allCases.map {
                        SSVC(exploitation, exposure, automatable: automatable, impact: $0)
                    }
                }
            }
        }
        #expect(SSVC.allCases.map { one in all.count { $0 == one } } == [3, 20, 42, 7])
    }

    private static func facts(_ change: (inout RiskFacts) -> Void) -> RiskFacts {
        var facts = RiskFacts()
        (facts.exposure, facts.isAutomatable, facts.hasTotalImpact, facts.criticality) = (.small, false, false, .medium)
        change(&facts)
        return facts
    }

    @Test func statementsDismissButNotWhatIsExploited() {
        let unaffected = Self.facts { $0.vex = .notAffected }
        #expect(RiskDecision(unaffected).dismissal != nil)
        let unused = Self.facts { $0.reachability = .unused }
        #expect(RiskDecision(unused).dismissal != nil)
        let exploited = Self.facts {
            $0.vex = .notAffected
            $0.knownExploitedSince = "2026-01-01"
        }
        #expect(RiskDecision(exploited).dismissal == nil)
        #expect(RiskDecision(exploited).tier == .fourteenDays)
        #expect(RiskDecision(Self.facts { $0.vex = .underInvestigation }).dismissal == nil)
    }

    @Test func theOrderIsByTheFirstDifference() {
        let rows = [
            Self.facts { $0.knownExploitedSince = "2026-01-01" },
            Self.facts { $0.exposure = .open },
            Self.facts { $0.epss = 0.9 },
            Self.facts {
                $0.epss = 0.1
                $0.cvss = 9.8
            },
            Self.facts {
                $0.epss = 0.1
                $0.cvss = 5
            },
            Self.facts {
                $0.vex = .fixed
                $0.cvss = 10
            },
        ]
        let decisions = rows.map(RiskDecision.init)
        for (earlier, later) in zip(decisions, decisions.dropFirst()) {
            #expect(RiskDecision.comesFirst(earlier, later))
            #expect(!RiskDecision.comesFirst(later, earlier))
        }
    }

    @Test func whatIsNotKnownIsSaid() {
        let reasons = RiskDecision(RiskFacts()).reasons.joined()
        #expect(reasons.contains("exposure is not known"))
        #expect(reasons.contains("no catalogue"))
    }

    @Test func decisionsCanBeReplayed() throws {
        let facts = Self.facts {
            $0.epss = 0.123
            $0.cvss = 7.5
            $0.knownExploitedSince = "2026-01-01"
        }
        let record = RiskDecision.record(facts)
        #expect(RiskDecision.replay(try JSON.parse(record.text())) == true)
        var changed = record
        changed["tier"] = "with the next upgrade"
        #expect(RiskDecision.replay(changed) == false)
        changed["version"] = "other"
        #expect(RiskDecision.replay(changed) == nil)
    }

    @Test func vectorsTellFacts() throws {
        var facts = RiskFacts()
        facts.take(try CVSS("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N/E:F"))
        #expect(facts.isAutomatable == true)
        #expect(facts.hasTotalImpact == true)
        #expect(facts.exploitation == .publicPoC)
        facts.take(try CVSS("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:L/VA:N/SC:N/SI:N/SA:N/E:A"))
        #expect(facts.isAutomatable == false)
        #expect(facts.hasTotalImpact == false)
        #expect(facts.exploitation == .active)
    }
}

@Suite struct ThreatTests {
    @Test(arguments: [
        "", "{}", #"{"dateReleased": "2026-01-01T00:00:00Z", "vulnerabilities": []}"#, #"{"dateReleased": "x"}"#,
    ])
    func whatIsNoCatalogueIsRefused(_ text: String) {
        #expect { try KnownExploited(Array(text.utf8)) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    @Test(arguments: [
        "", "cve,epss\nCVE-1,0.5\n", "#m:1,score_date:2026-01-01\nCVE-1,1.5", "#m:1,score_date:2026-01-01\nx",
    ])
    func whatIsNoPredictionIsRefused(_ text: String) {
        #expect { try ExploitPredictions(Array(text.utf8)) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    @Test func feedsAreKeptWithTheirDates() async throws {
        let folder = ScratchFolder()
        let database = ThreatDatabase(path: folder.file("threats.db"))
        let text =
            "#model_version:v2025.03.14,score_date:2025-08-25T12:55:00+0000\ncve,epss,percentile\nCVE-2021-1,0.94358,0.9\n"
        let feed = try await database.put(ExploitPredictions(Array(text.utf8)), source: "test")
        #expect(feed.asOf.description.hasPrefix("2025-08-25T12:55:00"))
        let (threats, feeds) = try await database.threats(["CVE-2021-1", "CVE-2"])
        #expect(threats["CVE-2021-1"]?.epss == 0.94358)
        #expect(threats["CVE-2"]?.epss == nil)
        #expect(feeds.map(\.kind) == [.predictions])
    }

    private static let catalogue = SharedFiles.path("kev/known_exploited_vulnerabilities.json.gz")

    @Test(.enabled(if: catalogue != nil, "\(SharedFiles.absence)"))
    func thePublicCatalogue() throws {
        let text = SharedFiles.gunzippedLines(try #require(Self.catalogue)).joined(separator: "\n")
        let catalogue = try KnownExploited(Array(text.utf8))
        #expect(catalogue.added.count == 1404)
        #expect(catalogue.added["CVE-2025-48384"] == "2025-08-25")
    }
}
