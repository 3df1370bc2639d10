import Core
import Flow
import Foundation
import Intent
import Testing

@testable import Hub

/// What texts are taken for. Training takes a second: one understander serves all tests.
@Suite struct UnderstandingTests {
    static let shared = Task {
        try await TrainedUnderstander(
            try Catalogue.builtIn().adding(try WorkflowLibrary(folder: nil).workflows),
            clock: ManualWallClock(Timestamp(seconds: 1_800_000_000)))
    }

    static let gazetteers =
        HouseNames.all + [
            Gazetteer("workflow", values: ["assess-and-fix"]),
            Gazetteer("tool", values: ["scan.assess", "scan.fix", "ledger.prove", "workflow.run", "findings.list"]),
        ]

    private func understood(_ text: String) async throws -> Understanding {
        try await Self.shared.value.understand(text, knowing: Self.gazetteers)
    }

    /// The phrases of Fixtures/hub/held-back.csv were written apart from those that are trained on.
    @Test func textsThatWereHeldBackAreUnderstoodAndStrangeOnesTurnedAway() async throws {
        let path =
            #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Fixtures/hub/held-back.csv"
        let rows = try LabelledTexts(csv: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))).rows
        let (own, strange) = (rows.filter { $0.intent != "oos" }, rows.filter { $0.intent == "oos" })
        try #require(own.count >= 110 && strange.count >= 40)
        let trained = Set(ModelText.examples(try await Self.shared.value.catalogue).map { $0.text.lowercased() })
        #expect(rows.allSatisfy { !trained.contains($0.text.lowercased()) })
        var wrong: [String] = []
        for row in own {
            let intent = try await understood(row.text).intent
            if intent != row.intent { wrong.append("\(row.text): \(intent ?? "nothing"), not \(row.intent)") }
        }
        var fooled: [String] = []
        for row in strange {
            if let intent = try await understood(row.text).intent { fooled.append("\(row.text): \(intent)") }
        }
        let accuracy = 1 - Double(wrong.count) / Double(own.count)
        let recall = 1 - Double(fooled.count) / Double(strange.count)
        #expect(accuracy >= 0.95, "\(accuracy): \(wrong.joined(separator: "; "))")
        #expect(recall >= 0.85, "\(recall): \(fooled.joined(separator: "; "))")
    }

    @Test func eachPhraseIsUnderstoodAsItsIntent() async throws {
        let understander = try await Self.shared.value
        var wrong: [String] = []
        var count = 0
        for intent in understander.catalogue.intents {
            for phrase in intent.phrases where !phrase.contains("{") {
                count += 1
                let found = try await understood(phrase).intent
                if found != intent.name { wrong.append("\(phrase): \(found ?? "nothing"), not \(intent.name)") }
            }
        }
        #expect(count > 300)
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "; "))")
    }

    @Test(arguments: [
        ("show critical findings of shop", "findings.show", ["severity": "critical", "repository": "/srv/shop"]),
        ("Please scan https://example.com/a.git!", "repository.assess", ["repository": "https://example.com/a.git"]),
        ("what changed since yesterday", "findings.digest", ["since": "115200s"]),
        ("prove entry 12 of the ledger", "ledger.prove", ["index": "12"]),
        (
            "tell pagerduty that The scan is done", "integrations.send",
            ["destination": "pagerduty", "title": "The scan is done"]
        ),
        ("run assess and fix", "workflow:assess-and-fix", [:]),
        ("run assess-and-fix", "workflow.run", ["workflow": "assess-and-fix"]),
        ("may I use scan.fix", "policy.may", ["tool": "scan.fix"]),
    ])
    func slotsAreFound(_ text: String, _ intent: String, _ slots: [String: String]) async throws {
        let found = try await understood(text)
        #expect(found.intent == intent)
        #expect(found.slots == slots)
    }

    @Test func whatIsNotUnderstoodComesWithTheNearest() async throws {
        let found = try await understood("what is the weather like in Lisbon")
        #expect(found.intent == nil)
        #expect(found.nearest.count == 3)
    }

    @Test func aWorkflowOfTheLibraryIsUnderstoodByItsOwnPhrases() async throws {
        let workflow = Workflow(
            name: "rotate-keys", title: "Rotate keys", phrases: ["rotate the keys of {service}"],
            inputs: [WorkflowInput(name: "service", isRequired: true)], steps: [], version: "sha256:1")
        let understander = try await TrainedUnderstander(
            try Catalogue.builtIn().adding([workflow]), clock: ManualWallClock())
        let found = understander.understand("please rotate the keys of billing", Names(now: Timestamp(seconds: 0)))
        #expect(found.intent == "workflow:rotate-keys")
        #expect(found.slots == ["service": "billing"])
    }
}

