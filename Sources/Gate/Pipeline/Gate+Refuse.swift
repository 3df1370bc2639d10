import Core
import JSON
import Logging

extension Gate {
    /// Records that an action does not go ahead, and gives the error to throw. Recording a refusal cannot make it
    /// anything else.
    func refused(_ passage: Passage, _ error: any Error) async -> GatehouseError {
        let known = GatehouseError.wrapping(error)
        var entry = Recorder.Entry(.decision, state: ActionRecord.State.denied.rawValue)
        entry.error = known
        do {
            try await recorder.append(entry, of: passage, .written)
        } catch {
            logger.error("a refusal could not be recorded", metadata: ["action": "\(passage.id)", "error": "\(error)"])
        }
        do {
            try await actions.refuse(passage, known, at: clock.now())
        } catch {
            logger.error("a refusal could not be kept", metadata: ["action": "\(passage.id)", "error": "\(error)"])
        }
        tell(.denied, passage, error: known)
        report(passage, Conclusion(state: .denied, error: known))
        return known
    }

    /// Somebody whose session or principal is ended tried to act.
    func recordTurnedAway(_ caller: Caller, actionID: String, tool: String, _ error: any Error) async {
        var entry = Recorder.TurnedAway(caller.principal.id, actionID: actionID)
        entry.session = caller.session
        entry.tool = tools.find(tool) == nil ? nil : tool
        entry.error = .wrapping(error)
        await record(entry)
    }

    func tell(_ kind: GateEvent.Kind, _ passage: Passage, error: GatehouseError? = nil) {
        events.publish {
            var detail: JSON = ["tool": .string(passage.action.tool), "effect": .string(passage.effect.rawValue)]
            if passage.isInspected { detail["target"] = .string(passage.action.target) }
            if let approval = passage.approvalID { detail["approval"] = .string(approval) }
            if let error { detail["error"] = .string(error.message) }
            return GateEvent(
                kind, actionID: passage.id, principalID: passage.principal.id, time: clock.now(), detail: detail)
        }
    }
}
