import Core
import JSON

/// `gate.session.end`
struct EndSessionTool: Tool {
    let sessions: Sessions

    let descriptor = ToolDescriptor(
        id: "gate.session.end", title: "End a session", summary: "Ends a session. Its principal may begin another.",
        effect: .change,
        arguments: ToolDescriptor.object(
            ["session": AdminArguments.text("Its id: ses_…", to: 40)], required: ["session"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let session = try sessions.current(try action.arguments.textArgument("session"))
        let name = session.sessionClass.name
        return Preview(
            summary: "end session \(session.id) (\(name)) of \(session.principalID), begun \(session.started)",
            facts: ["session": JSON(session.id), "principal": JSON(session.principalID)], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("session")
        try await sessions.end(id)
        return Answer(["session": JSON(id), "ended": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.textArgument("session")
        return sessions.isLive(id) ? .didNotHappen : .happened(Answer(["session": JSON(id), "ended": true]))
    }
}

/// `gate.session.break_glass`: always of the session that asks.
struct BreakGlassTool: Tool {
    let sessions: Sessions

    private static let standardLength = Duration.seconds(900)

    let descriptor = ToolDescriptor(
        id: "gate.session.break_glass", title: "Break the glass",
        summary:
            "Marks this session as acting in an emergency, for an hour at most. Somebody else reviews it afterwards.",
        effect: .change,
        arguments: ToolDescriptor.object(
            [
                "reason": AdminArguments.text("What the emergency is.", from: 10, to: 1000),
                "seconds": [
                    "type": "integer", "description": "How long it lasts; 900 when it is not given.", "minimum": 1,
                    "maximum": 3600,
                ],
            ], required: ["reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let length = try action.arguments.secondsArgument("seconds") ?? Self.standardLength
        let reason = try action.arguments.textArgument("reason")
        return Preview(
            summary:
                "break the glass for \(context.principal.name) for \(length.components.seconds) seconds: \(reason)",
            facts: ["session": JSON(context.session.id), "seconds": JSON(Int64(length.components.seconds))], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let length = try action.arguments.secondsArgument("seconds") ?? Self.standardLength
        let session = try await sessions.breakGlass(
            context.session.id, reason: try action.arguments.textArgument("reason"), for: length)
        return Answer(["session": JSON(session.id), "review": "open"])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        guard let session = try? sessions.current(context.session.id), session.breakGlass != nil else {
            return .didNotHappen
        }
        return .happened(Answer(["session": JSON(session.id), "review": "open"]))
    }
}

/// `gate.review.close`
struct CloseReviewTool: Tool {
    let sessions: Sessions

    let descriptor = ToolDescriptor(
        id: "gate.review.close", title: "Close a break-glass review",
        summary: "Closes the review of a break-glass with a note on what was found. Never by whoever broke the glass.",
        effect: .change,
        arguments: ToolDescriptor.object(
            [
                "review": AdminArguments.text("Its id: rev_…", to: 40),
                "note": AdminArguments.text("What was found.", from: 10, to: 1000),
            ], required: ["review", "note"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try action.arguments.textArgument("review")
        let review = try await sessions.review(id)
        return Preview(
            summary:
                "close the review of the break-glass by \(review.principalID) at \(review.opened): \(review.reason)",
            facts: ["review": JSON(id), "principal": JSON(review.principalID), "session": JSON(review.sessionID)],
            undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.textArgument("review")
        try await sessions.review(id, by: context.principal, note: try action.arguments.textArgument("note"))
        return Answer(["review": JSON(id), "closed": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.textArgument("review")
        let review = try await sessions.review(id)
        return review.isOpen ? .didNotHappen : .happened(Answer(["review": JSON(id), "closed": true]))
    }
}
