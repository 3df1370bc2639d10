public import Core
import Gate
import JSON

extension RunState {
    /// What is to be done now. What is to be noted comes to the journal first; then this is asked again.
    public func next(now: Timestamp) -> [RunCommand] {
        guard end == nil else { return [] }
        if isQueued { return closing == nil ? [] : [finish(now)] }
        if undoing != nil { return undoCommands(now) }
        if closing == nil, let error = limit(at: now) { return [.note(.failed(error))] }
        var commands: [RunCommand] = []
        for place in live.places {
            commands += self.commands(for: workflow.steps[place], now)
            // What one step opens counts for the next.
            if case .note(.opened)? = commands.last { return commands }
        }
        if commands.isEmpty, underWay.isEmpty { return [finish(now)] }
        if let due = due { commands.append(.timer(due)) }
        return commands
    }

    private func finish(_ now: Timestamp) -> RunCommand {
        switch closing {
        case .failed(let error, let thenUndo):
            guard !thenUndo else {
                return .note(.undo(UndoRequest(reason: "the workflow says so: \(error.message.prefix(1000))")))
            }
            return .note(.finished(RunEnd(.failed, error: error)))
        case .cancelled(let by, let reason):
            let error = GatehouseError("flow", .cancelled, "cancelled by \(by): \(reason)")
            return .note(.finished(RunEnd(.cancelled, error: error)))
        case nil:
            do {
                var outputs: JSONObject = [:]
                let scope = scope(of: nil)
                for output in workflow.outputs { outputs[output.name] = try value(of: output.value, in: scope) }
                return .note(.finished(RunEnd(.succeeded, outputs: outputs)))
            } catch {
                return .note(.finished(RunEnd(.failed, error: .wrapping(error))))
            }
        }
    }

    // MARK: Time and number

    private func limit(at now: Timestamp) -> GatehouseError? {
        if entries >= Self.greatestEntries - Self.greatestInstances {
            return GatehouseError(
                "flow", .exhausted, "the run has \(entries) entries in its journal, and may have no more")
        }
        guard let deadline, now >= deadline else { return nil }
        return GatehouseError(
            "flow", .timeout, "the run was not done within \(workflow.timeout.components.seconds) s",
            hint: "give the workflow a longer timeout")
    }

    /// Nil while it waits for people.
    private var deadline: Timestamp? { waitsSince == nil ? began + workflow.timeout + waited : nil }

    private var due: Timestamp? {
        var times = closing == nil ? [deadline].compactMap(\.self) : []
        for ref in underWay {
            switch instance(ref)?.phase {
            case .retrying(let at)?, .paused(let at, _)?: times.append(at)
            default: break
            }
        }
        return times.min()
    }

    // MARK: Steps

    private func commands(for step: Step, _ now: Timestamp) -> [RunCommand] {
        guard let run = steps[step.id] else { return closing == nil ? begin(step, now) : [] }
        guard run.phase == .open else { return [] }
        var commands = run.active.sorted().flatMap { index -> [RunCommand] in
            let ref = StepRef(step.id, index)
            return closing == nil
                ? underWay(step, ref, run.instances[index], now) : stopped(ref, run.instances[index])
        }
        guard closing == nil else { return commands }
        let room = max(1, step.forEach?.concurrency ?? 1) - run.active.count
        for index in run.nextReady..<min(run.instances.count, run.nextReady + max(0, room)) {
            commands.append(attempt(step, StepRef(step.id, index), now))
        }
        return commands
    }

    /// A step that has not begun, once all that it needs is settled.
    private func begin(_ step: Step, _ now: Timestamp) -> [RunCommand] {
        guard step.needs.allSatisfy({ steps[$0]?.settled != nil }) else { return [] }
        do {
            guard try isWanted(step) else { return [.note(.skipped(step: step.id))] }
            guard let forEach = step.forEach else { return [attempt(step, StepRef(step.id), now)] }
            return [.note(.opened(step: step.id, items: try items(forEach, of: step)))]
        } catch {
            return [Self.failure(StepRef(step.id), error)]
        }
    }

    private func isWanted(_ step: Step) throws -> Bool {
        if let condition = step.condition { return try holds(condition, in: scope(of: step)) }
        let states = step.needs.map { state(of: $0) }
        if case .join = step.kind { return !states.contains(.failed) && !states.contains(.cancelled) }
        return states.allSatisfy { $0 == .succeeded }
    }

