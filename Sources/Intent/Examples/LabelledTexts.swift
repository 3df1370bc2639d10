import Core

/// The rows of a file of labelled texts: CSV with a column of texts and one of intents.
public struct LabelledTexts: Sendable, Hashable {
    public struct Limits: Sendable, Hashable {
        public var bytes = 128 << 20
        public var rows = 500_000
        /// Bytes of an intent's name.
        public var name = 256

        public init() {}
    }

    public var rows: [LabelledText]

    /// Columns go by their names, in any order and with others between them; without a header the first is the text and
    /// the second the intent.
    ///
    /// - Throws: `invalid` or `tooLarge` with the line, for what is no CSV, lacks a column or an intent.
    public init(csv bytes: [UInt8], limits: Limits = Limits()) throws {
        guard bytes.count <= limits.bytes else {
            throw GatehouseError("intent", .tooLarge, "the file is larger than \(limits.bytes) bytes")
        }
        var reader = CSVReader(bytes)
        guard let first = try reader.next() else {
            throw GatehouseError(
                "intent", .invalid, "the file has no rows",
                hint: "write a text and its intent on each line: text,intent")
        }
        let columns = Columns(header: first)
        let plain = Columns(text: 0, intent: 1, count: first.fields.count)
        rows = columns == nil ? [try plain.row(first, limits)] : []
        while let record = try reader.next() {
            guard rows.count < limits.rows else {
                throw GatehouseError("intent", .tooLarge, "line \(record.line): more than \(limits.rows) rows")
            }
            rows.append(try (columns ?? plain).row(record, limits))
        }
        guard !rows.isEmpty else {
            throw GatehouseError(
                "intent", .invalid, "the file has a header and no rows",
                hint: "write a text and its intent on each line below it")
        }
    }
}

/// Where a record has its text and its intent.
private struct Columns {
    private static let textNames = [
        "text", "utterance", "sentence", "query", "question", "phrase", "message", "input", "example",
    ]
    private static let intentNames = ["intent", "label", "category", "class", "target", "intent_name", "label_text"]

    let text: Int
    let intent: Int
    /// Of a record's fields.
    let count: Int

    init(text: Int, intent: Int, count: Int) {
        self.text = text
        self.intent = intent
        self.count = count
    }

    /// Nil where the record is no header.
    init?(header: CSVReader.Record) {
        let names = header.fields.map { $0.lowercased().filter { !$0.isWhitespace } }
        let text = Self.textNames.lazy.compactMap { names.firstIndex(of: $0) }.first
        let intent = Self.intentNames.lazy.compactMap { names.firstIndex(of: $0) }.first
        guard let text, let intent else { return nil }
        self.init(text: text, intent: intent, count: names.count)
    }

    func row(_ record: CSVReader.Record, _ limits: LabelledTexts.Limits) throws -> LabelledText {
        guard record.fields.count > max(text, intent), record.fields.count <= count else {
            throw GatehouseError(
                "intent", .invalid, "line \(record.line): fields: \(record.fields.count); needed: \(max(2, count))",
                hint: "separate text and intent by a comma, and put a text that has commas in quotation marks")
        }
        let name = String(record.fields[intent].drop(while: \.isWhitespace).trimmingEnd())
        guard !name.isEmpty else {
            throw GatehouseError(
                "intent", .invalid, "line \(record.line): the intent is empty",
                hint: "give the row an intent; a text that belongs to none is of the intent oos")
        }
        guard name.utf8.count <= limits.name else {
            throw GatehouseError(
                "intent", .tooLarge, "line \(record.line): an intent's name of more than \(limits.name) bytes",
                hint: "is the text in the column of intents?")
        }
        return LabelledText(record.fields[text], intent: name, line: record.line)
    }
}

extension Substring {
    fileprivate func trimmingEnd() -> Substring {
        var rest = self
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
