import Core
import JSON

/// At start: what the last run left in the middle.
extension Gate {
    /// How it ended is in the ledger, where it had come so far. Else it is unknown now, is recorded as such and looked into,
    /// and never repeated.
    func recover() async throws {
        let cut = try await actions.list(limit: 10_000, before: nil, state: .performing)
        let open = try await actions.list(limit: 10_000, before: nil, state: .unknown)
        let ends = try RecordedEnds(of: Set((cut + open).map(\.id)), in: recorder.ledger)
        for kept in cut where try await !conclude(kept, as: ends[kept.id]) { try await markUnknown(kept) }
        for kept in open { _ = try await conclude(kept, as: ends[kept.id]) }
        let unknown = try await actions.list(limit: 10_000, before: nil, state: .unknown)
        await withDiscardingTaskGroup { group in
            for kept in unknown {
                guard let passage = try? await passage(of: kept, approvalID: nil) else { continue }
                group.addTask { await self.reconcile(passage, limit: Self.patience(with: passage)) }
            }
        }
    }

    /// The start waits for it.
    private static func patience(with passage: Passage) -> Duration { min(passage.descriptor.timeout, .seconds(10)) }

    private func markUnknown(_ kept: KeptAction) async throws {
        let lost = GatehouseError(
            "gate", .timeout,
            "the outcome of \(kept.record.action.tool) was not seen: the process ended while it was performed",
            hint: "look at what it acts upon")
        if var passage = try? await passage(of: kept, approvalID: nil) {
            follow(&passage)
            _ = try await conclude(passage, .unknown(lost, nil), from: .performing)
        } else {
            try await actions.move(kept.id, from: .performing, to: .unknown)
        }
    }

    // MARK: What the ledger knows

    /// Brings the store to what the ledger has. What an action acted upon may have changed since: its tool is asked for the
    /// answer, and not whether it happened.
    /// - Returns: false where the ledger has no end, or its tool is gone.
    private func conclude(_ kept: KeptAction, as end: RecordedEnds.End?) async throws -> Bool {
        guard let end, var passage = try? await passage(of: kept, approvalID: nil) else { return false }
        follow(&passage)
        var conclusion = Conclusion(state: end.state, leaf: end.leaf)
        if end.state == .done, let answer = await answerAgain(passage, hash: end.answerHash) {
            (conclusion.answer, conclusion.error) = await inspectAnswer(answer, &passage)
        } else if end.state == .done {
            conclusion.error = GatehouseError(
                "gate", .unavailable,
                "\(kept.record.action.tool) is done; its answer was lost when the process ended")
        } else {
            conclusion.error = GatehouseError(
                "gate", .unavailable, end.error ?? "\(kept.record.action.tool) did not happen")
        }
        conclusion.labels = passage.labels
        try await keep(conclusion, of: passage, from: kept.record.state, isReconciled: true)
        return true
    }

    /// Nil where it is not the one that was recorded.
    private func answerAgain(_ passage: Passage, hash: String?) async -> Answer? {
        guard let hash else { return nil }
        guard
            case .finished(.success(.happened(let answer))) = await look(passage, limit: Self.patience(with: passage)),
            Hashing.hex(answer.value.bytes()) == hash
        else { return nil }
        return answer
    }
}
