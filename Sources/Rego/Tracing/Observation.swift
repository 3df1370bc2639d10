/// Follows one evaluation: counts what it reaches and, for a tracer, writes down what happens.
///
/// That an expression failed is not said by the program; it shows when evaluation goes on elsewhere though the
/// expression has not held.
final class Observation {
    let program: Program
    private let coverage: CoverageCounter?
    private var hits: [Int]
    private var recorder: TraceRecorder?
    private var bodies: [Body] = []
    /// The builtin being called: its instruction and the calls around it.
    var builtinCall = (instruction: 0, frame: 0)

    /// A rule's branch, query or inner body that evaluation is in, or has been in last.
    struct Body {
        var frame: Int
        var level: Int
        var point: Int
        var query: Int
        var parent: Int
        /// Those that the evaluation has got to, in order; all but the last hold.
        var expressions: [Expression] = []
        var isRecorded = false
        var variables: [Trace.Variable]
    }

    struct Expression {
        var position: Int
        var point: Int
        var holds = false
        /// Where its evaluation was written down.
        var event: Int?
        var variables: [Trace.Variable]
    }

    init(_ program: Program, _ options: EvaluationOptions) {
        coverage = program.isObserved ? options.coverage : nil
        recorder = options.tracer.map { TraceRecorder($0, program) }
        self.program = program
        hits = coverage == nil ? [] : [Int](repeating: 0, count: program.points.count)
    }

    /// Whether values of variables are wanted.
    var wantsVariables: Bool { recorder?.wantsVariables ?? false }

    func note(_ seen: IR.Observation, frame: Int, _ values: [RegoValue?]) {
        if !hits.isEmpty, seen.step == .evaluate || seen.step == .exit { hits[seen.point] += 1 }
        guard let recorder, !recorder.isFull else { return }
        let variables = recorder.variables(seen.variables, values)
        switch seen.step {
        case .enter: enter(seen, frame, variables)
        case .evaluate: evaluate(seen, frame, variables)
        case .learn:
            guard let body = body(seen, frame), let last = bodies[body].expressions.indices.last else { return }
            bodies[body].expressions[last].variables = variables
        case .hold: hold(seen, frame, variables)
        case .exit:
            guard let body = body(seen, frame) else { return }
            record(.exit, bodies[body].point, in: body, variables)
        case .leave: close(frame, seen.level)
        }
    }

    /// What `trace()` says.
    func note(_ message: String) {
        guard recorder != nil else { return }
        close(builtinCall.frame + 1, 0)
        let place = program.irPlace(ofInstruction: builtinCall.instruction)
        recorder?.record(message: message, at: place, in: &bodies)
    }

    func finish(_ error: EvaluationError? = nil) {
        coverage?.add(hits, of: program)
        if let error {
            recorder?.record(message: error.description, at: nil, in: &bodies)
        } else {
            close(0, 0)
        }
        recorder?.finish()
    }

    // MARK: Steps

    private func enter(_ seen: IR.Observation, _ frame: Int, _ variables: [Trace.Variable]) {
        close(frame, seen.level)
        let query = recorder?.nextQuery() ?? 0
        bodies.append(
            Body(
                frame: frame, level: seen.level, point: seen.point, query: query, parent: bodies.last?.query ?? 0,
                variables: variables))
        recorder?.entered(&bodies)
    }

    private func evaluate(_ seen: IR.Observation, _ frame: Int, _ variables: [Trace.Variable]) {
        guard let body = body(seen, frame) else { return }
        drop(in: body) { $0 >= seen.position }
        let event = record(.eval, seen.point, in: body, variables)
        bodies[body].expressions.append(
            Expression(position: seen.position, point: seen.point, event: event, variables: variables))
    }

    private func hold(_ seen: IR.Observation, _ frame: Int, _ variables: [Trace.Variable]) {
        guard let body = body(seen, frame) else { return }
        drop(in: body) { $0 > seen.position }
        guard let last = bodies[body].expressions.indices.last else { return }
        if bodies[body].expressions[last].holds {
            record(.redo, seen.point, in: body, variables)
        } else {
            bodies[body].expressions[last].holds = true
            if let event = bodies[body].expressions[last].event { recorder?.update(event, variables) }
        }
    }

    /// The index of the body that an observation is of, after what is within it was closed.
    private func body(_ seen: IR.Observation, _ frame: Int) -> Int? {
        close(frame, seen.level + 1)
        guard let last = bodies.last, last.frame == frame, last.level == seen.level else { return nil }
        return bodies.count - 1
    }

    /// Ends the bodies of deeper frames, and those of this frame from a level on.
    private func close(_ frame: Int, _ level: Int) {
        while let last = bodies.last, last.frame > frame || last.frame == frame && last.level >= level {
            drop(in: bodies.count - 1) { _ in true }
            bodies.removeLast()
        }
    }

    /// Takes away the last expressions; the one that does not hold has failed.
    private func drop(in body: Int, while isLater: (_ position: Int) -> Bool) {
        while let last = bodies[body].expressions.last, isLater(last.position) {
            if !last.holds { record(.fail, last.point, in: body, last.variables) }
            bodies[body].expressions.removeLast()
        }
    }

    @discardableResult
    private func record(
        _ operation: Trace.Operation, _ point: Int, in body: Int, _ variables: [Trace.Variable]
    ) -> Int? {
        recorder?.record(operation, point, in: body, of: &bodies, variables)
    }
}

extension Machine {
    mutating func observe(_ step: Instruction) {
        guard let observation else { return }
        var values: [RegoValue?] = []
        if observation.wantsVariables {
            let operands = lists + Int(step.b)
            for position in 0..<Int(operands[0]) { values.append(pointer(operands[position + 1]).pointee) }
        }
        observation.note(program.observations[Int(step.a)], frame: frames.count, values)
    }
}
