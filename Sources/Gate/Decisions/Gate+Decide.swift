import Core

extension Gate {
    /// Steps 3 and 4b. A decider that fails has denied.
    /// - Throws: `denied`.
    func decide(_ passage: inout Passage) async throws {
        let decision = try await decision(on: passage)
        passage.decision = decision
        guard decision.verdict != .deny else {
            throw GatehouseError(
                "gate", .denied, "\(passage.action.tool) is denied: \(decision.reason)", cause: "rule \(decision.rule)")
        }
    }

    private func decision(on passage: Passage) async throws -> Decision {
        let input = decisionInput(of: passage)
        do {
            let decision = try await decider.decide(input)
            return DecisionFloor.applied(to: decision, on: input)
        } catch {
            throw GatehouseError(
                "gate", .denied, "no decision was reached, and no decision is a denial",
                from: GatehouseError.wrapping(error))
        }
    }

    func decisionInput(of passage: Passage) -> DecisionInput {
        DecisionInput(
            principal: passage.principal, session: passage.session, action: passage.action, effect: passage.effect,
            labels: passage.labels, preview: passage.preview, time: clock.now(),
            sendsOutside: passage.descriptor.sendsOutside,
            clearance: passage.tool.clearance(for: passage.action.arguments),
            approval: passage.tool.approval(for: passage.action.arguments))
    }

    /// Step 4: what would happen, and how it would be undone.
    /// - Throws: what the tool says; `timeout` after the tool's own limit. Nothing has happened then.
    func makePreview(_ passage: inout Passage) async throws {
        let (tool, action, context) = (passage.tool, passage.action, context(for: passage))
        let outcome = await deadlines.run(for: passage.descriptor.timeout, heedsCancellation: true) {
            try await tool.preview(action, in: context)
        }
        switch outcome {
        case .finished(let result):
            do {
                passage.preview = try await inspectPreview(result.get(), &passage)
            } catch {
                throw await inspectError(.wrapping(error), &passage)
            }
        case .expired:
            throw GatehouseError("gate", .timeout, "the preview of \(action.tool) took too long; nothing was done")
        }
    }
}
