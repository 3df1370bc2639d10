import Core
import Crypto
import JSON

extension Gate {
    /// One principal and one key are one action, at the same time, later, and after a restart. A submission that was
    /// refused has not used its key up.
    func once(_ key: String, _ proposal: Proposal, _ caller: Caller) async throws -> Submission {
        _ = try current(caller)
        let fingerprint = try fingerprint(of: proposal)
        let flightKey = Flights.Key(principalID: caller.principal.id, key: key)
        while true {
            let (flight, isFirst) = flights.board(flightKey, fingerprint: fingerprint)
            if isFirst {
                let result: Result<Submission, any Error>
                do { result = .success(try await first(key, proposal, caller, fingerprint)) } catch {
                    result = .failure(error)
                }
                flights.land(flightKey, flight, result)
                return try result.get()
            }
            guard flight.fingerprint == fingerprint else { throw Self.keyTaken(key) }
            switch await flight.result() {
            // The first caller went away before anything was done: this one takes its place.
            case .failure(let error) where GatehouseError.wrapping(error).code == .cancelled && !Task.isCancelled:
                continue
            case let result: return try result.get()
            }
        }
    }

    private func first(_ key: String, _ proposal: Proposal, _ caller: Caller, _ fingerprint: String) async throws
        -> Submission
    {
        guard let kept = try await actions.find(principal: caller.principal.id, idempotencyKey: key) else {
            return try await pass(proposal, caller, fingerprint: fingerprint)
        }
        guard kept.fingerprint == fingerprint else { throw Self.keyTaken(key) }
        return try await replay(kept, to: caller)
    }

    /// What became of an action, as if it had just been submitted.
    private func replay(_ kept: KeptAction, to caller: Caller) async throws -> Submission {
        switch kept.record.state {
        case .done:
            if !kept.labels.isEmpty { sessions.taint(caller.session.id, with: kept.labels) }
            if kept.record.effect == .reveal {
                return .answered(actionID: kept.id, try await collect(kept.id, as: caller), leaf: kept.leaf)
            }
            if let failure = kept.failure { throw failure }
            guard let value = kept.record.answer else {
                throw GatehouseError(
                    "gate", .conflict, "action \(kept.id) is done, and its answer was too large to keep")
            }
            return .answered(actionID: kept.id, Answer(value), leaf: kept.leaf)
        case .waiting:
            return .waiting(actionID: kept.id, approval: try await approvals.approval(ofAction: kept.id))
        case .performing:
            throw GatehouseError(
                "gate", .conflict, "action \(kept.id) is being performed", hint: "look at it again in a while")
        case .unknown, .failed, .denied, .expired:
            throw kept.failure
                ?? GatehouseError("gate", .conflict, "action \(kept.id) is \(kept.record.state.rawValue)")
        }
    }

    /// Keyed, because arguments may hold what a plain hash would let somebody guess.
    private func fingerprint(of proposal: Proposal) throws -> String {
        let request = proposal.request
        let parts: JSON = [
            "tool": .string(request.tool), "target": .string(request.target), "arguments": request.arguments,
            "undoes": proposal.undoes.map { .string($0) } ?? .null,
        ]
        let canonical: [UInt8]
        do { canonical = try parts.canonicalBytes(keepsPrecision: true) } catch {
            throw GatehouseError(
                "gate", .invalid, "the arguments cannot be put into canonical form", cause: error.description)
        }
        let code = HMAC<SHA256>.authenticationCode(for: [UInt8]("gate.request\n".utf8) + canonical, using: requestKey)
        return Hex.encode(code)
    }

    private static func keyTaken(_ key: String) -> GatehouseError {
        GatehouseError(
            "gate", .conflict, "the idempotency key \"\(key.prefix(60))\" was used for another request",
            hint: "use a new key for each request")
    }
}
