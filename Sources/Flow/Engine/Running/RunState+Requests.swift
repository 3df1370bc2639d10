import Core
import Gate
import JSON

extension RunState {
    /// What somebody's wish comes to.
    /// - Throws: `conflict` where the run is not so that it could be; `notFound`, `invalid`.
    func events(for request: RunRequest) throws -> [RunEvent.Kind] {
        switch request {
        case .cancel(let by, let reason):
            guard end == nil else { throw over() }
            return closing == nil ? [.cancelled(by: by, reason: reason)] : []
        case .settle(let step, let index, let settlement, let by, let reason):
            let ref = try stuck(step, index)
            return [.settled(ref, try kept(settlement, of: ref), by: by, reason: reason)]
        case .undo(let request): return [.undo(try checked(request))]
        case .deliver(let name, let event): return hear(name, event)
        }
    }

    private func over() -> GatehouseError {
        GatehouseError("flow", .conflict, "run \(id) is over: it has \(status.rawValue)")
    }

    // MARK: Stuck

    private func stuck(_ step: String?, _ index: Int) throws -> StepRef {
        let stuck = underWay.filter { ref in if case .stuck? = instance(ref)?.phase { true } else { false } }
        let meant = stuck.filter { step == nil || ($0.step == step && $0.index == index) }
        guard let first = meant.first else {
            throw GatehouseError(
                "flow", .conflict, "run \(id) has no step\(step.map { " \($0)" } ?? "") whose outcome is unknown",
                hint: stuck.isEmpty ? nil : "these are: \(stuck.map(\.shown).joined(separator: ", "))")
        }
        guard meant.count == 1 else {
            throw GatehouseError(
                "flow", .invalid, "the outcomes of several steps of run \(id) are unknown",
                hint: "name one of \(stuck.map(\.shown).joined(separator: ", "))")
        }
        return first
    }

    private func kept(_ settlement: RunSettlement, of ref: StepRef) throws -> Settlement {
        switch settlement {
        case .happened(let result): .happened(try outputs(of: ref, answer: result))
        case .didNotHappen: .didNotHappen
        case .fail: .givenUp
        }
    }

    // MARK: Undoing

    private func checked(_ request: UndoRequest) throws -> UndoRequest {
        guard end != nil else {
            throw GatehouseError(
                "flow", .conflict, "run \(id) is not over: it is \(status.rawValue)", hint: "cancel it first")
        }
        guard status != .undone else { throw over() }
        guard let from = request.from else { return request }
        guard step(from) != nil else {
            throw GatehouseError(
                "flow", .notFound, "\(workflow.name) has no step \"\(from.prefix(60))\"",
                hint: Suggestion.nearest(to: from, among: workflow.steps.map(\.id)).map { "did you mean \"\($0)\"?" })
        }
        guard steps[from]?.instances.contains(where: { $0.completion != nil }) == true else {
            throw GatehouseError("flow", .conflict, "step \(from) of run \(id) was not done")
        }
        return request
    }

    // MARK: Events

    /// What hears an event goes on with it as its answer.
    private func hear(_ name: String, _ event: JSON) -> [RunEvent.Kind] {
        guard end == nil, closing == nil else { return [] }
        return underWay.compactMap { ref in
            guard case .paused(_, name)? = instance(ref)?.phase, let step = step(ref.step),
                case .wait(.event(_, let condition, _)) = step.kind
            else { return nil }
            do {
                var scope = scope(of: step, index: ref.index)
                scope.contexts["event"] = event
                if let condition, try !holds(condition, in: scope) { return nil }
            } catch {
                return .ended(ref, .failed(.wrapping(error), .refused, actionID: nil, chance: 0.5))
            }
            return .ended(ref, end(of: ref, .answered(event, actionID: nil)))
        }
    }
}
