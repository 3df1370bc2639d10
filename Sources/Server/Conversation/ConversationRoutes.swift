import Core
import Dialects
import Gate
import HTTPTypes
import Hub
import HummingbirdCore
import JSON

/// Conversations over HTTP: one is begun, something is said in it, and it can be read again. Each is its principal's own.
struct ConversationRoutes: Sendable {
    let rooms: Rooms
    let hub: Hub
    let transcriber: Transcriber

    static let path = "/api/v1/conversations"

    /// Whether a recording is posted there.
    static func takesSpeech(_ target: String) -> Bool {
        target.hasPrefix(path) && target.prefix { $0 != "?" }.hasSuffix("/speech")
    }

    /// Conversations in a list.
    static let listed = 100

    var routes: [Route] {
        [
            Route(.get, "/api/v1/conversations", access: .principal, operation: listOperation) { call in
                let limit = try call.number("limit", default: Self.listed, in: 1...1000)
                let records = try await hub.conversations(of: try call.principal().id, limit: limit)
                return .page("conversations", records.map(\.json))
            },
            Route(.post, "/api/v1/conversations", access: .principal, operation: beginOperation) { call in
                .json(try await hub.begin(as: try rooms.caller(call)).json, status: .created)
            },
            Route(.get, "/api/v1/conversations/{id}/messages", access: .principal, operation: readOperation) { call in
                let messages = try await hub.messages(of: call.parameter("id"), as: try call.principal().id)
                return .page("messages", messages.map(\.json))
            },
            Route(
                .post, "/api/v1/conversations/{id}/messages", access: .principal, unhurried: true,
                operation: sayOperation
            ) { call in
                let text = try call.json().text("text")
                let reply = try await hub.say(text, in: call.parameter("id"), as: try rooms.caller(call))
                return .json(reply.json)
            },
            Route(
                .post, "/api/v1/conversations/{id}/speech", access: .principal, unhurried: true,
                operation: speakOperation, handler: hear),
        ]
    }

    /// Whose conversation it is not, spends no model's time.
    private func hear(_ call: Call) async throws -> Response {
        let (id, caller) = (call.parameter("id"), try rooms.caller(call))
        _ = try await hub.messages(of: id, as: caller.principal.id)
        let recording = try Recording(call.body, mediaType: call.headers[.contentType] ?? "")
        let text = try await transcriber.text(of: recording, as: caller)
        var answer = try await hub.say(text, in: id, as: caller, by: .spoken).json
        answer["heard"] = .string(text)
        return .json(answer)
    }

    private static let conversation = Schema.object(
        [
            "id": Schema.string(), "principal": Schema.string(), "started": Schema.time(), "updated": Schema.time(),
            "messages": Schema.integer("how many were said"),
        ])

    private static let reply = Schema.object(
        ["text": Schema.string(), "suggestions": Schema.list(of: Schema.string("what may be said next"))],
        optional: [
            "plan": Schema.anyObject, "table": Schema.anyObject, "action": Schema.string(),
            "approval": Schema.string(), "run": Schema.string(), "link": Schema.string(), "intent": Schema.string(),
        ])

    private static let heard = Schema.object(
        ["heard": Schema.string("what was understood"), "text": Schema.string()], optional: ["plan": Schema.anyObject])

    private static let message = Schema.object(
        ["number": Schema.integer(), "role": Schema.string(), "text": Schema.string(), "time": Schema.time()],
        optional: ["data": Schema.anyObject])

    private var listOperation: Operation {
        Operation(
            "listConversations", "conversation", "Your conversations, the latest first.", query: [Operation.limit],
            answers: [200: .json(Schema.page("conversations", of: Self.conversation))])
    }
    private var beginOperation: Operation {
        Operation(
            "beginConversation", "conversation", "Begins a conversation.", answers: [201: .json(Self.conversation)])
    }
    private var readOperation: Operation {
        Operation(
            "readConversation", "conversation", "What was said, in order.",
            answers: [200: .json(Schema.page("messages", of: Self.message))])
    }
    private var sayOperation: Operation {
        Operation(
            "say", "conversation",
            "Says something. What only reads is done at once; what changes something is shown as a plan first, and done after a yes.",
            request: Schema.object(["text": Schema.string()]), answers: [200: .json(Self.reply)])
    }
    private var speakOperation: Operation {
        Operation(
            "speak", "conversation",
            "Says something as a recording, the body being the sound. A yes that is spoken agrees to nothing.",
            answers: [200: .json(Self.heard)])
    }
}
