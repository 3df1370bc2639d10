import Core
import JSON

/// All inspectors in order; each sees what the ones before it have rewritten. One that fails or blocks stops the
/// action.
struct InspectionChain: Sendable {
    let inspectors: [any Inspector]

    var isEmpty: Bool { inspectors.isEmpty }

    /// - Throws: `denied`, naming the inspector.
    func inspect(
        _ value: JSON, _ direction: InspectionSubject.Direction, tool: String, effect: Effect = .read
    ) async throws -> (value: JSON, labels: Set<Label>, isRewritten: Bool) {
        var subject = InspectionSubject(direction: direction, tool: tool, effect: effect, value: value)
        var labels = Set<Label>()
        var isRewritten = false
        for inspector in inspectors {
            let result = try await ask(inspector, subject)
            labels.formUnion(result.labels)
            if let blocked = result.blocked {
                throw GatehouseError(
                    "gate", .denied, "\(inspector.id) does not let the \(direction.rawValue) pass: \(blocked)")
            }
            if let rewritten = result.rewritten {
                subject.value = rewritten
                isRewritten = true
            }
        }
        return (subject.value, labels, isRewritten)
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
