import Flow
import Gate
import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("Continuous assessment, without a model") struct ContinuousAssessmentTests {
    private static let name = "continuous-assessment"

    @Test func whatIsAgreedToIsMendedAndLookedAtAgain() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await repository.exploit()
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(Self.name, ["path": .string(repository.root)])
            let approval = try await house.agree()
            #expect(approval.preview.summary.contains("is critical"))
            #expect(approval.preview.diff.contains("+Django==4.2.5"))
            let record = try await house.until(run, .succeeded)
            let outputs = try #require(record.outputs)
            #expect(outputs["risk"] == "critical")
            #expect((outputs["after"]?.int ?? .max) < (outputs["before"]?.int ?? 0))
            #expect(outputs["fixed"]?.array?.contains("web/requirements.txt") == true)
            #expect(try repository.tree.text("web/requirements.txt").hasPrefix("Django==4.2.5\n"))
            #expect(try !repository.tree.text("web/settings.py").contains(Planted.key))
            let report = try #require(outputs["report"]?.string)
            #expect(report.contains("## What matters most") && report.contains("2021-12-10"))
            #expect(report.contains("- Agreement of people: agreed") && report.contains("Applying the fixes: done"))
            #expect((outputs["score_left"]?.int ?? .max) < (outputs["score"]?.int ?? 0))
            #expect(approval.preview.summary.hasSuffix("The council: split. Apply the fixes?"))
            #expect(!report.contains(Planted.key) && !record.json.text().contains(Planted.key))
        }
    }

    @Test func whatIsDeniedIsNotMadeAndStillReported() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(Self.name, ["path": .string(repository.root), "apply_safe": true])
            try await house.refuse()
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["fixed"] == [] && outputs["after"] == outputs["before"])
            #expect(outputs["report"]?.string?.contains("- Agreement of people: not agreed") == true)
            for (path, text) in Planted.shop { #expect(try repository.tree.text(path) == text) }
        }
    }

    @Test func itIsTakenBackAsAWhole() async throws {
        let repository = try PlantedRepository([
            "web/requirements.txt": Planted.requirements, "Dockerfile": Planted.dockerfile,
        ])
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(Self.name, ["path": .string(repository.root)])
            try await house.agree()
            try await house.until(run, .succeeded)
            #expect(try repository.tree.text("Dockerfile") != Planted.dockerfile)
            _ = try await house.engine.undo(run, by: try house.caller(), reason: "it broke the build")
            try await house.until(run, .undone)
            #expect(try repository.tree.text("Dockerfile") == Planted.dockerfile)
            #expect(try repository.tree.text("web/requirements.txt") == Planted.requirements)
        }
    }

    @Test func onlyWhatIsSafeUnanimousAndNotCriticalGoesUnasked() async throws {
        let repository = try PlantedRepository(["web/requirements.txt": Planted.requirements])
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            let inputs: JSONObject = ["path": .string(repository.root), "apply_safe": true]
            let run = try await house.start(Self.name, inputs)
            let record = try await house.until(run, .succeeded)
            #expect(try await house.stepState("agree", of: run) == "skipped")
            #expect(record.outputs?["after"] == 0 && record.outputs?["fixed"] == ["web/requirements.txt"])
        }
    }

    @Test(arguments: ["critical asset", "not asked for", "may break"])
    func everythingElsePassesByPeople(_ why: String) async throws {
        var files = ["web/requirements.txt": Planted.requirements]
        if why == "may break" { files["Dockerfile"] = Planted.dockerfile }
        let repository = try PlantedRepository(files)
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            var inputs: JSONObject = ["path": .string(repository.root), "apply_safe": .bool(why != "not asked for")]
            if why == "critical asset" { inputs["criticality"] = "critical" }
            let run = try await house.start(Self.name, inputs)
            _ = try await house.approval()
            try await house.until(run, .waiting)
            for (path, text) in files { #expect(try repository.tree.text(path) == text) }
            try await house.refuse()
            try await house.until(run, .succeeded)
        }
    }

    @Test func aCriticalRiskWithoutAFixPassesByPeopleToo() async throws {
        let repository = try PlantedRepository(["notes.txt": "key \(Planted.key)\n"])
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(Self.name, ["path": .string(repository.root), "criticality": "critical"])
            let approval = try await house.agree()
            #expect(approval.preview.summary.contains("is critical"))
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["fixed"] == [] && outputs["before"] == outputs["after"])
        }
    }

    @Test func nothingOpenAsksNobody() async throws {
        let repository = try PlantedRepository(["README.md": "hello\n"])
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(Self.name, ["path": .string(repository.root)])
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["risk"] == "none" && outputs["before"] == 0)
            #expect(outputs["report"]?.string?.hasPrefix("# Security report") == true)
        }
    }
}
