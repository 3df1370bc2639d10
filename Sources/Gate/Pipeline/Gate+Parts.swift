public import Core
import JSON

/// What became of an action that is part of another.
public struct PartOutcome: Sendable {
    /// As its own entries in the ledger have it.
    public let actionID: String
    public let result: Result<Submission, GatehouseError>
}

typealias PartSubmitter = @Sendable (ActionRequest, (any Cargo)?) async -> PartOutcome

extension ActionContext {
    /// Submits an action that is part of this one, as the same caller in the same session. It passes the gate by itself,
    /// with its own decision, budget and record, where it says whose part it is. May be called concurrently.
    ///
    /// The failure is `unsupported` for a tool that does not say that it has parts, and for a part that would have parts
    /// itself; else what ``Gate/submit(_:as:carrying:)`` throws.
    public func submit(_ request: ActionRequest, carrying cargo: (any Cargo)? = nil) async -> PartOutcome {
        guard let submitPart else {
            let error = GatehouseError("gate", .unsupported, "\(request.tool) is asked for by a tool that has no parts")
            return PartOutcome(actionID: "", result: .failure(error))
        }
        return await submitPart(request, cargo)
    }
}

extension Gate {
    func partSubmitter(for passage: Passage) -> PartSubmitter? {
        guard passage.descriptor.hasParts else { return nil }
        let caller = Caller(
            principal: passage.principal, session: passage.session, isLocal: passage.isLocal, trace: passage.trace?.span
        )
        return { [self, whole = passage.id] request, cargo in
            let id = Identifier.make("act", at: clock.now())
            var proposal = Proposal(request, cargo: cargo)
            proposal.part = (id, whole)
            do {
                guard tools.find(request.tool)?.descriptor.hasParts != true else {
                    throw GatehouseError("gate", .unsupported, "\(request.tool) cannot be part of an action")
                }
                return PartOutcome(actionID: id, result: .success(try await submit(proposal, as: caller)))
            } catch {
                return PartOutcome(actionID: id, result: .failure(.wrapping(error)))
            }
        }
    }
}
