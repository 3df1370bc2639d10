public import Core
import JSON
import Logging
import Synchronization

/// Requests that are refused before they are actions, of callers who are known. What is recorded is bounded for each of
/// them: see ``RefusalMeters``.
extension Gate {
    private static let state = "refused"

    /// A request that could not be read, that named a tool or a thing that is not there, or for which there was no session.
    /// - Parameters:
    ///   - tool: that was asked for, or would have been.
    ///   - session: nil where there is none.
    ///   - error: its message is recorded when the inspectors let it pass.
    public func recordRefusal(
        of tool: String, by principal: Principal, in session: Session?, _ error: GatehouseError
    ) async {
        guard let further = requestRefusals.withLock({ $0.take(principal.id, at: .now) }) else { return }
        var entry = Recorder.TurnedAway(principal.id, actionID: Identifier.make("act", at: clock.now()))
        entry.session = session
        entry.tool = tools.find(tool) == nil ? nil : tool
        entry.state = Self.state
        entry.error = await harmless(error, tool)
        entry.further = further
        await record(entry)
    }

    /// Its arguments were no good, or named what is not there. They are inspected like those of any action, so that what
    /// is recorded of them may be.
    func recordRefusal(of passage: Passage, _ error: GatehouseError) async {
        guard let further = requestRefusals.withLock({ $0.take(passage.principal.id, at: .now) }) else { return }
        var passage = passage
        var entry = Recorder.Entry(.decision, state: Self.state)
        entry.further = further
        do {
            try await inspectRequest(&passage)
            entry.error = await harmless(error, passage.action.tool)
        } catch { entry.error = Self.withheld(error: GatehouseError.wrapping(error)) }
        do {
            try await recorder.append(entry, of: passage, .written)
        } catch {
            logger.error("a refusal could not be recorded", metadata: ["action": "\(passage.id)", "error": "\(error)"])
        }
    }

    /// Those that were passed over, once there is room.
    func recordFurtherRequestRefusals() async {
        for (principalID, further) in requestRefusals.withLock({ $0.takeRest(at: .now) }) {
            var entry = Recorder.TurnedAway(principalID, actionID: Identifier.make("act", at: clock.now()))
            entry.state = Self.state
            entry.further = further
            await record(entry)
        }
    }

    func record(_ entry: Recorder.TurnedAway) async {
        do {
            try await recorder.append(entry)
        } catch {
            logger.error(
                "a refusal could not be recorded", metadata: ["action": "\(entry.actionID)", "error": "\(error)"])
        }
    }

    /// The message of an error may quote what was asked for.
    private func harmless(_ error: GatehouseError, _ tool: String) async -> GatehouseError {
        guard !inspection.isEmpty else { return error }
        let seen = try? await inspection.inspect(.string(error.message), .answer, tool: tool)
        return seen?.value.string.map { GatehouseError(error.domain, error.code, $0) } ?? Self.withheld(error: error)
    }

    private static func withheld(error: GatehouseError) -> GatehouseError {
        GatehouseError(
            error.domain, error.code, "refused as \(error.code.rawValue); what was asked for is not recorded")
    }
}