@Suite struct WordingTests {
    @Test func politenessAndMarksAreLeftOut() {
        #expect(Wording("Could you please assess \"shop\", thanks!").plain == "assess shop")
        #expect(Wording("please").plain == "please")
        #expect(Wording("  \n ").words.isEmpty)
    }

    @Test(arguments: ["yes", "Yes!", "go ahead", "OK", " do it. "]) func aClearYesIsOne(_ text: String) {
        #expect(Consent(text) == .yes)
    }

    @Test(arguments: ["no", "No.", "never mind", "don’t"]) func aClearNoIsOne(_ text: String) {
        #expect(Consent(text) == .no)
    }

    @Test(arguments: [
        "yes and delete everything", "I said yes yesterday", "maybe", "the answer is yes", "yes\u{200B}terday", "",
        "yes? no", String(repeating: "yes ", count: 30),
    ])
    func nothingElseIs(_ text: String) { #expect(Consent(text) == nil) }
}

@Suite struct CatalogueTests {
    @Test func thereAreIntentsEnoughAndEachCanBeSaidInManyWays() throws {
        let catalogue = try Catalogue.builtIn()
        #expect(catalogue.intents.count >= 25)
        #expect(catalogue.outOfScope.count >= 80)
        for intent in catalogue.intents {
            #expect(intent.phrases.count >= 12, "\(intent.name)")
            #expect(intent.sayings.count >= 1, "\(intent.name)")
        }
    }

    @Test func noPhraseIsOfTwoIntents() throws {
        var owners: [String: String] = [:]
        for intent in try Catalogue.builtIn().intents {
            for phrase in intent.phrases {
                let plain = Wording(phrase).plain
                let owner = owners[plain] ?? intent.name
                #expect(owner == intent.name, "\"\(phrase)\" is of \(owner) and of \(intent.name)")
                owners[plain] = intent.name
            }
        }
    }

    @Test(arguments: [
        ("intents:\n  - {name: a, phrases: [b]}", "does nothing"),
        ("intents:\n  - {name: a, uses: t.x, phrases: ['show {c}']}", "unknown slot \"c\""),
        ("intents:\n  - {name: a, uses: t.x, phrase: [b]}", "did you mean \"phrases\""),
        ("intents:\n  - {name: a, does: fly, phrases: [b]}", "nothing I do"),
        ("intents:\n  - {name: a, uses: t.x, phrases: [b], slots: {c: {kind: cloud}}}", "no kind of slot"),
        ("intents:\n  - {name: a, uses: t.x, phrases: [b], next: [z]}", "no intent \"z\""),
        ("intents: 3", "no list"), ("[]", "not a mapping"), ("intents: []", "no intents"),
    ])
    func whatIsWrongIsToldWithItsPlace(_ text: String, _ told: String) throws {
        let error = #expect(throws: GatehouseError.self) {
            try CatalogueReader.read(Array(text.utf8), file: "own.yaml")
        }
        #expect(error?.message.contains(told) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("own.yaml:") == true)
    }
}
