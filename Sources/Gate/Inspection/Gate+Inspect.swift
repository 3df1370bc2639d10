package import Core
import JSON

extension Gate {
    /// Step 2: labels and rewrites the arguments, target and reason.
    func inspectRequest(_ passage: inout Passage) async throws {
        if !inspection.isEmpty { try await inspectTexts(&passage) }
        try await inspectCargo(&passage)
        if passage.isKept || passage.isRecorded {
            passage.argumentsHash = try Hashing.canonical(passage.action.arguments)
        }
        passage.isInspected = true
    }

    /// What fails has found nothing out, and does not pass.
    private func inspectCargo(_ passage: inout Passage) async throws {
        guard let cargo = passage.cargo else { return }
        do {
            let inspection = try await cargo.inspect(for: passage.principal, in: passage.session)
            passage.cargoInspection = inspection
            collect(inspection.labels, &passage)
        } catch let error as GatehouseError {
            throw error
        } catch {
            throw GatehouseError(
                "gate", .denied, "what \(passage.action.tool) carries could not be inspected, and does not pass",
                cause: GatehouseError.wrapping(error).cause)
        }
    }

    /// The target names what is acted upon, so it passes as it is or not at all.
    /// All in one go: an inspection has its price, however short the text.
    private func inspectTexts(_ passage: inout Passage) async throws {
        let request: JSON = [
            "target": .string(passage.action.target), "reason": passage.reason.map { .string($0) } ?? .null,
            "arguments": passage.action.arguments,
        ]
        let result = try await inspection.inspect(request, .request, of: passage, effect: passage.effect)
        collect(result.labels, &passage)
        guard result.isRewritten else { return }
        let seen = result.value
        passage.restored = result.restored
        guard seen["target"]?.string == passage.action.target else {
            throw GatehouseError(
                "gate", .denied, "the target holds something that must not pass",
                hint: "name the target without secrets or personal data")
        }
        passage.reason = seen["reason"]?.string
        guard let arguments = seen["arguments"] else {
            throw GatehouseError("gate", .denied, "an inspector lost the arguments, and nothing passes without")
        }
        passage.action = passage.action.with(arguments: arguments)
        passage.effect = try effect(of: arguments, passage.entry)
    }

    /// What a preview shows is a tool's output: it is inspected like an answer. The undo plan itself is never shown
    /// in full and must stay as the tool made it.
    func inspectPreview(_ preview: Preview, _ passage: inout Passage) async throws -> Preview {
        guard !inspection.isEmpty else { return preview }
        let shown: JSON = ["summary": .string(preview.summary), "diff": .string(preview.diff), "facts": preview.facts]
        let result = try await inspection.inspect(shown, .answer, of: passage)
        collect(result.labels, &passage)
        guard result.isRewritten else { return preview }
        let seen = result.value
        return Preview(
            summary: seen["summary"]?.string ?? "", diff: seen["diff"]?.string ?? "", facts: seen["facts"] ?? [:],
            undo: preview.undo)
    }

    /// Step 7. An answer that may not pass is withheld; that the action was done stays true.
    func inspectAnswer(_ answer: Answer, _ passage: inout Passage) async -> (answer: Answer, withheld: GatehouseError?)
    {
        collect(answer.labels, &passage)
        guard !inspection.isEmpty else { return (answer, nil) }
        do {
            let result = try await inspection.inspect(answer.value, .answer, of: passage, effect: passage.effect)
            collect(result.labels, &passage)
            return (Answer(result.value, usage: answer.usage, facts: answer.facts), nil)
        } catch {
            var withheld = GatehouseError.wrapping(error)
            withheld.message = "the action was performed, and its answer is withheld: \(withheld.message)"
            return (Answer(.null, usage: answer.usage, facts: answer.facts), withheld)
        }
    }

    /// An error that a tool reports is its output too.
    func inspectError(_ error: GatehouseError, _ passage: inout Passage) async -> GatehouseError {
        guard !inspection.isEmpty else { return error }
        let texts: JSON = [
            "message": .string(error.message), "cause": error.cause.map { .string($0) } ?? .null,
            "hint": error.hint.map { .string($0) } ?? .null,
        ]
        guard let result = try? await inspection.inspect(texts, .answer, of: passage) else {
            return GatehouseError(error.domain, error.code, "the tool failed, and what it said about it is withheld")
        }
        collect(result.labels, &passage)
        let seen = result.value
        return GatehouseError(
            error.domain, error.code, seen["message"]?.string ?? "", cause: seen["cause"]?.string,
            hint: seen["hint"]?.string)
    }

    private func collect(_ labels: Set<Label>, _ passage: inout Passage) {
        guard !labels.isEmpty else { return }
        passage.labels.formUnion(labels)
        if !labels.isSubset(of: passage.session.labels) { sessions.taint(passage.session.id, with: labels) }
    }
}

extension Action {
    func with(arguments: JSON) -> Action {
        Action(id: id, tool: tool, target: target, arguments: arguments, idempotencyKey: idempotencyKey, undoes: undoes)
    }
}

extension GatehouseError {
    /// The error in the house's shape. Of a foreign error only the kind is told: its text may hold anything.
    package static func wrapping(_ error: any Error) -> GatehouseError {
        if let error = error as? GatehouseError { return error }
        if error is CancellationError { return GatehouseError("gate", .cancelled, "the call was cancelled") }
        return GatehouseError("gate", .internal, "an unexpected failure", cause: String(describing: type(of: error)))
    }
}
