import ArgumentParser
import Core
import Intent
import JSON

struct IntentExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a text is taken for, why, and what it names.",
        discussion: """
            Shows the likeliest intents, the words and parts of words that speak for the first or against it, and the slots: \
            durations, times, numbers, severities, ids, paths and the names given with --names. Exit codes: 0 an intent · 1 out \
            of scope · 2 wrong usage · 6 a damaged model.
            """)

    @Argument(help: "The text, or - for standard input.") var text: String
    @Option(help: ArgumentHelp("The model.", valueName: "file")) var model: String
    @Option(help: "How many intents to show.") var top = 5
    @Option(
        help: ArgumentHelp(
            "Names to look for, several times for several kinds: service=checkout,payment-api", valueName: "kind=list"))
    var names: [String] = []
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let model = try IntentFiles.model(model)
        let text = text == "-" ? String(decoding: try StandardInput.read(limit: 1 << 16), as: UTF8.self) : text
        let answer = model.classify(text)
        let evidence = answer.ranked.first.map { model.evidence(for: $0.intent, in: text) } ?? []
        let slots = SlotTagger(try names.map(gazetteer)).slots(in: text)
        Terminal.data(
            json
                ? object(answer, evidence, slots, model).text(pretty: true) + "\n"
                : report(answer, evidence, slots, text, model))
        if answer.isOutOfScope { throw ExitStatus.found.code }
    }

    private func gazetteer(_ names: String) throws -> Gazetteer {
        let parts = names.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw GatehouseError(
                "intent", .invalid, "--names \(names) has no kind",
                hint: "write it so: --names service=checkout,payment-api")
        }
        return Gazetteer(String(parts[0]), values: parts[1].split(separator: ",").map(String.init))
    }

    // MARK: - For people

    private func report(
        _ answer: Classification, _ evidence: [Evidence], _ slots: [Slot], _ text: String, _ model: IntentModel
    ) -> String {
        var ranked = answer.ranked.prefix(max(1, top)).map { [$0.intent, Figures.percent($0.probability)] }
        ranked.append(["out of scope", Figures.percent(answer.outOfScope)])
        var out = "\(Plain.text(answer.intent))  \(Figures.percent(answer.confidence))\n"
        if answer.isOutOfScope {
            out +=
                "in scope: \(Figures.percent(1 - answer.outOfScope)), below the threshold of \(Figures.percent(model.threshold))\n"
        }
        out += "\n" + Table(columns: ["INTENT", "CONFIDENCE"], rows: ranked).text
        if let best = answer.ranked.first, !evidence.isEmpty {
            let rows = evidence.map { ["\($0.weight < 0 ? "against" : "for")", signed($0.weight), $0.text] }
            out += "\n" + Table(columns: ["\(best.intent)", "SCORE", "PART OF THE TEXT"], rows: rows).text
        }
        guard !slots.isEmpty else { return out }
        let bytes = Array(text.utf8)
        let rows = slots.map { slot in
            [
                slot.name, slot.value.description, String(decoding: bytes[slot.range], as: UTF8.self),
                slot.source.rawValue,
                Figures.percent(slot.confidence),
                slot.alternatives.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
            ]
        }
        return out + "\n" + Table(columns: ["SLOT", "VALUE", "TEXT", "SOURCE", "CONFIDENCE", "OR"], rows: rows).text
    }

    private func signed(_ weight: Double) -> String {
        let thousandths = Int((abs(weight) * 1000).rounded())
        let digits = String(thousandths % 1000)
        let fraction = String(repeating: "0", count: 3 - digits.count) + digits
        return "\(weight < 0 ? "-" : "+")\(thousandths / 1000).\(fraction)"
    }

    // MARK: - For machines

    private func object(_ answer: Classification, _ evidence: [Evidence], _ slots: [Slot], _ model: IntentModel) -> JSON
    {
        let ranked = answer.ranked.prefix(max(1, top)).map { one -> JSON in
            ["intent": JSON(one.intent), "probability": Figures.json(one.probability)]
        }
        let parts = evidence.map { part -> JSON in ["text": JSON(part.text), "weight": Figures.json(part.weight)] }
        return [
            "intent": JSON(answer.intent), "confidence": Figures.json(answer.confidence),
            "isOutOfScope": JSON(answer.isOutOfScope), "outOfScope": Figures.json(answer.outOfScope),
            "threshold": Figures.json(model.threshold), "ranked": JSON(ranked), "evidence": JSON(parts),
            "slots": JSON(slots.map(object)),
        ]
    }

    private func object(_ slot: Slot) -> JSON {
        let others = slot.alternatives.map { other -> JSON in ["name": JSON(other.name), "value": JSON(other.value)] }
        return [
            "name": JSON(slot.name), "value": JSON(slot.value.description), "start": JSON(slot.range.lowerBound),
            "end": JSON(slot.range.upperBound), "source": JSON(slot.source.rawValue),
            "confidence": Figures.json(slot.confidence), "alternatives": JSON(others),
        ]
    }
}
