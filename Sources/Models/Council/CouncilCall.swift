import Core
import Dialects
public import Gate
import JSON
import Synchronization

/// A request to a council on its way through the gate: a call for each member, and in the end what they came to.
public final class CouncilCall: Cargo {
    let name: String?
    let rule: CouncilRule
    let seats: [Seat]
    private let privacy: ModelPrivacy
    private let state = Mutex<Council?>(nil)

    /// A member, and where its answer goes.
    struct Seat: Sendable {
        let call: ModelCall
        let answer: KeptAnswer
    }

    init(_ request: CouncilRequest, _ seats: [Seat], privacy: ModelPrivacy) {
        name = request.name
        rule = request.rule
        self.seats = seats
        self.privacy = privacy
    }

    /// What the members came to, once the action is done.
    public var council: Council? { state.withLock { $0 } }

    func end(with council: Council) { state.withLock { $0 = council } }

    /// What is put to the members is the same for all but their names, and is inspected again with each.
    public func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
        for seat in seats.dropFirst() {
            try privacy.refuseIfPrivate(seat.call.request.model, privacy.vault(of: session))
        }
        guard let first = seats.first else { return CargoInspection(digest: "") }
        return try await first.call.inspect(for: principal, in: session)
    }

    /// What is submitted to the gate beside this cargo.
    public var action: ActionRequest {
        var arguments: JSON = [
            "models": .array(rule.models.map { .string($0) }), "quorum": JSON(rule.quorum),
            "input_bytes": JSON(seats.reduce(0) { $0 + $1.call.request.countedBytes }),
        ]
        if let name { arguments["council"] = .string(name) }
        if let on = rule.on { arguments["on"] = .string(on.text) }
        let target = name ?? rule.models.map { String($0.prefix(ModelName.greatestLength)) }.joined(separator: ",")
        return ActionRequest(tool: CouncilTool.id, target: "council:\(target)", arguments: arguments)
    }
}
