import Core
import Gate
import HTTPTypes
import Hub
import HummingbirdCore
import JSON

/// The conversation in the console. Works without a script: what is said is a form, and the answer a page.
struct ChatPages: Sendable {
    let page: Page
    let rooms: Rooms
    let hub: Hub

    private static let longest = 4096

    var routes: [Route] {
        [
            Route(.get, "/chat", access: .console, handler: list),
            Route(.get, "/chat/{id}", access: .console, handler: show),
            Route(.post, "/chat", access: .console, unhurried: true) { call in
                let form = try page.form(call)
                let caller = try rooms.caller(call)
                let conversation = try await hub.begin(as: caller)
                if let text = form["text"], !text.isEmpty {
                    _ = try await hub.say(text, in: conversation.id, as: caller)
                }
                return .seeOther("/chat/\(conversation.id)#say")
            },
            Route(.post, "/chat/{id}", access: .console, unhurried: true) { call in
                let form = try page.form(call)
                guard let text = form["text"], !text.isEmpty else {
                    throw GatehouseError("console", .invalid, "there is nothing to say", hint: "write something first")
                }
                _ = try await hub.say(text, in: call.parameter("id"), as: try rooms.caller(call))
                return .seeOther("/chat/\(call.parameter("id"))#say")
            },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let now = rooms.clock.now()
        let records = try await hub.conversations(of: try call.principal().id, limit: 50)
        let values: Shown.Values = [
            "conversations": records.map {
                ["id": $0.id, "when": Shown.time($0.updated, at: now)] as Shown.Values
            }, "any": !records.isEmpty, "longest": Self.longest,
        ]
        return try page.response(
            "chats", title: "Chat", place: "/chat", call: call, waiting: try await rooms.waitingCount(), values: values)
    }

    private func show(_ call: Call) async throws -> Response {
        let id = call.parameter("id")
        let now = rooms.clock.now()
        let messages = try await hub.messages(of: id, as: try call.principal().id)
        let suggestions = (messages.last?.data?["suggestions"]?.array ?? []).compactMap(\.string)
        let asks = messages.last?.data?["plan"] != nil
        let values: Shown.Values = [
            "id": id, "messages": messages.map { Self.row($0, now) }, "longest": Self.longest,
            "suggestions": suggestions, "asks": asks, "offers": !asks && !suggestions.isEmpty,
        ]
        return try page.response(
            "chat", title: "Chat", place: "/chat", call: call, waiting: try await rooms.waitingCount(), values: values)
    }

    /// `priority_reason` as people write it.
    private static func heading(_ name: String) -> String {
        String(name.map { $0 == "_" ? " " : $0 })
    }

    private static func row(_ message: Message, _ now: Timestamp) -> Shown.Values {
        let data = message.data ?? [:]
        var row: Shown.Values = [
            "number": message.number, "isOwn": message.role == .person, "text": message.text,
            "when": Shown.time(message.time, at: now),
        ]
        if let table = data["table"] {
            row["table"] =
                [
                    "columns": (table["columns"]?.array ?? []).compactMap(\.string).map(Self.heading),
                    "rows": (table["rows"]?.array ?? []).map { cells in
                        ["cells": (cells.array ?? []).compactMap(\.string)] as Shown.Values
                    },
                ] as Shown.Values
        }
        if let plan = data["plan"] {
            var shown: Shown.Values = ["title": plan["title"]?.string ?? "", "effect": plan["effect"]?.string ?? ""]
            shown["arguments"] = plan["arguments"].flatMap(Shown.pretty)
            row["plan"] = shown
        }
        for name in ["action", "approval", "run", "link"] { row[name] = data[name]?.string }
        return row
    }
}
