import Core
import Gate
import JSON

extension FlowEngine {
    /// Sees that the run below is there, and gives what came of it once it is over.
    func follow(
        _ ref: StepRef, _ child: String, _ workflow: String, _ inputs: JSON, _ run: RunOutline
    ) async -> StepOutcome? {
        do {
            guard let record = try await known(child) else {
                try await begin(child, workflow, inputs, below: run, ref)
                return nil
            }
            guard record.status.isOver else { return nil }
            return .below(try await journal.load(child).labels, Self.outcome(record))
        } catch {
            return .failed(.wrapping(error), .refused)
        }
    }

    private func known(_ run: String) async throws -> RunRecord? {
        do { return try await journal.record(run) } catch let error as GatehouseError where error.code == .notFound {
            return nil
        }
    }

    private func begin(
        _ child: String, _ name: String, _ inputs: JSON, below run: RunOutline, _ ref: StepRef
    ) async throws {
        let workflow = try library.workflow(named: name)
        var start = RunStart(
            id: child, principal: run.start.principal, isLocal: run.start.isLocal,
            sessionClass: run.start.sessionClass, labels: run.labels, trigger: .workflow,
            parent: RunStart.Parent(run: run.id, ref: ref), depth: run.start.depth + 1)
        start.inputs = try InputCheck.values(inputs, for: workflow)
        _ = try await begin(workflow, start)
    }

    private static func outcome(_ record: RunRecord) -> StepOutcome {
        if record.status == .succeeded { return .answered(record.outputs ?? [:], actionID: nil) }
        let error = record.error ?? GatehouseError("flow", .conflict, "the run has \(record.status.rawValue)")
        return .failed(
            GatehouseError(
                "flow", error.code,
                "run \(record.id) of \(record.workflow) has \(record.status.rawValue): \(error.message)",
                cause: error.cause, hint: error.hint), .failed)
    }
}
