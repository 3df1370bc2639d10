import ArgumentParser
import Intent

struct IntentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intent", abstract: "Teach what people ask for, and tell it from what they write.",
        discussion: """
            Needs no running house. Files are CSV (RFC 4180, UTF-8) with a column of texts (text, utterance, sentence, query, …) \
            and one of intents (intent, label, category, …); without a header the first column is the text and the second the \
            intent. Texts of no intent are of the intent oos.
            """,
        subcommands: [IntentTrain.self, IntentEval.self, IntentExplain.self])
}

/// What the commands read.
enum IntentFiles {
    static func texts(_ path: String) throws -> [LabelledText] {
        let bytes = try WholeFile.read(path, limit: LabelledTexts.Limits().bytes)
        return try LabelledTexts(csv: bytes).rows
    }

    static func model(_ path: String) throws -> IntentModel {
        try IntentModel(decoding: try WholeFile.read(path, limit: IntentModel.maximumBytes))
    }
}
