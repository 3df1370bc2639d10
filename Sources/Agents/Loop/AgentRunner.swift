import Core
import Gate
import JSON
import Models
import Schema

/// Has an agent do one work: its procedure first, then its models, where it has any that may see what there is.
struct AgentRunner: Sendable {
    let agents: Agents
    let definition: AgentDefinition
    let context: ActionContext

    /// - Throws: what the procedure throws; `timeout` where it takes longer than the budget's time.
    func run(_ task: AgentTask) async throws -> AgentResult {
        let start = ContinuousClock.now
        let end = start + definition.budget.time
        let tools = AgentTools(allowed: definition.tools, in: context)
        var result = AgentResult(definition: definition, output: try await found(task, tools, until: end))
        let models = agents.models?.models(for: definition) ?? []
        if result.output["route"] == "direct" {
            result.by = .direct
        } else if let gateway = agents.models?.gateway, !models.isEmpty {
            let asker = ModelAsker(gateway: gateway, context: context)
            if definition.procedure == AgentBallot.procedure {
                try await vote(models, on: task, asker, &result, until: end)
            } else {
                try await judge(models, task, tools, asker, &result, until: end)
            }
            result.calls = asker.calls
        } else {
            result.why = "no model is configured"
        }
        result.calls = tools.calls + result.calls
        result.spent.steps = result.calls.count
        result.spent.milliseconds = (ContinuousClock.now - start).wholeMilliseconds
        return result
    }

    /// What the procedure finds.
    private func found(
        _ task: AgentTask, _ tools: AgentTools, until end: ContinuousClock.Instant
    ) async throws -> JSON {
        tools.progress("\(definition.name): \(definition.procedure)")
        let procedure = try agents.library.procedure(of: definition)
        let output = try await Deadline.keep(end) { try await procedure.run(task, with: tools) }
        guard let output else {
            throw GatehouseError(
                "agents", .timeout, "\(definition.name) was not done within \(definition.budget.time)",
                hint: "give it less to do, or more time in its definition")
        }
        guard let wrong = definition.outputSchema.validate(output).first else { return output }
        throw GatehouseError(
            "agents", .internal,
            "what the procedure \(definition.procedure) yields does not fit \(definition.name): \(wrong.path) \(wrong.message)"
        )
    }

    // MARK: One model

    private func judge(
        _ models: [String], _ task: AgentTask, _ tools: AgentTools, _ asker: ModelAsker, _ result: inout AgentResult,
        until end: ContinuousClock.Instant
    ) async throws {
        var loop = AgentLoop(
            agent: definition.name, budget: definition.budget, models: models, tools: try table(tools),
            check: AnswerCheck(definition, task, found: result.output),
            conversation: AgentPrompt.conversation(definition, task, found: result.output))
        var event = AgentLoop.Event.begun
        var answeredBy: String?
        while true {
            switch loop.next(event) {
            case .ask(let question):
                if let why = barrier() {
                    event = .stopped(why)
                    continue
                }
                tools.progress("\(definition.name): asks \(question.model)")
                let heard = try await Deadline.keep(end) { await asker.ask(question) }
                answeredBy = heard?.model ?? answeredBy
                event = heard.map(Self.event) ?? .stopped("its time is used up")
            case .look(let requests): event = try await look(requests, tools, until: end)
            case .end(let ended):
                for refusal in loop.refusals { tools.note(refusal.tool, refused: refusal.error) }
                result.proposals = loop.proposals
                (result.spent.tokens, result.spent.cost) = (loop.spent.tokens, loop.spent.cost)
                result.why = ended.why
                guard let output = ended.output else { return }
                (result.by, result.output, result.model) = (.model, output, answeredBy ?? loop.model)
                return
            }
        }
    }

    private static func event(_ heard: ModelAsker.Heard) -> AgentLoop.Event {
        switch heard.result {
        case .success(let reply): .said(reply, heard.usage)
        case .failure(let error): .failed(error, heard.usage)
        }
    }

    /// One after the other: a model may ask for several at once, and systems behind the gate are not its to hurry.
    private func look(
        _ requests: [ActionRequest], _ tools: AgentTools, until end: ContinuousClock.Instant
    ) async throws -> AgentLoop.Event {
        var results: [Result<JSON, GatehouseError>] = []
        for request in requests {
            tools.progress("\(definition.name): \(request.tool)")
            let result = try await Deadline.keep(end) { await tools.look(request) }
            guard let result else { return .stopped("its time is used up") }
            results.append(result)
        }
        return .looked(results)
    }

    /// What the model may call: of the tools that there are, those that the definition lists.
    private func table(_ tools: AgentTools) throws -> ToolTable {
        let gate = try agents.gate.value()
        return ToolTable(gate.tools.descriptors.filter { tools.admits($0.id) }) { try gate.effect(of: $0) }
    }

    // MARK: Several models

    private func vote(
        _ models: [String], on task: AgentTask, _ asker: ModelAsker, _ result: inout AgentResult,
        until end: ContinuousClock.Instant
    ) async throws {
        if let why = barrier() {
            result.why = why
            return
        }
        var ballot = AgentBallot(definition, models, task, found: result.output)
        let questions = ballot.questions
        let heard = try await Deadline.keep(end) {
            await withTaskGroup(of: (Int, ModelAsker.Heard).self) { group in
                for (place, question) in questions.enumerated() {
                    group.addTask { (place, await asker.ask(question)) }
                }
                return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        guard let heard else {
            result.why = "its time is used up"
            return
        }
        var spent = AgentLoop.Usage()
        for (question, one) in zip(questions, heard) {
            spent += one.usage
            ballot.add(one.result, of: question.model)
        }
        (result.spent.tokens, result.spent.cost) = (spent.tokens, spent.cost)
        switch ballot.outcome(definition.outputSchema) {
        case .success(let output): (result.by, result.output, result.model) = (.model, output, ballot.voters)
        case .failure(let error): result.why = error.message
        }
    }

    // MARK: Labels

    /// Why no model may be asked now: what has passed through the session has a label that the definition does not let it
    /// see. The gate itself looks at what each provider is cleared for.
    private func barrier() -> String? {
        let allowed = Set(definition.labels.map { Label($0) })
        guard let session = try? agents.gate.value().sessions.current(context.session.id) else {
            return "its session is over"
        }
        let barred = context.labels.union(session.labels).subtracting(allowed)
        guard !barred.isEmpty else { return nil }
        let names = barred.sorted().map(\.rawValue).joined(separator: ", ")
        return "what it has seen is labelled \(names), which its definition lets no model see"
    }
}

enum Deadline {
    /// What the work yields; nil, with the work cancelled, where it is not done in time. Work that does not heed
    /// cancellation is waited for.
    static func keep<Value: Sendable>(
        _ instant: ContinuousClock.Instant, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(until: instant, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
