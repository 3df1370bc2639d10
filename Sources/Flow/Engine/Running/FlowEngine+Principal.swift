import Core
import Gate
import JSON

extension FlowEngine {
    /// Whom a run acts as, with the roles of now. The bearer of a token is known by what was shown when the run began.
    /// - Throws: `denied` for a principal that was stopped or removed.
    func principal(of state: RunState) async throws -> Principal {
        let kept = state.principal
        if gate.identity.isStopped(kept.id) {
            throw GatehouseError(
                "flow", .denied, "\(kept.name) (\(kept.id)), as whom the run acts, was stopped",
                hint: "an admin can revive it; then start another run")
        }
        if let found = try? await gate.identity.principal(kept.id) { return found }
        guard kept.id.utf8.contains(UInt8(ascii: "#")) else {
            throw GatehouseError("flow", .denied, "\(kept.name) (\(kept.id)), as whom the run acts, is no longer there")
        }
        return kept
    }

    /// Whom a run acts as, in a session of its own, and whether that was begun now. A new one has seen what the run has.
    /// - Throws: as ``principal(of:)``; `exhausted` for too many sessions, `invalid` for a class that is gone.
    func caller(for state: RunState) async throws -> (caller: Caller, isNew: Bool) {
        let principal = try await principal(of: state)
        if let id = state.session, let session = try? gate.sessions.current(id), session.principalID == principal.id {
            if !state.labels.isSubset(of: session.labels) { gate.sessions.taint(id, with: state.labels) }
            return (Caller(principal: principal, session: session, isLocal: state.isLocal), false)
        }
        let session = try gate.sessions.beginRun(principal, class: state.start.sessionClass, labels: state.labels)
        return (Caller(principal: principal, session: session, isLocal: state.isLocal), true)
    }

    /// As whom runs act that nobody asked for: the service that has the name of the workflow. Where somebody has added
    /// one with roles, the latest of them; else one without.
    func servicePrincipal(of workflow: String) async throws -> Principal {
        let name = "workflow:\(workflow)"
        let known = try await gate.identity.principals().filter { $0.kind == .service && $0.name == name }
        if let latest = known.max(by: { $0.id < $1.id }) { return latest }
        return try await gate.identity.addPrincipal(kind: .service, name: name, roles: [])
    }
}
