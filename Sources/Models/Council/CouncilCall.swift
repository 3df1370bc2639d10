public import Core
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
        let answer: SeatAnswer
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

/// Keeps one answer to somebody within the house, such as a council's, and what became of its call.
public final class SeatAnswer: AnswerSink {
    struct TooLong: Error {}
    private struct State {
        var status = 0
        var bytes: [UInt8] = []
        var isTooLong = false
        var report: ModelReport?
    }

    /// Of an answer, in bytes.
    static let greatest = 4 << 20
    private let state = Mutex(State())

    public init() {}

    var report: ModelReport? { state.withLock { $0.report } }
    func ended(_ report: ModelReport) { state.withLock { $0.report = report } }

    public func begin(status: Int, headers: [(name: String, value: String)]) async throws {
        state.withLock { $0.status = status }
    }

    public func write(_ bytes: [UInt8]) async throws {
        try state.withLock { state in
            guard state.bytes.count + bytes.count <= Self.greatest else {
                state.isTooLong = true
                throw TooLong()
            }
            state.bytes += bytes
        }
    }

    /// The text of the chat completion that came.
    /// - Throws: `too_large`; `unavailable` for a provider's refusal, in its words; `unsupported` where there is no text.
    public func text() throws(GatehouseError) -> String {
        let (status, bytes) = state.withLock { ($0.status, $0.bytes) }
        let answer = try? JSON.parse(bytes)
        guard (200...299).contains(status) else {
            let words = answer?["error"]?["message"]?.string ?? "it refuses the request"
            throw GatehouseError("models", .invalid, "the provider answered with status \(status): \(words)")
        }
        let message = answer?["choices"]?[0]?["message"]
        if let text = message?["content"]?.string, !text.isEmpty { return text }
        throw GatehouseError(
            "models", .unsupported,
            message?["refusal"]?.string.map { "the model refuses: \($0)" } ?? "the answer has no text")
    }

    /// Instead of what a call says whose reader wanted no more.
    var overrun: GatehouseError? {
        guard state.withLock({ $0.isTooLong }) else { return nil }
        return GatehouseError("models", .tooLarge, "the answer has more than \(Self.greatest >> 20) MiB")
    }
}
