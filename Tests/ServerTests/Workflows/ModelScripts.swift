import Foundation
import JSON

/// A model that does as it is told: it looks once where it may, and adds words to what the procedure found.
enum WellBehaved {
    static let mark = "The model agrees"

    static func reply(to request: ScriptedUpstream.Request) -> ScriptedUpstream.Reply {
        guard let found = found(in: request.body) else {
            return .says(#"{"value": "approve", "reason": "each change was shown to help"}"#)
        }
        if request.turn == 0, offers("findings-list", request.body) {
            return .calls("findings-list", ["limit": 5])
        }
        return .says("```json\n\(JSON.object(judgement(of: found)).text())\n```")
    }

    /// What the procedure found, from between the marks of its fence; nil where a vote is asked for.
    static func found(in body: JSON) -> JSON? {
        let opening = body["messages"]?[1]?["content"]?.string ?? ""
        guard let start = opening.range(of: "⟦data of the procedure⟧\n"),
            let end = opening.range(of: "\n⟦end of data⟧", range: start.upperBound..<opening.endIndex)
        else { return nil }
        return try? JSON.parse(String(opening[start.upperBound..<end.lowerBound]))
    }

    private static func offers(_ tool: String, _ body: JSON) -> Bool {
        body["tools"]?.array?.contains { $0["function"]?["name"]?.string == tool } == true
    }

    private static func judgement(of found: JSON) -> JSONObject {
        if let text = found["markdown"]?.string { return ["markdown": .string("\(text)\n\n\(mark).\n")] }
        if let text = found["summary"]?.string { return ["summary": .string("\(mark): \(text)")] }
        let gap: JSON = ["about": "judgement", "reason": .string("\(mark), and has seen no traffic")]
        return ["gaps": .array((found["gaps"]?.array ?? []) + [gap])]
    }
}

/// A model as no model should be.
enum Nasty: String, CaseIterable, Sendable {
    case malformed, endless, contradictory, forbidden, stalls, fails

    func reply(to request: ScriptedUpstream.Request) -> ScriptedUpstream.Reply {
        switch self {
        case .malformed:
            request.turn == 0 ? .says(#"{"summary": "all is "#) : .raw(status: 200, #"{"choices": [{"message": {"#)
        case .endless: .endless
        case .contradictory: .says(Self.contradiction(of: WellBehaved.found(in: request.body)).text())
        case .forbidden:
            .calls(
                ["scan-apply_fix", "workflow-run", "gate-approval-vote"][request.turn % 3],
                ["path": "/", "findings": ["fnd_0"], "turn": JSON(request.turn)])
        case .stalls: .silence
        case .fails: .raw(status: 500, #"{"error": {"message": "try later"}}"#)
        }
    }

    /// Nothing is open, all is safe, and the council is of two minds at once.
    private static func contradiction(of found: JSON?) -> JSON {
        guard let found else { return ["value": ["approve": true, "refuse": true], "reason": "both"] }
        var answer: JSONObject = ["summary": "All is well.", "safe": true]
        for name in ["findings", "ranked", "entries", "fixes"] where found[name] != nil { answer[name] = [] }
        if found["risk"] != nil { answer["risk"] = ["level": "none", "score": 0, "counts": [:], "because": []] }
        if found["markdown"] != nil { answer["markdown"] = "# Nothing to report\n" }
        return .object(answer)
    }
}
