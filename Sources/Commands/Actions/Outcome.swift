import ArgumentParser
import JSON

/// What became of a submitted action, for a person and as an exit code.
enum Outcome {
    /// - Parameter done: the word for success.
    static func report(_ value: JSON, json: Bool, done: String) throws {
        let action = value["action_id"]?.string ?? "the action"
        guard value["state"]?.string == "waiting" else {
            if !json { Terminal.say("\(action): \(done)") }
            return
        }
        let approval = value["approval"]?["id"]?.string ?? ""
        Terminal.say("\(action) waits for an approval: \(approval)")
        Terminal.say("  next: somebody else runs: gatehouse approve \(approval) --reason …")
        throw ExitStatus.waiting.code
    }
}
