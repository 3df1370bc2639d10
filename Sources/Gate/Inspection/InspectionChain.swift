import Core
import JSON

/// All inspectors in order; each sees what the ones before it have rewritten. One that fails or blocks stops the
/// action.
struct InspectionChain: Sendable {
    let inspectors: [any Inspector]

    var isEmpty: Bool { inspectors.isEmpty }

    /// What all of them say together.
    struct Result: Sendable {
        var value: JSON
        var labels: Set<Label> = []
        var isRewritten = false
        var restored: Set<String> = []
    }

    /// - Throws: `denied`, naming the inspector.
    func inspect(
        _ value: JSON, _ direction: InspectionSubject.Direction, of passage: Passage, effect: Effect = .read
    ) async throws -> Result {
        try await inspect(
            value, direction, tool: passage.action.tool, effect: effect, sessionID: passage.session.id,
            restored: passage.restored)
    }

    func inspect(
        _ value: JSON, _ direction: InspectionSubject.Direction, tool: String, effect: Effect = .read,
        sessionID: String? = nil, restored: Set<String> = []
    ) async throws -> Result {
        var subject = InspectionSubject(
            direction: direction, tool: tool, effect: effect, value: value, sessionID: sessionID, restored: restored)
        var all = Result(value: value)
        for inspector in inspectors {
            let result = try await ask(inspector, subject)
            all.labels.formUnion(result.labels)
            all.restored.formUnion(result.restored)
            if let blocked = result.blocked {
                throw GatehouseError(
                    "gate", .denied, "\(inspector.id) does not let the \(direction.rawValue) pass: \(blocked)")
            }
            if let rewritten = result.rewritten {
                subject.value = rewritten
                all.isRewritten = true
            }
        }
        all.value = subject.value
        return all
    }

    /// The error's own text may hold what the inspector looked at: only its kind is told.
    private func ask(_ inspector: any Inspector, _ subject: InspectionSubject) async throws -> InspectionResult {
        do {
            return try await inspector.inspect(subject)
        } catch {
            throw GatehouseError(
                "gate", .denied, "\(inspector.id) failed, and what is not inspected does not pass",
                cause: (error as? GatehouseError)?.message ?? String(describing: type(of: error)))
        }
    }
}
