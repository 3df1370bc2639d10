import Core
import Gate
import JSON
import MCP

/// Results of calls that are ours to word.
enum Reply {
    /// What one of the house's own tools answers: as text for models, and as it is for programs.
    static func structured(_ value: JSON) -> JSON {
        let object: JSON = value.object == nil ? ["result": value] : value
        return ["content": [["type": "text", "text": .string(value.text(pretty: true))]], "structuredContent": object]
    }

    /// An error to clients, since nothing was done; a program reads `_meta`.
    static func waiting(_ action: String, _ approval: Approval, _ url: String) -> JSON {
        let text = """
            \(waitingText(approval)) Nothing has been done yet. They decide at \(url) until \(approval.expires). \
            Make the same call again to learn the outcome.
            """
        return [
            "content": [["type": "text", "text": .string(text)]], "isError": true,
            "_meta": [
                "gatehouse/pending": [
                    "action": .string(action), "approval": .string(approval.id), "url": .string(url),
                    "expires": .string(approval.expires.description),
                ]
            ],
        ]
    }

    /// An error to clients, since nothing was done; a program reads `_meta`.
    static func unauthorized(_ server: String, _ url: String) -> JSON {
        let text = """
            Nothing has been done: the gateway is not yet authorized at \(server) by whoever uses it. A person does that at \
            \(url). Make the same call again after that.
            """
        return [
            "content": [["type": "text", "text": .string(text)]], "isError": true,
            "_meta": ["gatehouse/authorization": ["server": .string(server), "url": .string(url)]],
        ]
    }

    static func waitingText(_ approval: Approval) -> String {
        let people = approval.rule.quorum == 1 ? "a person" : "\(approval.rule.quorum) people"
        return "\(approval.preview.summary): this waits for \(people) to approve it."
    }
}

/// Refusals, in the protocol's words.
enum Refusal {
    /// To the model, which is to see why.
    static func result(_ error: any Error) -> JSON {
        let shown = GatehouseError.wrapping(error)
        var text = "Refused: \(shown.message)."
        if let hint = shown.hint { text += " To go on: \(hint)." }
        return [
            "content": [["type": "text", "text": .string(text)]], "isError": true,
            "_meta": ["gatehouse/error": ["code": .string(shown.code.rawValue), "message": .string(shown.message)]],
        ]
    }

    static func rpc(_ error: any Error) -> RPCError {
        let shown = GatehouseError.wrapping(error)
        return RPCError(code: -32_000, message: shown.message, data: ["code": .string(shown.code.rawValue)])
    }
}
