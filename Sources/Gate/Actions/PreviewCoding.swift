import JSON

extension Preview {
    var json: JSON {
        [
            "summary": .string(summary), "diff": .string(diff), "facts": facts,
            "undo": undo.map {
                [
                    "tool": .string($0.tool), "target": .string($0.target), "arguments": $0.arguments,
                    "summary": .string($0.summary),
                ]
            } ?? .null,
        ]
    }

    init?(json: JSON) {
        guard let summary = json["summary"]?.string, let diff = json["diff"]?.string, let facts = json["facts"] else {
            return nil
        }
        self.init(summary: summary, diff: diff, facts: facts, undo: json["undo"].flatMap(UndoPlan.init(json:)))
    }
}

extension UndoPlan {
    init?(json: JSON) {
        guard let tool = json["tool"]?.string, let target = json["target"]?.string, let arguments = json["arguments"],
            let summary = json["summary"]?.string
        else { return nil }
        self.init(tool: tool, target: target, arguments: arguments, summary: summary)
    }
}
