import Core
import Gate
import JSON

@testable import Flow

/// Workflows made by hand, short.
extension Step {
    static func action(
        _ id: String, _ tool: String, with arguments: JSON = [:], needs: [String] = [], if condition: String? = nil,
        forEach: ForEach? = nil, retry: Retry = .once, onError: OnError = .fail, outputs: [(String, String)] = [],
        undo: StepUndo = .byTool, timeout: Duration? = nil
    ) throws -> Step {
        Step(
            id: id, kind: .action(StepAction(tool: tool, arguments: try Template(arguments))),
            condition: try condition.map { try Expression($0) }, needs: needs, forEach: forEach, retry: retry,
            timeout: timeout, onError: onError,
            outputs: try outputs.map { Named($0, try Template(.string($1))) }, undo: undo)
    }

    static func approval(
        _ id: String, roles: [String] = ["security_lead"], quorum: Int = 1, expires: Duration = .seconds(600),
        onTimeout: ApprovalStep.Otherwise = .fail, onDeny: ApprovalStep.Otherwise = .fail, needs: [String] = []
    ) throws -> Step {
        Step(
            id: id,
            kind: .approval(
                ApprovalStep(
                    message: try Template("shall it be?"), roles: roles, quorum: quorum, expires: expires,
                    onTimeout: onTimeout, onDeny: onDeny)), needs: needs)
    }

    static func wait(_ id: String, _ wait: Wait, needs: [String] = [], onError: OnError = .fail) -> Step {
        Step(id: id, kind: .wait(wait), needs: needs, onError: onError)
    }

    static func workflow(_ id: String, _ name: String, with inputs: JSON = [:], needs: [String] = []) throws -> Step {
        Step(id: id, kind: .workflow(name: name, inputs: try Template(inputs)), needs: needs)
    }

    static func join(_ id: String, needs: [String]) -> Step { Step(id: id, kind: .join, needs: needs) }
}

extension ForEach {
    static func over(_ items: String, atOnce: Int = 1) throws -> ForEach {
        ForEach(items: try Template(.string(items)), concurrency: atOnce)
    }
}

extension Workflow {
    static func of(
        _ steps: Step..., name: String = "test", timeout: Duration = .seconds(3600), inputs: [WorkflowInput] = [],
        outputs: [(String, String)] = [], triggers: [Trigger] = [], concurrency: Concurrency? = nil
    ) throws -> Workflow {
        Workflow(
            name: name, triggers: triggers, inputs: inputs, concurrency: concurrency, timeout: timeout, steps: steps,
            outputs: try outputs.map { Named($0, try Template(.string($1))) }, version: "sha256:test")
    }
}

extension RunStart {
    static func test(_ id: String = "run_test", inputs: JSONObject = [:]) -> RunStart {
        RunStart(
            id: id, principal: Principal(id: "test#olga", kind: .person, name: "olga", roles: ["operator"]),
            inputs: inputs)
    }
}

/// A run without an engine: what it wants noted is noted, and the rest is what the test says.
struct Trial {
    var state: RunState
    var journal: [RunEvent]
    var now: Timestamp
    private var children = 0

    init(_ workflow: Workflow, inputs: JSONObject = [:], at now: Timestamp = Timestamp(seconds: 1_000_000)) {
        let start = RunStart.test(inputs: inputs)
        self.now = now
        state = RunState(workflow, start, at: now)
        journal = [RunEvent(.started(start), at: now)]
    }

    mutating func note(_ kind: RunEvent.Kind) {
        let event = RunEvent(kind, at: now)
        state.apply(event)
        journal.append(event)
    }

    /// Notes until there is nothing more to note; gives what is to be done.
    @discardableResult
    mutating func go() -> [RunCommand] {
        while true {
            let commands = state.next(now: now)
            var noted = false
            for command in commands {
                switch command {
                case .note(let kind): note(kind)
                case .begin(let ref, let workflow, let inputs):
                    children += 1
                    note(.child(ref, run: "run_child\(children)", workflow: workflow, inputs: inputs))
                default: continue
                }
                noted = true
            }
            if !noted { return commands }
        }
    }

    /// The steps that the gate is asked about now.
    mutating func asked() -> [String] {
        go().compactMap { command in
            switch command {
            case .submit(let attempt), .look(let attempt, _): attempt.ref.shown
            default: nil
            }
        }
    }

    mutating func answer(_ step: String, _ index: Int = 0, _ answer: JSON = .null, action: String? = nil) throws {
        let ref = StepRef(step, index)
        note(.ended(ref, state.end(of: ref, .answered(answer, actionID: action ?? "act_\(step)\(index)"))))
    }

    mutating func fail(
        _ step: String, _ index: Int = 0, _ failure: StepEnd.Failure = .failed, chance: Double = 0.5
    ) {
        let error = GatehouseError("test", .unavailable, "\(step) broke")
        note(.ended(StepRef(step, index), .failed(error, failure, actionID: nil, chance: chance)))
    }

    mutating func pass(_ time: Duration) { now = now + time }
}
