import JSON
import Rego

/// The answers to a query, in the shapes that `opa eval` prints.
struct PolicyAnswers {
    private struct Answer {
        /// One for each expression.
        var values: [RegoValue]
        var bindings: [(name: String, value: RegoValue)]
    }

    private let expressions: [Compiler.QueryExpression]
    private let answers: [Answer]

    init(_ expressions: [Compiler.QueryExpression], _ results: ResultSet) {
        self.expressions = expressions
        answers = results.values.map { result in
            let object = result.object ?? RegoObject()
            let bindings = object.compactMap { key, value -> (String, RegoValue)? in
                guard let name = key.text, !Compiler.Query.isValue(name) else { return nil }
                return (name, value)
            }
            let values = expressions.map { $0.variable.flatMap { object[RegoValue($0)] } ?? .bool(true) }
            return Answer(values: values, bindings: bindings)
        }
    }

    var isEmpty: Bool { answers.isEmpty }

    /// `{"result": [{"expressions": [{"value": true, "text": "data.app.allow", "location": {"row": 1, "col": 1}}],
    /// "bindings": {"x": 1}}]}`, and `{}` where there is no answer.
    var json: JSONObject {
        guard !isEmpty else { return [:] }
        return ["result": .array(answers.map(json))]
    }

    private func json(_ answer: Answer) -> JSON {
        let values = zip(expressions, answer.values).map { expression, value -> JSON in
            [
                "value": value.json, "text": .string(expression.text),
                "location": ["row": JSON(expression.row), "col": JSON(expression.column)],
            ]
        }
        var object: JSONObject = ["expressions": .array(values)]
        if !answer.bindings.isEmpty { object["bindings"] = bindings(answer) }
        return .object(object)
    }

    private func bindings(_ answer: Answer) -> JSON {
        var object: JSONObject = [:]
        for (name, value) in answer.bindings { object[name] = value.json }
        return .object(object)
    }

    func text(_ format: PolicyEval.Format) -> String {
        switch format {
        case .json, .source: JSON.object(json).text(pretty: true) + "\n"
        case .values: lines { JSON.array($0.values.map(\.json)).text(pretty: true) }
        case .bindings: lines { bindings($0).text(pretty: true) }
        case .raw: lines { $0.values.map { $0.text ?? $0.json.text() }.joined(separator: " ") }
        case .pretty: pretty
        }
    }

    private func lines(_ text: (Answer) -> String) -> String { answers.map { text($0) + "\n" }.joined() }

    /// A value by itself, or else a table of variables and of the expressions that have values.
    private var pretty: String {
        guard let first = answers.first else { return "undefined\n" }
        if answers.count == 1, first.bindings.isEmpty, first.values.count == 1 {
            return first.values[0].json.text(pretty: true) + "\n"
        }
        let shown = expressions.indices.filter { expressions[$0].variable != nil }
        let columns = first.bindings.map(\.name) + shown.map { expressions[$0].text }
        let rows = answers.map { answer in
            (answer.bindings.map(\.value) + shown.map { answer.values[$0] }).map { $0.json.text() }
        }
        return columns.isEmpty ? "true\n" : Table(columns: columns, rows: rows).text
    }
}
