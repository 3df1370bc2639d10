import Core
import JSON
import TestSupport
import Testing

@testable import Flow

@Suite("A journal folded again")
struct RunReplayTests {
    /// Every kind of step, with failures, in a shape that chance decides.
    private static func workflow(_ random: inout SeededRandom) throws -> Workflow {
        var steps: [Step] = []
        let count = Int.random(in: 2...9, using: &random)
        for number in 0..<count {
            let needs = steps.map(\.id).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            var step: Step
            switch Int.random(in: 0..<7, using: &random) {
            case 0: step = try .approval("s\(number)", onTimeout: .continue, onDeny: .undo)
            case 1: step = .wait("s\(number)", .time(.seconds(Int.random(in: 1...50, using: &random))))
            case 2: step = .wait("s\(number)", .event(name: "e", condition: nil, timeout: .seconds(40)))
            case 3: step = try .workflow("s\(number)", "other")
            case 4: step = .join("s\(number)", needs: [])
            case 5:
                step = try .action(
                    "s\(number)", "t.t", with: ["i": "${{ item }}"],
                    forEach: .over("${{ inputs.list }}", atOnce: Int.random(in: 1...3, using: &random)))
            default: step = try .action("s\(number)", "t.t", with: ["n": "${{ inputs.n }}"])
            }
            step.needs = needs
            step.onError = Step.OnError.allCases.randomElement(using: &random) ?? .fail
            step.retry = Retry(attempts: Int.random(in: 1...3, using: &random), delay: .seconds(3))
            if Bool.random(using: &random) { step.condition = try Expression("always()") }
            steps.append(step)
        }
        return Workflow(name: "random", timeout: .seconds(500), steps: steps, version: "sha256:r")
    }

    /// Something happens to one of the things that are to be done.
    private static func happen(_ trial: inout Trial, _ random: inout SeededRandom) throws {
        let commands = trial.go()
        trial.pass(.seconds(Int.random(in: 0...20, using: &random)))
        if trial.state.end != nil {
            if Int.random(in: 0..<3, using: &random) > 0, trial.state.status != .undone {
                trial.note(.undo(UndoRequest(reason: "chance")))
            }
            return
        }
        if Int.random(in: 0..<60, using: &random) == 0 { trial.note(.cancelled(by: "prn", reason: "chance")) }
        let error = GatehouseError("test", .unavailable, "chance")
        switch commands.randomElement(using: &random) {
        case .submit(let attempt)?: try outcome(of: attempt.ref, error, &trial, &random)
        case .look(let attempt, _)?: try outcome(of: attempt.ref, error, &trial, &random)
        case .follow(let ref, _, _, _)?, .undoChild(let ref, _)?: try outcome(of: ref, error, &trial, &random)
        case .timer(let time)?: trial.now = max(trial.now, time)
        default: break
        }
    }

    private static func outcome(
        of ref: StepRef, _ error: GatehouseError, _ trial: inout Trial, _ random: inout SeededRandom
    ) throws {
        let chance = Double.random(in: 0...1, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: trial.note(.waiting(ref, actionID: "act_1", approvalID: "apr_1"))
        case 1: trial.note(.unknown(ref, actionID: nil, error))
        case 2: trial.note(.ended(ref, .failed(error, .failed, actionID: nil, chance: chance)))
        case 3: trial.note(.ended(ref, .failed(error, .interrupted, actionID: nil, chance: chance)))
        case 4: trial.note(.settled(ref, .didNotHappen, by: "prn", reason: "looked"))
        default: trial.note(.ended(ref, trial.state.end(of: ref, .answered(["n": 1], actionID: "act_\(ref.shown)"))))
        }
    }

    @Test("Every prefix folds to the state that was there, and goes on from it as it did", arguments: 0..<40)
    func prefixes(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let inputs: JSONObject = ["n": 1, "list": [1, 2, 3]]
        var trial = Trial(try Self.workflow(&random), inputs: inputs)
        var moments: [(count: Int, now: Timestamp, state: RunState, next: [RunCommand])] = []
        for _ in 0..<60 {
            try Self.happen(&trial, &random)
            moments.append((trial.journal.count, trial.now, trial.state, trial.state.next(now: trial.now)))
        }
        for moment in moments {
            let folded = try RunState(trial.state.workflow, replaying: trial.journal.prefix(moment.count))
            #expect(folded == moment.state)
            #expect(folded.next(now: moment.now) == moment.next)
        }
    }

    @Test("Entries are on disk as they were, and so is the workflow", arguments: 0..<20)
    func coding(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(1000 + seed))
        var trial = Trial(try Self.workflow(&random), inputs: ["n": 1, "list": [1]])
        for _ in 0..<60 { try Self.happen(&trial, &random) }
        for event in trial.journal {
            let read = try RunEvent(try JSON.parse(event.json.text()), at: event.time)
            #expect(read == event)
        }
        let kept = try Workflow(kept: try JSON.parse(trial.state.workflow.kept.text()))
        #expect(kept.steps.count == trial.state.workflow.steps.count)
        for (kept, step) in zip(kept.steps, trial.state.workflow.steps) {
            var bare = step
            bare.place = kept.place
            #expect(kept == bare)
        }
    }

    @Test("No order of entries brings it down, and what it says of itself stays in bounds", arguments: 0..<20)
    func disorder(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(2000 + seed))
        var trial = Trial(try Self.workflow(&random), inputs: ["n": 1, "list": [1, 2]])
        for _ in 0..<60 { try Self.happen(&trial, &random) }
        var state = RunState(trial.state.workflow, trial.state.start, at: trial.journal[0].time)
        for event in trial.journal.dropFirst().shuffled(using: &random) {
            state.apply(event)
            _ = state.next(now: event.time)
            _ = state.status
        }
        #expect(state.entries == trial.journal.count)
    }

    @Test("A journal without a beginning is corrupt")
    func beginning() throws {
        let workflow = try Workflow.of(.action("a", "t.a"))
        #expect(throws: GatehouseError.self) { try RunState(workflow, replaying: []) }
        #expect(throws: GatehouseError.self) {
            try RunState(workflow, replaying: [RunEvent(.released, at: Timestamp(seconds: 0))])
        }
    }
}
