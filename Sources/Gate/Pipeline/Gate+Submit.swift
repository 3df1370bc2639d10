import Core
import JSON

extension Gate {
    /// The one way through: inspects, decides, previews, asks people, performs, inspects the answer and records.
    ///
    /// - Returns: the answer, or the approval that is waited for.
    /// - Throws: `denied` (also when the session is over, an inspector refuses or fails, or no decision is reached),
    ///   `invalid` or `notFound` for a malformed request, `exhausted` budgets, `conflict` for a used idempotency key,
    ///   `timeout` when the outcome is unknown, `unavailable` when nothing can be recorded; else what the tool
    ///   reports.
    /// - Parameter cargo: handed to the tool, and never kept: where people would have to be asked, the action is `denied`.
    public func submit(
        _ request: ActionRequest, as caller: Caller, carrying cargo: (any Cargo)? = nil
    ) async throws -> Submission {
        try await submit(Proposal(request, cargo: cargo), as: caller)
    }

    func submit(_ proposal: Proposal, as caller: Caller) async throws -> Submission {
        try proposal.checkLimits()
        guard let key = proposal.request.idempotencyKey else { return try await pass(proposal, caller) }
        return try await once(key, proposal, caller)
    }

    func pass(_ proposal: Proposal, _ caller: Caller, fingerprint: String? = nil) async throws -> Submission {
        var passage = try await admit(proposal, caller)
        passage.fingerprint = fingerprint
        do {
            try await inspectRequest(&passage)
            try await decide(&passage)
            if passage.effect >= .change {
                try await makePreview(&passage)
                try await decide(&passage)
            }
            if case .ask(let rule)? = passage.decision?.verdict {
                try refuseToKeepCargo(of: passage)
                return try await ask(rule, for: passage)
            }
        } catch {
            throw await refused(passage, error)
        }
        return try await perform(passage)
    }

    /// By the time people agree, the cargo would be gone.
    private func refuseToKeepCargo(of passage: Passage) throws {
        guard passage.cargo != nil else { return }
        throw GatehouseError(
            "gate", .denied, "policy asks for an approval, which \(passage.action.tool) cannot wait for",
            cause: passage.decision.map { "rule \($0.rule): \($0.reason)" },
            hint: "have policy allow or deny it")
    }

    // MARK: - Who, and with what

    /// Whether the session still stands, the tool exists and its arguments are well-formed. Whoever is refused here is on
    /// the record as well.
    private func admit(_ proposal: Proposal, _ caller: Caller) async throws -> Passage {
        let time = clock.now()
        let id = proposal.part?.id ?? Identifier.make("act", at: time)
        let request = proposal.request
        let session: Session
        do {
            session = try current(caller)
        } catch {
            await recordTurnedAway(caller, actionID: id, tool: request.tool, error)
            throw error
        }
        guard let entry = tools.find(request.tool) else {
            let error = tools.unknown(request.tool)
            await recordRefusal(of: request.tool, by: caller.principal, in: session, error)
            throw error
        }
        let action = Action(
            id: id, tool: request.tool, target: request.target, arguments: request.arguments,
            idempotencyKey: request.idempotencyKey, undoes: proposal.undoes)
        var passage = Passage(
            principal: caller.principal, session: session, entry: entry, action: action, cargo: proposal.cargo,
            reason: request.reason, submitted: time, isLocal: caller.isLocal, partOf: proposal.part?.whole,
            effect: entry.descriptor.effect)
        do {
            passage.effect = try effect(of: request.arguments, entry)
        } catch {
            await recordRefusal(of: passage, .wrapping(error))
            throw error
        }
        passage.trace = actionListener?.begun(id, under: caller.trace)
        return passage
    }

    /// The session as it stands now: with the labels it has collected since, and only while neither it nor its
    /// principal is ended.
    func current(_ caller: Caller) throws -> Session {
        let session = try sessions.current(caller.session.id)
        guard session.principalID == caller.principal.id else {
            throw GatehouseError("gate", .denied, "session \(session.id) is another principal's")
        }
        return session
    }

    /// Checks the arguments by the tool's schema and by the tool itself.
    func effect(of arguments: JSON, _ entry: ToolRegistry.Entry) throws -> Effect {
        try entry.arguments.check(arguments, of: entry.descriptor.id)
        let effect = try entry.tool.effect(of: arguments)
        guard effect <= entry.descriptor.effect else {
            throw GatehouseError(
                "gate", .internal,
                "\(entry.descriptor.id) is registered as \(entry.descriptor.effect.rawValue) and would \(effect.rawValue) here",
                hint: "register the tool with its greatest effect")
        }
        return effect
    }
}