    private func items(_ forEach: ForEach, of step: Step) throws -> [JSON] {
        guard let items = try value(of: forEach.items, in: scope(of: step)).array else {
            throw GatehouseError("flow", .invalid, "for_each of step \(step.id) is no list")
        }
        guard instances + items.count <= Self.greatestInstances else {
            throw GatehouseError(
                "flow", .exhausted,
                "step \(step.id) would have \(items.count) instances; a run has \(Self.greatestInstances) in all")
        }
        return items
    }

    private func underWay(
        _ step: Step, _ ref: StepRef, _ instance: StepInstance, _ now: Timestamp
    ) -> [RunCommand] {
        switch instance.phase {
        case .ready, .ended: return []
        case .performing(let attempt): return [.submit(attempt)]
        case .waiting(let attempt, let actionID, _): return [.look(attempt, actionID: actionID)]
        case .stuck(let attempt, let actionID, _): return [.look(attempt, actionID: actionID)]
        case .child(let run, let workflow, let inputs):
            return [.follow(ref, run: run, workflow: workflow, inputs: inputs)]
        case .retrying(let at): return now >= at ? [attempt(step, ref, now)] : []
        case .paused(let until, let event):
            guard now >= until else { return [] }
            guard let event else { return [.note(.ended(ref, .succeeded(.value(.null), actionID: nil)))] }
            let error = GatehouseError("flow", .timeout, "no event \(event) came in time")
            return [.note(.ended(ref, .failed(error, .expired, actionID: nil, chance: 0.5)))]
        }
    }

    /// What becomes of what is under way when nothing new begins: it ends by itself or is ended.
    private func stopped(_ ref: StepRef, _ instance: StepInstance) -> [RunCommand] {
        switch instance.phase {
        case .performing(let attempt): return [.submit(attempt)]
        case .waiting(let attempt, let actionID, let approvalID):
            return [.withdraw(ref, approvalID: approvalID), .look(attempt, actionID: actionID)]
        case .child(let run, let workflow, let inputs):
            return [.cancel(ref, run: run), .follow(ref, run: run, workflow: workflow, inputs: inputs)]
        case .stuck(_, _, let error):
            return [.note(.ended(ref, .failed(error, .refused, actionID: nil, chance: 0.5)))]
        case .paused, .retrying: return [.note(.ended(ref, .cancelled))]
        case .ready, .ended: return []
        }
    }

    // MARK: Attempts

    private func attempt(_ step: Step, _ ref: StepRef, _ now: Timestamp) -> RunCommand {
        do {
            let scope = scope(of: step, index: ref.index)
            switch step.kind {
            case .action(let action): return .note(.begun(try attempt(action, step, ref, scope)))
            case .approval(let approval): return .note(.begun(try attempt(approval, step, ref, scope)))
            case .wait(let wait): return .note(try pause(wait, ref, scope, now))
            case .workflow(let name, let inputs):
                guard start.depth + 1 < RunStart.deepest else {
                    throw GatehouseError(
                        "flow", .exhausted, "\(name) would be the run number \(RunStart.deepest + 1) within others",
                        hint: "workflows go at most \(RunStart.deepest) deep")
                }
                return .begin(ref, workflow: name, inputs: try value(of: inputs, in: scope))
            case .join: return .note(.ended(ref, .succeeded(.value(.null), actionID: nil)))
            }
        } catch {
            return Self.failure(ref, error)
        }
    }

    private static func failure(_ ref: StepRef, _ error: any Error) -> RunCommand {
        .note(.ended(ref, .failed(.wrapping(error), .refused, actionID: nil, chance: 0.5)))
    }

    private func number(_ ref: StepRef) -> Int { (instance(ref)?.attempts ?? 0) + 1 }

    private func key(_ ref: StepRef, _ number: Int) -> String {
        "\(id)/\(ref.isUndo ? "undo/" : "")\(ref.step)/\(ref.index)/\(number)"
    }

    private func request(_ action: StepAction, _ scope: Scope) throws -> StepRequest {
        let target = try action.target.map { try value(of: $0, in: scope).shown } ?? "workflow:\(workflow.name)"
        return StepRequest(tool: action.tool, target: target, arguments: try value(of: action.arguments, in: scope))
    }

    private func attempt(_ action: StepAction, _ step: Step, _ ref: StepRef, _ scope: Scope) throws -> Attempt {
        guard !WorkflowTools.startsRuns(action.tool) else {
            throw GatehouseError(
                "flow", .unsupported, "step \(step.id) uses \(action.tool), which a run does not do to runs",
                hint: "use workflow: NAME for a run below this one")
        }
        var undo: StepRequest?
        if case .action(let action) = step.undo { undo = try request(action, scope) }
        let number = number(ref)
        return Attempt(
            ref: ref, number: number, work: .action(try request(action, scope)), key: key(ref, number), undo: undo)
    }

