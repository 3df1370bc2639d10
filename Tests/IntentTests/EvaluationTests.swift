import Intent
import Testing

@Suite struct EvaluationTests {
    @Test func countsEachTextOnce() async throws {
        let model = try await IntentTrainer().train(Made.texts(40, seed: 1, strangers: 60)).model
        let texts = [
            LabelledText("deploy and ship it", intent: "deploy"),
            LabelledText("restart and reboot it", intent: "deploy"),
            LabelledText("giraffe violin poem", intent: "deploy"), LabelledText("banana ocean recipe", intent: "oos"),
            LabelledText("budget and invoice", intent: "oos"),
            LabelledText("scan it and audit it", intent: "unheard of"),
        ]
        let evaluation = IntentEvaluation(model, on: texts)
        #expect(evaluation.texts == 6 && evaluation.textsInScope == 4 && evaluation.textsOutOfScope == 2)
        #expect(evaluation.accuracyInScope == 0.25 && evaluation.accuracyWithoutThreshold == 0.25)
        #expect(evaluation.accuracy == 2.0 / 6)
        #expect(evaluation.recallOutOfScope == 0.5 && evaluation.precisionOutOfScope == 0.5)
        #expect(evaluation.turnedAway == 1)
        #expect(evaluation.unknownIntents == ["unheard of"])
        let deploy = try #require(evaluation.rows.first { $0.intent == "deploy" })
        #expect(deploy.takenFor.map(\.intent) == ["oos", "restart"] && deploy.precision == 1)
        #expect(evaluation.worst.map(\.intent) == ["unheard of", "deploy", "oos"])
    }

    @Test func nothingHasNoFigures() async throws {
        let model = try await IntentTrainer().train(Made.texts(5, seed: 1)).model
        let evaluation = IntentEvaluation(model, on: [])
        #expect(evaluation.accuracy == nil && evaluation.accuracyInScope == nil && evaluation.recallOutOfScope == nil)
        #expect(evaluation.macroF1 == nil && evaluation.calibrationError == 0)
    }
}
