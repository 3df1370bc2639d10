import Core
import Flow
import Gate
import JSON

/// Plays the people around a pattern: one who starts runs, has them taken back and says what became of what nobody saw;
/// and one who agrees to all that is asked.
struct People: Sendable {
    let gate: Gate
    let journal: FlowEngine
    let workflow: String
    let folder: PlantedFolder
    let isFinishing: Bool
    let say: @Sendable (String) -> Void

    private static let starter = Principal(
        id: "probe#starter", kind: .service, name: "starter", roles: ["operator"])
    private static let lead = Principal(
        id: "probe#lead", kind: .person, name: "lead", roles: ["security_lead", "admin"])

    func play() async throws {
        while true {
            for approval in try await gate.approvals.list(state: .waiting) {
                if approval.tool.hasPrefix("scan.") { say("change") }
                // What was under way when the last process ended may have expired, or be settled already.
                _ = try? await gate.approve(approval.id, by: try gate.enter(Self.lead), reason: "it is a test")
            }
            let last = try await journal.runs(limit: 1).first
            switch last?.status {
            case nil, .undone?, .failed?, .cancelled?:
                if isFinishing && last != nil { return }
                try await start()
            case .succeeded?:
                guard let last else { return }
                if workflow == "continuous-assessment" {
                    try await submit("workflow.undo", ["run": .string(last.id), "reason": "it is a test"])
                } else if isFinishing {
                    return
                } else {
                    try await start()
                }
            case .stuck?: if let last { try await settle(last.id) }
            case .queued?, .running?, .waiting?, .undoing?: break
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func start() async throws {
        try folder.plant()
        let inputs: JSON = ["path": .string(folder.path)]
        try await submit("workflow.run", ["workflow": .string(workflow), "inputs": inputs])
    }

    /// Asks for something, unless it was asked for already and waits for somebody to agree: what was cut short before is
    /// asked for again.
    private func submit(_ tool: String, _ arguments: JSON) async throws {
        let known = try await gate.actions(limit: 50)
        let isUnderWay = known.contains {
            $0.action.tool == tool && $0.action.arguments == arguments && [.waiting, .performing].contains($0.state)
        }
        guard !isUnderWay else { return }
        let request = ActionRequest(
            tool: tool, target: "workflow:\(workflow)", arguments: arguments, reason: "it is a test")
        do { _ = try await gate.submit(request, as: try gate.enter(Self.starter, isLocal: true)) } catch {
            // Meanwhile the gate has found out by itself what became of it.
            guard GatehouseError.wrapping(error).code == .conflict else { throw error }
        }
    }

    // MARK: What nobody saw

    /// Looks into the folder, as a person would, and says what became of a change that was under way.
    private func settle(_ run: String) async throws {
        let state = try await journal.state(of: run)
        let mended = state.json(of: "mend")?["outputs"]?["mended"]?["change"]?["files"]
        let files = Set((mended?.array ?? []).compactMap(\.string))
        let changed = Set(folder.changed()).intersection(files)
        let unseen = try await gate.actions(limit: 100, state: .unknown).first { $0.action.tool.hasPrefix("scan.") }
        let isUndoing = unseen?.action.undoes != nil
        var outcome = "fail"
        if changed.isEmpty { outcome = isUndoing ? "happened" : "did_not_happen" }
        if changed == files { outcome = isUndoing ? "did_not_happen" : "happened" }
        let answer: JSON = ["files": mended ?? [], "steps": []]
        try await submit(
            "workflow.resume",
            [
                "run": .string(run), "outcome": .string(outcome), "result": answer, "reason": "looked into the folder",
            ])
    }
}

extension RunState {
    fileprivate func json(of step: String) -> JSON? {
        workflow.steps.first { $0.id == step }.map { json(of: $0) }
    }
}
