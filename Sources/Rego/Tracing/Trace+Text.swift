public import JSON

extension Trace {
    private static let greatestIndent = 40
    private static let greatestPlace = 40

    /// A line for each event, as `opa eval --explain` prints them: the place, and the event indented by what is around
    /// it. The last line says so where the trace was cut.
    ///
    /// - Parameter withVariables: the values of an expression's variables after it.
    public func lines(withVariables: Bool = false) -> [String] {
        let places = events.map { Self.place(of: $0) }
        let width = places.reduce(0) { max($0, $1.count) }
        var lines: [String] = []
        for (event, place) in zip(events, places) {
            let padding = String(repeating: " ", count: width - place.count + 1)
            lines.append(place + padding + Self.indent(event.depth) + Self.text(of: event, withVariables))
        }
        if isCut { lines.append("the trace was cut after \(events.count) events") }
        return lines
    }

    private static func place(of event: Event) -> String {
        guard event.row > 0 else { return "" }
        let place = "\(event.file):\(event.row)"
        return place.count <= greatestPlace ? place : "…" + place.suffix(greatestPlace - 1)
    }

    private static func indent(_ depth: Int) -> String {
        let bars = String(repeating: "| ", count: min(depth, greatestIndent))
        return depth <= greatestIndent ? bars : bars + "(\(depth)) "
    }

    private static func text(of event: Event, _ withVariables: Bool) -> String {
        var text = "\(event.operation.rawValue) "
        if event.operation == .note {
            RegoValue.quote(event.message, to: &text)
            return text
        }
        text += event.node
        guard withVariables, !event.variables.isEmpty else { return text }
        let shown = event.variables.map { "\($0.name): \($0.isCut ? $0.value.text ?? "" : $0.value.description)" }
        return text + "  {" + shown.joined(separator: ", ") + "}"
    }

    /// An `explanation` as OPA's Data API gives it, save that a node is the text of the policy and not its syntax tree:
    /// `[{"op": "enter", "query_id": 1, "parent_id": 0, "type": "rule", "node": "data.app.allow", "locals": [{"key":
    /// {"type": "var", "value": "x"}, "value": {"type": "number", "value": 1}}], "location": {"file": "app.rego", "row":
    /// 3, "col": 1}}]`
    public var json: JSON { .array(events.map { Self.json(of: $0) }) }

    private static func json(of event: Event) -> JSON {
        var object: JSONObject = [
            "op": JSON(event.operation.rawValue.lowercased()), "query_id": JSON(event.query),
            "parent_id": JSON(event.parent), "type": JSON(event.subject.rawValue), "node": JSON(event.node),
        ]
        if !event.variables.isEmpty {
            object["locals"] = .array(event.variables.map { json(of: $0) })
        }
        if !event.message.isEmpty { object["message"] = JSON(event.message) }
        object["location"] = ["file": JSON(event.file), "row": JSON(event.row), "col": JSON(event.column)]
        return .object(object)
    }

    private static func json(of variable: Variable) -> JSON {
        var value: JSONObject = ["type": JSON(variable.value.typeName), "value": variable.value.json]
        if variable.isCut { value["cut"] = true }
        return [
            "key": ["type": JSON(variable.isPart ? "ref" : "var"), "value": JSON(variable.name)],
            "value": .object(value),
        ]
    }
}
