import ArgumentParser
import Core
import Intent
import JSON

struct IntentEval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure a model on texts whose intents are known.",
        discussion: """
            Texts of the intent oos are of none: they are right where the model turns them away. The table has the intents that \
            do worst and what they are taken for. Exit codes: 0 measured (and at least --min-accuracy) · 1 below --min-accuracy · \
            2 a file that cannot be read · 6 a damaged model.
            """)

    @Argument(help: "CSV of texts and intents.") var file: String
    @Option(help: ArgumentHelp("The model.", valueName: "file")) var model: String
    @Option(help: "How many intents the table has.") var worst = 10
    @Option(help: ArgumentHelp("Fail below this accuracy in scope (0 to 100).", valueName: "percent")) var minAccuracy:
        Double?
    @Flag(help: "Print JSON, with every intent.") var json = false

    func run() async throws {
        let model = try IntentFiles.model(model)
        let texts = try IntentFiles.texts(file)
        var line = ProgressLine { Terminal.write(toError: $0) }
        let evaluation = IntentEvaluation(model, on: texts) { done in
            if texts.count >= 20_000 { line.show(stage: "classifying", done: done, total: texts.count) }
        }
        line.finish()
        Terminal.data(json ? IntentFigures.object(evaluation).text(pretty: true) + "\n" : text(evaluation))
        if !evaluation.unknownIntents.isEmpty {
            let names = evaluation.unknownIntents.prefix(5).joined(separator: ", ")
            let count = evaluation.unknownIntents.count
            Terminal.say(
                Plain.text("the model knows nothing of \(count) intents of the file: \(names)\(count > 5 ? ", …" : "")")
            )
        }
        if let minAccuracy, (evaluation.accuracyInScope ?? 0) * 100 < minAccuracy { throw ExitStatus.found.code }
    }

    private func text(_ evaluation: IntentEvaluation) -> String {
        let summary = Table(
            columns: ["FIGURE", "VALUE", "OF TEXTS"],
            rows: IntentFigures.rows(evaluation).map { [$0.name, $0.value, $0.of] })
        let worst = evaluation.worst.prefix(max(0, worst)).map { row in
            [
                row.intent, "\(row.texts)", Figures.percent(row.recall), Figures.percent(row.precision),
                row.takenFor.prefix(3).map { "\($0.intent) \($0.count)" }.joined(separator: ", "),
            ]
        }
        guard !worst.isEmpty else { return summary.text }
        let columns = ["INTENT", "TEXTS", "RECALL", "PRECISION", "TAKEN FOR"]
        return summary.text + "\n" + Table(columns: columns, rows: worst).text
    }
}

/// The figures of an evaluation, under their names.
enum IntentFigures {
    static func rows(_ evaluation: IntentEvaluation) -> [(name: String, value: String, of: String)] {
        let (inside, all) = ("\(evaluation.textsInScope)", "\(evaluation.texts)")
        var rows = [
            ("accuracy in scope", Figures.percent(evaluation.accuracyInScope), inside),
            ("  without threshold", Figures.percent(evaluation.accuracyWithoutThreshold), inside),
            ("  turned away in error", "\(evaluation.turnedAway)", inside),
            ("accuracy over all", Figures.percent(evaluation.accuracy), all),
        ]
        if evaluation.textsOutOfScope > 0 {
            let outside = "\(evaluation.textsOutOfScope)"
            rows.append(("out-of-scope recall", Figures.percent(evaluation.recallOutOfScope), outside))
            rows.append(("out-of-scope precision", Figures.percent(evaluation.precisionOutOfScope), outside))
        }
        rows.append(("macro F1 in scope", Figures.percent(evaluation.macroF1), inside))
        rows.append(("calibration error", Figures.percent(evaluation.calibrationError), all))
        return rows
    }

    static func object(_ evaluation: IntentEvaluation) -> JSON {
        let intents = evaluation.rows.map { row -> JSON in
            let taken = row.takenFor.map { mistake -> JSON in
                ["intent": JSON(mistake.intent), "count": JSON(mistake.count)]
            }
            return [
                "intent": JSON(row.intent), "texts": JSON(row.texts), "right": JSON(row.right),
                "recall": Figures.json(row.recall), "precision": Figures.json(row.precision), "takenFor": JSON(taken),
            ]
        }
        return [
            "texts": JSON(evaluation.texts), "textsInScope": JSON(evaluation.textsInScope),
            "textsOutOfScope": JSON(evaluation.textsOutOfScope),
            "accuracyInScope": Figures.json(evaluation.accuracyInScope),
            "accuracyInScopeWithoutThreshold": Figures.json(evaluation.accuracyWithoutThreshold),
            "accuracy": Figures.json(evaluation.accuracy), "turnedAwayInError": JSON(evaluation.turnedAway),
            "outOfScopeRecall": Figures.json(evaluation.recallOutOfScope),
            "outOfScopePrecision": Figures.json(evaluation.precisionOutOfScope),
            "macroF1": Figures.json(evaluation.macroF1), "calibrationError": Figures.json(evaluation.calibrationError),
            "unknownIntents": JSON(evaluation.unknownIntents.map { JSON($0) }), "intents": JSON(intents),
        ]
    }
}
