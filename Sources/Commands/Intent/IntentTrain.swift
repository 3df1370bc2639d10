import ArgumentParser
import Core
import Intent
import JSON
import Synchronization

struct IntentTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Make a model from texts whose intents are known.",
        discussion: """
            The same file gives the same model, to the byte. Confidence and the threshold below which a text is out of scope \
            are set by five-fold cross-validation; texts of the intent oos help much, fifty or more of them. Exit codes: 0 the \
            model is written · 2 a file that cannot be read as texts and intents.
            """)

    @Argument(help: "CSV of texts and intents.") var file: String
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "file")) var out: String
    @Option(
        help: ArgumentHelp(
            "Of a hundred right answers, how many at most may be turned away as out of scope (0 to 50).",
            valueName: "percent"))
    var maxLoss: Double?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard let maxLoss, !(0...50).contains(maxLoss) else { return }
        throw ValidationError("--max-loss is a share from 0 to 50 percent")
    }

    func run() async throws {
        var options = IntentTrainer.Options()
        if let maxLoss { (options.maximumLoss, options.maximumLossUnexampled) = (maxLoss, maxLoss) }
        let rows = try IntentFiles.texts(file)
        let line = Mutex(ProgressLine { Terminal.write(toError: $0) })
        let trained = try await IntentTrainer(options).train(rows) { stage, done, total in
            line.withLock { $0.show(stage: stage.rawValue, done: done, total: total) }
        }
        line.withLock { $0.finish() }
        let bytes = trained.model.encode()
        try WholeFile.write(bytes, to: out)
        sayContradictions(trained.report)
        let report = trained.report
        Terminal.data(json ? object(report, bytes.count).text(pretty: true) + "\n" : text(report, bytes.count))
    }

    private func sayContradictions(_ report: TrainingReport) {
        for contradiction in report.contradictions.prefix(10) {
            let others = contradiction.left.map { "\($0.intent) (line \($0.line))" }.joined(separator: ", ")
            let kept = contradiction.kept
            Terminal.say(
                Plain.text("line \(kept.line): \(kept.intent) is kept; the same text is also \(others)"))
        }
        if report.contradictions.count > 10 {
            Terminal.say("and \(report.contradictions.count - 10) more texts that were given several intents")
        }
    }

    private func text(_ report: TrainingReport, _ size: Int) -> String {
        var rows = [
            ["texts", "\(report.rows)"], ["intents", "\(report.intents)"], ["n-grams", "\(report.features)"],
            ["model", "\(size) bytes"],
        ]
        if report.emptyRows > 0 { rows.append(["empty texts, left out", "\(report.emptyRows)"]) }
        if report.duplicateRows > 0 { rows.append(["duplicates, left out", "\(report.duplicateRows)"]) }
        if !report.contradictions.isEmpty {
            rows.append(["texts given several intents", "\(report.contradictions.count)"])
        }
        rows.append(["accuracy, held back", Figures.percent(report.heldOutAccuracy)])
        rows.append(["the same, with threshold", Figures.percent(report.heldOutAccuracyWithThreshold)])
        if let recall = report.heldOutRecall {
            let what = report.standsIn ? "recall of intents left out" : "recall out of scope"
            rows.append([what, Figures.percent(recall)])
        }
        rows.append(["threshold", Figures.percent(report.threshold)])
        return Table(columns: ["TRAINED ON", Plain.text(file)], rows: rows).text
    }

    private func object(_ report: TrainingReport, _ size: Int) -> JSON {
        let contradictions = report.contradictions.map { contradiction -> JSON in
            let lines = contradiction.left.map { JSON($0.line) }
            return [
                "line": JSON(contradiction.kept.line), "kept": JSON(contradiction.kept.intent), "others": JSON(lines),
            ]
        }
        return [
            "texts": JSON(report.rows), "intents": JSON(report.intents), "features": JSON(report.features),
            "bytes": JSON(size), "emptyRows": JSON(report.emptyRows), "duplicateRows": JSON(report.duplicateRows),
            "contradictions": JSON(contradictions), "heldOutAccuracy": Figures.json(report.heldOutAccuracy),
            "heldOutAccuracyWithThreshold": Figures.json(report.heldOutAccuracyWithThreshold),
            "heldOutRecallOutOfScope": Figures.json(report.heldOutRecall), "standsIn": JSON(report.standsIn),
            "threshold": Figures.json(report.threshold),
        ]
    }
}