    private func attempt(_ approval: ApprovalStep, _ step: Step, _ ref: StepRef, _ scope: Scope) throws -> Attempt {
        let number = number(ref)
        var arguments: JSON = [
            "run": .string(id), "workflow": .string(workflow.name), "step": .string(step.id),
            "message": .string(try value(of: approval.message, in: scope).shown),
            "roles": .array(approval.roles.map { .string($0) }), "quorum": JSON(approval.quorum),
            "expires_seconds": JSON(approval.expires.components.seconds),
        ]
        if let details = approval.details { arguments["details"] = try value(of: details, in: scope) }
        let request = StepRequest(
            tool: WorkflowTools.approval, target: "workflow:\(workflow.name)", arguments: arguments)
        return Attempt(ref: ref, number: number, work: .action(request), key: key(ref, number))
    }

    private func pause(_ wait: Wait, _ ref: StepRef, _ scope: Scope, _ now: Timestamp) throws -> RunEvent.Kind {
        switch wait {
        case .time(let time): return .paused(ref, until: now + time, event: nil)
        case .event(let name, _, let timeout): return .paused(ref, until: now + timeout, event: name)
        case .until(let template):
            let text = try value(of: template, in: scope).shown
            guard let time = Timestamp(text) else {
                throw GatehouseError(
                    "flow", .invalid, "step \(ref.step) waits until \"\(text.prefix(60))\", which is no time",
                    hint: "write it as RFC 3339 has it: 2026-11-20T10:00:00Z")
            }
            return .paused(ref, until: time, event: nil)
        }
    }

    // MARK: Undoing

    private func undoCommands(_ now: Timestamp) -> [RunCommand] {
        guard let undoing else { return [] }
        if let current = undoing.current, let ref = undoing.rest.last { return undo(ref, current, now) }
        if let error = undoing.error {
            let failed = GatehouseError(
                "flow", error.code, "undoing stopped at step \(undoing.rest.last?.shown ?? ""): \(error.message)",
                cause: error.cause, hint: error.hint)
            return [.note(.finished(RunEnd(.failed, error: failed)))]
        }
        if closing != nil { return [finish(now)] }
        guard let ref = undoing.rest.last else {
            return [.note(.finished(RunEnd(.undone, error: Self.lasting(undoing) ?? undoing.former)))]
        }
        return [.note(beginUndo(ref))]
    }

    /// What stays of a run that was undone, for people to look after.
    private static func lasting(_ undoing: Undoing) -> GatehouseError? {
        guard !undoing.lasting.isEmpty else { return nil }
        let names = undoing.lasting.reversed().map(\.shown).joined(separator: ", ")
        return GatehouseError(
            "flow", .unsupported, "all is undone but what has no undo: \(names)", cause: undoing.former?.message,
            hint: "look at what these did, and take it back by hand where it matters")
    }

    private func beginUndo(_ ref: StepRef) -> RunEvent.Kind {
        let done = steps[ref.step]?.instances[ref.index] ?? StepInstance()
        let number = done.undoAttempts + 1
        if let request = done.undo {
            return .begun(Attempt(ref: ref, number: number, work: .action(request), key: key(ref, number)))
        }
        if let actionID = done.actionID {
            return .begun(Attempt(ref: ref, number: number, work: .undo(actionID: actionID), key: key(ref, number)))
        }
        return .child(ref, run: done.child ?? "", workflow: "", inputs: .null)
    }

    private func undo(_ ref: StepRef, _ current: StepInstance, _ now: Timestamp) -> [RunCommand] {
        switch current.phase {
        case .performing(let attempt): return [.submit(attempt)]
        case .waiting(let attempt, let actionID, let approvalID):
            let look = RunCommand.look(attempt, actionID: actionID)
            return closing == nil ? [look] : [.withdraw(ref, approvalID: approvalID), look]
        case .stuck(let attempt, let actionID, let error):
            guard closing == nil else {
                return [.note(.ended(ref, .failed(error, .refused, actionID: nil, chance: 0.5)))]
            }
            return [.look(attempt, actionID: actionID)]
        case .child(let run, _, _): return [.undoChild(ref, run: run)]
        case .retrying: return [.note(beginUndo(ref))]
        case .ready, .paused, .ended: return []
        }
    }
}

extension JSON {
    /// As a text: a text as it is, all else as it is written.
    var shown: String { string ?? text() }
}
