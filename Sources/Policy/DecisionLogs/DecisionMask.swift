internal import Core
internal import Rego

/// What `data.system.log` says of events: which to drop, and what to take out of the others.
///
/// It fails closed: where the mask cannot be worked out, an event keeps neither input nor result; where `drop` cannot,
/// the event stays.
struct DecisionMask: Sendable {
    static let limits = EvaluationLimits(
        steps: 1_000_000, memory: 64 << 20, valueSize: 16 << 20, callDepth: 500, time: .seconds(1))

    let snapshot: PolicySnapshot
    /// Whether there is anything to ask. Most policies say nothing about the log.
    private let speaks: Bool

    init(_ snapshot: PolicySnapshot) {
        self.snapshot = snapshot
        speaks =
            snapshot.compiler.modules.contains { $0.package.first == "system" }
            || snapshot.data.object?["system"] != nil
            || snapshot.policy.plannedPaths.contains { $0.path.first == "system" }
    }

    /// - Returns: false when the event is to be dropped.
    func apply(to event: inout DecisionEvent) -> Bool {
        guard speaks else { return true }
        let document = event.document
        if case .bool(true)? = try? answer("drop", on: document) { return false }
        var masked = event
        do {
            for rule in try rules(on: document) { try rule.apply(to: &masked) }
            event = masked
        } catch {
            event.input = nil
            event.result = nil
            event.erased = ["/input", "/result"]
            event.custom["mask_error"] = "\(error)"
        }
        return true
    }

    private func rules(on document: RegoValue) throws -> [MaskRule] {
        guard let answer = try answer("mask", on: document) else { return [] }
        switch answer {
        case .set(let set): return try set.map { try MaskRule($0) }
        case .array(let array): return try array.map { try MaskRule($0) }
        default:
            throw GatehouseError(
                "policy", .invalid, "data.system.log.mask is \(answer.typeName), not a set",
                hint: "Write `mask contains \"/input/password\"`.")
        }
    }

    private func answer(_ name: String, on document: RegoValue) throws -> RegoValue? {
        var options = EvaluationOptions()
        options.isStrict = true
        options.limits = Self.limits
        let query = try snapshot.prepare(path: ["system", "log", name])
        return try query.evaluate(input: document, data: snapshot.data, options: options).value
    }
}
