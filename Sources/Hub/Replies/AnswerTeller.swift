import Core
import JSON

/// Tells a tool's answer by what its intent says about telling. What stands in the answer is shown and never read as
/// anything else.
struct AnswerTeller {
    private static let rows = 50
    private static let cell = 200
    private static let text = 1000
    private static let body = 3000

    let telling: Telling
    let answer: JSON
    let slots: [String: String]

    var reply: Reply {
        var reply = Reply(words)
        reply.table = table
        if let run = answer["run"]?.string, Identifier.isValid(run, prefix: "run") { reply.run = run }
        return reply
    }

    private var words: String {
        let elements = telling.list.flatMap { answer.member($0)?.array }
        var parts: [String] = []
        if let empty = telling.empty, elements?.isEmpty ?? false {
            parts.append(empty)
        } else if !telling.text.isEmpty {
            parts.append(filled(telling.text))
        }
        if let counts = telling.counts, let object = answer.member(counts)?.object {
            let told = object.compactMap { key, value in value.int.flatMap { $0 > 0 ? "\($0) \(key)" : nil } }
            parts.append(told.isEmpty ? "Nothing is open." : "Open: \(told.joined(separator: ", ")).")
        }
        var text = PlainText.line(parts.joined(separator: " "), limit: Self.text)
        if let body = telling.body, let block = answer.member(body)?.string, !block.isEmpty {
            text += (text.isEmpty ? "" : "\n") + PlainText.block(block, limit: Self.body)
        }
        return text.isEmpty ? "Done." : text
    }

    /// Places of the text are filled once: what comes in is not looked at for places again.
    func filled(_ text: String) -> String {
        ArgumentTemplate.parts(of: text).map { part in
            switch part {
            case .text(let text): return text
            case .slot(let name, _):
                if name.hasPrefix("#") { return String(answer.member(String(name.dropFirst()))?.array?.count ?? 0) }
                if name.hasPrefix("@") { return slots[String(name.dropFirst())] ?? "" }
                return PlainText.line(Self.shown(answer.member(name)), limit: Self.cell)
            }
        }.joined()
    }

    private var table: Reply.Table? {
        guard let list = telling.list, let elements = answer.member(list)?.array, !elements.isEmpty else { return nil }
        let rows = elements.prefix(Self.rows).map { element in
            telling.columns.map { PlainText.line(Self.shown(element.member($0)), limit: Self.cell) }
        }
        return Reply.Table(columns: telling.columns, rows: rows, total: elements.count)
    }

    private static func shown(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: text
        case .bool(let flag)?: flag ? "yes" : "no"
        case let other?: other.text()
        }
    }
}

extension JSON {
    /// `decision.reason`: what lies at the end of names with dots between them.
    func member(_ path: String) -> JSON? {
        path.split(separator: ".").reduce(self as JSON?) { $0?[String($1)] }
    }
}
