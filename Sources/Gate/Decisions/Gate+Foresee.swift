public import Core
import JSON

extension Gate {
    /// Of the policy in force: changes whenever a decision could.
    public var policyRevision: String { decider.revision }

    /// What a request would do at the most, by its tool's own word.
    /// - Throws: `not_found` for a tool that there is not, `invalid` for arguments that it does not take; what the tool says.
    public func effect(of request: ActionRequest) throws -> Effect {
        try effect(of: request.arguments, try tools.entry(request.tool))
    }

    /// Which of these requests might be performed, or asked for, by what policy says now: for lists of what somebody can do.
    ///
    /// Each is decided upon as it stands, mostly with no arguments yet; nothing is inspected, previewed, performed or
    /// recorded, and what is submitted later is decided anew. What cannot be decided upon is not permitted.
    /// - Throws: `denied` when the session is over.
    @concurrent
    public func foresee(_ requests: [ActionRequest], as caller: Caller) async throws -> [Bool] {
        await permitted(requests, Caller(caller, in: try current(caller)))
    }

    /// The same for somebody who may not be here: as if they began a session of the usual class now.
    @concurrent
    public func foresee(_ requests: [ActionRequest], for principal: Principal) async -> [Bool] {
        await permitted(requests, usual(principal))
    }

    private func permitted(_ requests: [ActionRequest], _ caller: Caller) async -> [Bool] {
        let (decider, time) = (decider, clock.now())
        let id = Identifier.make("act", at: time)
        var permitted: [Bool] = []
        permitted.reserveCapacity(requests.count)
        for request in requests { permitted.append(await isPermitted(request, id, time, decider, caller)) }
        return permitted
    }

    private func usual(_ principal: Principal) -> Caller {
        let now = clock.now()
        return Caller(
            principal: principal,
            session: Session(
                id: "", principalID: principal.id, sessionClass: .standard, labels: [], started: now, expires: now))
    }

    /// Whether all requests might be performed, or asked for, that differ from this one by target and arguments only and have
    /// the same effect and clearance, whatever the time: for long lists. Nil where policy looks at more than that, so that
    /// each has to be decided upon by itself.
    /// - Throws: `denied` when the session is over.
    @concurrent
    public func foresee(all request: ActionRequest, as caller: Caller) async throws -> Bool? {
        await isPermitted(all: request, Caller(caller, in: try current(caller)))
    }

    /// The same for somebody who may not be here: as if they began a session of the usual class now.
    @concurrent
    public func foresee(all request: ActionRequest, for principal: Principal) async -> Bool? {
        await isPermitted(all: request, usual(principal))
    }

    private func isPermitted(all request: ActionRequest, _ caller: Caller) async -> Bool? {
        guard let input = foreseen(request, "", clock.now(), caller) else { return false }
        guard let decision = await decider.settled(input) else { return nil }
        return DecisionFloor.applied(to: decision, on: input).verdict != .deny
    }

    private func isPermitted(
        _ request: ActionRequest, _ id: String, _ time: Timestamp, _ decider: any Decider, _ caller: Caller
    ) async -> Bool {
        guard let input = foreseen(request, id, time, caller), let decision = try? await decider.foresee(input) else {
            return false
        }
        return DecisionFloor.applied(to: decision, on: input).verdict != .deny
    }

    /// Nil for a tool that there is not.
    private func foreseen(
        _ request: ActionRequest, _ id: String, _ time: Timestamp, _ caller: Caller
    ) -> DecisionInput? {
        guard let entry = try? tools.entry(request.tool) else { return nil }
        // A tool may want arguments before it can tell: until then it may do the most that it can.
        let effect = (try? entry.tool.effect(of: request.arguments)) ?? entry.descriptor.effect
        return DecisionInput(
            principal: caller.principal, session: caller.session,
            action: Action(id: id, tool: request.tool, target: request.target, arguments: request.arguments),
            effect: effect, labels: [], preview: nil, time: time, sendsOutside: entry.descriptor.sendsOutside,
            clearance: entry.tool.clearance(for: request.arguments),
            approval: entry.tool.approval(for: request.arguments))
    }
}

extension Caller {
    fileprivate init(_ caller: Caller, in session: Session) {
        self.init(principal: caller.principal, session: session, isLocal: caller.isLocal)
    }
}
