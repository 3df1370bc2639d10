import Flow
import Gate
import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("Incident response, without a model") struct IncidentResponseTests {
    private static func inputs(_ repository: PlantedRepository) -> JSONObject {
        [
            "path": .string(repository.root), "title": "Key in <script>the</script> shop",
            "summary": "A key was pushed.",
            "events": [
                ["time": "2026-06-09T22:15:00Z", "what": "an alert: [open](http://evil.example)", "who": "monitoring"],
                ["time": "2026-06-09T21:00:00Z", "what": "the key was pushed", "source": "git"],
            ],
        ]
    }

    @Test func itIsDeclaredContainedAndAccountedFor() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await repository.exploit()
        try await PatternHouse.with(repository) { house in
            let run = try await house.start("incident-response", Self.inputs(repository))
            let declared = try await house.agree()
            #expect(declared.preview.summary.contains("declare an incident"))
            #expect(try repository.tree.text("web/settings.py") == Planted.settings)
            let agreed = try await house.agree()
            #expect(agreed.id != declared.id && agreed.preview.diff.contains("fixes"))
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["declared"] == true && outputs["contained"] == true)
            #expect(try !repository.tree.text("web/settings.py").contains(Planted.key))
            #expect(outputs["left_to_do"]?.array?.isEmpty == false)
            let times = (outputs["timeline"]?.array ?? []).compactMap { $0["time"]?.string }
            #expect(times == times.sorted() && times.count > 3)
            #expect(outputs["timeline"]?.array?.contains { $0["what"] == "The response began" } == true)
            let told = (outputs["timeline"]?.array ?? []).compactMap { $0["what"]?.string }
            #expect(told.contains("CVE-2021-44228 is listed as exploited"))
            #expect(told.contains { $0.hasPrefix("first seen: GitLab access token in web/settings.py") })
            let account = try #require(outputs["account"]?.string)
            #expect(account.hasPrefix("# Key in &lt;script&gt;the&lt;/script&gt; shop\n"))
            #expect(account.contains("## Timeline") && account.contains("2026-06-09 21:00:00"))
            let plain = account.replacing("\\]", with: "")
            #expect(!plain.contains("](") && !plain.contains("<") && !plain.contains("://"))
            #expect(!account.contains(Planted.key))
        }
    }

    @Test func whatIsNotDeclaredIsNotContained() async throws {
        let repository = try PlantedRepository(["web/settings.py": Planted.settings])
        try await PatternHouse.with(repository) { house in
            let run = try await house.start("incident-response", Self.inputs(repository))
            try await house.refuse()
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["declared"] == false && outputs["contained"] == false)
            #expect(try repository.tree.text("web/settings.py") == Planted.settings)
            #expect(try await house.stepState("mend", of: run) == "skipped")
            #expect(outputs["account"]?.string?.contains("## Timeline") == true)
        }
    }
}
