import JSON

/// The cells of a Jupyter notebook (nbformat 3 and 4) as the texts that a person sees, each with its name.
enum Notebook {
    struct Part {
        /// `cell-3/source`, `cell-3/output-1`, `metadata`; cells and outputs count from 1.
        var name: String
        var text: [UInt8]
    }

    private static let limits = JSON.Limits(bytes: 64 << 20, depth: 128, values: 2_000_000)

    static func isOne(_ path: [UInt8]) -> Bool { path.suffix(6).elementsEqual(".ipynb".utf8) }

    /// Nil where it is no notebook, so that it is to be read as the text that it is.
    static func parts(_ bytes: [UInt8]) -> [Part]? {
        guard let json = try? JSON.parse(bytes, limits: limits), json["nbformat"] != nil else { return nil }
        guard let cells = json["cells"]?.array ?? json["worksheets"]?.array.map({ $0.flatMap(cells) }) else {
            return nil
        }
        var parts: [Part] = []
        for (index, cell) in cells.enumerated() {
            let name = "cell-\(index + 1)"
            add("\(name)/source", text(cell["source"] ?? cell["input"]), to: &parts)
            for (number, output) in (cell["outputs"]?.array ?? []).enumerated() {
                add("\(name)/output-\(number + 1)", self.output(output), to: &parts)
            }
            add("\(name)/metadata", metadata(cell), to: &parts)
        }
        add("metadata", metadata(json), to: &parts)
        return parts
    }

    private static func cells(_ worksheet: JSON) -> [JSON] { worksheet["cells"]?.array ?? [] }

    private static func add(_ name: String, _ text: String, to parts: inout [Part]) {
        if !text.isEmpty { parts.append(Part(name: name, text: Array(text.utf8))) }
    }

    /// A text, or its lines in a list.
    private static func text(_ json: JSON?) -> String {
        guard let json else { return "" }
        return json.string ?? (json.array ?? []).compactMap(\.string).joined()
    }

    /// Streams, results by their types except pictures, and errors with their traces.
    private static func output(_ output: JSON) -> String {
        var texts = [text(output["text"]), text(output["evalue"])]
        texts += (output["traceback"]?.array ?? []).compactMap(\.string)
        for (type, value) in output["data"]?.object?.map({ ($0.key, $0.value) }) ?? [] where !type.hasPrefix("image/") {
            let plain = text(value)
            texts.append(plain.isEmpty ? value.text() : plain)
        }
        return texts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func metadata(_ json: JSON) -> String {
        guard let members = json["metadata"]?.object, !members.isEmpty else { return "" }
        return JSON.object(members).text()
    }
}
