import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger
import Logging
import Scan
import Store

/// What the handlers of the API and the console stand on.
struct Rooms: Sendable {
    let gate: Gate
    let ledger: Ledger
    let store: Store
    let findings: FindingsStore
    /// The data folder, for files that an answer needs for a moment.
    let folder: String
    let clock: any WallClock
    let metrics: Metrics
    let limits: HTTPLimits
    let version: String
    /// Where people reach the console: `http://127.0.0.1:8700`.
    let consoleAddress: @Sendable () -> String
    let traces: CallerTraces

    /// The caller in the session it names (or its standing one).
    func caller(
        _ call: Call, as principal: Principal? = nil, session: String? = nil, class name: String? = nil
    ) throws -> Caller {
        try gate.enter(
            principal ?? call.principal(), session: session ?? call.headers[named: "X-Gatehouse-Session"], class: name,
            isLocal: call.identity?.means == .localUser, trace: traces.trace(of: call))
    }

    /// - Throws: `denied` when the caller has none of the roles.
    func demand(_ roles: Set<String>, of call: Call, to purpose: String) throws {
        guard try !call.principal().roles.isDisjoint(with: roles) else {
            throw GatehouseError(
                "http", .denied, "you may not \(purpose)",
                hint: "it takes one of the roles \(roles.sorted().joined(separator: ", "))")
        }
    }

    /// The answer to a submission: 200 when it is done, 202 while it waits for people.
    func response(_ submission: Submission) -> Response {
        if case .waiting = submission { return .json(submission.json, status: .accepted) }
        return .json(submission.json)
    }

    /// Administers the gate by one of its own tools: an action like any other.
    func administer(
        _ tool: String, _ target: String, _ arguments: JSON, _ call: Call, session: String? = nil
    ) async throws -> Submission {
        let request = ActionRequest(
            tool: tool, target: target, arguments: arguments, reason: arguments["reason"]?.string)
        return try await gate.submit(request, as: try caller(call, session: session))
    }

    static let operators: Set<String> = ["admin", "operator", "security_lead"]
    static let auditors: Set<String> = ["admin", "security_lead", "auditor"]
}
