import Core
import Intent
import Testing

@Suite struct TrainingTests {
    private let trainer = IntentTrainer()

    @Test func tellsUnseenTextsApart() async throws {
        let trained = try await trainer.train(Made.texts(40, seed: 1))
        let evaluation = IntentEvaluation(trained.model, on: Made.texts(50, seed: 99))
        #expect(try #require(evaluation.accuracyWithoutThreshold) > 0.98)
        #expect(try #require(evaluation.accuracyInScope) > 0.95)
        #expect(trained.report.heldOutAccuracy > 0.95)
    }

    @Test func turnsAwayWhatIsOfNoIntent() async throws {
        let trained = try await trainer.train(Made.texts(40, seed: 1, strangers: 60))
        let evaluation = IntentEvaluation(trained.model, on: Made.texts(50, seed: 99, strangers: 100))
        #expect(try #require(evaluation.recallOutOfScope) > 0.95)
        #expect(try #require(evaluation.accuracyInScope) > 0.95)
        #expect(!trained.report.standsIn)
    }

    @Test func findsAThresholdWithoutExamplesOfWhatIsOfNone() async throws {
        let trained = try await trainer.train(Made.texts(40, seed: 1))
        #expect(trained.report.standsIn && trained.report.threshold > 0)
        #expect(trained.model.classify("giraffe violin sunset over the ocean").isOutOfScope)
        #expect(trained.model.classify("").isOutOfScope)
        #expect(trained.model.classify("Ωμέγα 日本語").isOutOfScope)
    }

    @Test func givesTheSameBytesForTheSameTexts() async throws {
        let rows = Made.texts(20, seed: 3, strangers: 10)
        let (first, second) = (try await trainer.train(rows), try await trainer.train(rows))
        #expect(first.model.encode() == second.model.encode())
        let other = try await trainer.train(Made.texts(20, seed: 4, strangers: 10))
        #expect(first.model.encode() != other.model.encode())
    }

    @Test func probabilitiesAddUpToOneAndRankTheAnswerFirst() async throws {
        let model = try await trainer.train(Made.texts(20, seed: 3, strangers: 20)).model
        let answer = model.classify("ship the new release to production")
        #expect(answer.intent == "deploy" && !answer.isOutOfScope)
        #expect(abs(answer.ranked.reduce(answer.outOfScope) { $0 + $1.probability } - 1) < 1e-9)
        #expect(answer.ranked.map(\.probability) == answer.ranked.map(\.probability).sorted(by: >))
        #expect(!answer.ranked.contains { $0.intent == IntentModel.outOfScope })
        #expect(answer.confidence > 0.5)
    }

    @Test func caseAndPunctuationDoNotDecide() async throws {
        let model = try await trainer.train(Made.texts(20, seed: 3)).model
        #expect(model.classify("RESTART the Service").intent == "restart")
        #expect(model.classify("restart: the service!").intent == "restart")
    }

    @Test func evidenceNamesTheWordsThatDecided() async throws {
        let model = try await trainer.train(Made.texts(40, seed: 1)).model
        let evidence = model.evidence(for: "cost", in: "Show me the budget for production")
        let first = try #require(evidence.first { !$0.text.contains("·") })
        #expect(first.text == "budget" && first.weight > 0)
        #expect(evidence.allSatisfy { !$0.text.isEmpty } && evidence.count <= 10)
        #expect(model.evidence(for: "nothing", in: "budget").isEmpty)
    }

    @Test func keepsOneOfRowsWithOneTextAndSaysWhich() async throws {
        var rows = Made.texts(5, seed: 1)
        let given = rows.count
        rows += [
            LabelledText("do the thing", intent: "deploy", line: 100),
            LabelledText("Do  the THING", intent: "cost", line: 101),
            LabelledText("do the thing", intent: "cost", line: 102), LabelledText(" ", intent: "cost", line: 103),
        ]
        let report = try await trainer.train(rows).report
        #expect(report.emptyRows == 1)
        let contradiction = try #require(report.contradictions.first { $0.kept.line == 101 })
        #expect(contradiction.kept.intent == "cost" && contradiction.left.map(\.line) == [100])
        #expect(report.rows <= given + 1)
    }

    @Test(arguments: [
        [], [LabelledText("a", intent: "x"), LabelledText("b", intent: "x")], [LabelledText(" ", intent: "x")],
    ])
    func needsTwoIntents(_ rows: [LabelledText]) async throws {
        let error = await #expect(throws: GatehouseError.self) { try await trainer.train(rows) }
        #expect(error?.code == .invalid && error?.hint != nil)
    }

    @Test func oneIntentAndTextsOfNoneAreEnough() async throws {
        let rows = Made.texts(20, seed: 1, strangers: 20).filter {
            ["scan", IntentModel.outOfScope].contains($0.intent)
        }
        let model = try await trainer.train(rows).model
        #expect(model.classify("audit the findings").intent == "scan")
        #expect(model.classify("a poem of the ocean").intent == IntentModel.outOfScope)
    }

    @Test func worksWithOneTextOfEachIntent() async throws {
        let rows = [LabelledText("restart it", intent: "a"), LabelledText("what does it cost", intent: "b")]
        let model = try await trainer.train(rows).model
        #expect(model.classify("restart it").ranked.first?.intent == "a")
    }

    @Test func holdsItsLimits() async throws {
        var options = IntentTrainer.Options()
        options.limits.intents = 3
        let error = await #expect(throws: GatehouseError.self) {
            try await IntentTrainer(options).train(Made.texts(2, seed: 1))
        }
        #expect(error?.code == .tooLarge)
        options = IntentTrainer.Options()
        options.limits.features = 50
        #expect(try await IntentTrainer(options).train(Made.texts(20, seed: 1)).model.featureCount == 50)
    }

    @Test func givesUpWhenItIsCancelled() async throws {
        let rows = Made.texts(20, seed: 1)
        let task = Task { try await trainer.train(rows) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
