/// Writes down the events that a tracer wants, within its limits.
struct TraceRecorder {
    private let tracer: Tracer
    private let program: Program
    private var events: [Trace.Event] = []
    private var bytes = 0
    private var queries = 0
    private(set) var isFull = false

    init(_ tracer: Tracer, _ program: Program) {
        self.tracer = tracer
        self.program = program
    }

    var wantsVariables: Bool { tracer.detail != .notes }

    func variables(_ wanted: [IR.Observation.Variable], _ values: [RegoValue?]) -> [Trace.Variable] {
        zip(wanted, values).compactMap { variable, value in
            guard let value else { return nil }
            let isLarge = value.size > tracer.limits.valueSize
            let kept = isLarge ? RegoValue(ValuePreview.of(value, limit: tracer.limits.valueSize)) : value
            return Trace.Variable(name: variable.name, value: kept, isCut: isLarge)
        }
    }

    mutating func nextQuery() -> Int {
        queries += 1
        return queries
    }

    /// The last of the bodies has been entered.
    mutating func entered(_ bodies: inout [Observation.Body]) {
        if tracer.detail == .full || tracer.detail == .debug { recordEnters(&bodies) }
    }

    /// Returns the event's index, nil where it is not wanted or there is no room.
    mutating func record(
        _ operation: Trace.Operation, _ point: Int, in body: Int, of bodies: inout [Observation.Body],
        _ variables: [Trace.Variable]
    ) -> Int? {
        switch tracer.detail {
        case .notes: return nil
        case .fails: guard operation == .fail else { return nil }
        case .full, .debug: break
        }
        recordEnters(&bodies)
        return append(
            event(operation, point, bodies[body], depth: operation == .exit ? body : body + 1, variables))
    }

    mutating func record(message: String, at place: IR.Place?, in bodies: inout [Observation.Body]) {
        recordEnters(&bodies)
        let place = place ?? bodies.last.map { program.points[$0.point].place }
        append(
            Trace.Event(
                operation: .note, subject: .expr, query: bodies.last?.query ?? 0, parent: bodies.last?.parent ?? 0,
                depth: bodies.count, node: "", file: place.map { program.file($0) } ?? "", row: place?.row ?? 0,
                column: place?.column ?? 0, variables: [],
                message: String(decoding: message.utf8.prefix(4096), as: UTF8.self)))
    }

    /// What an expression has given, in place of what it began with.
    mutating func update(_ event: Int, _ variables: [Trace.Variable]) {
        bytes += Self.size(variables)
        guard bytes <= tracer.limits.bytes else {
            isFull = true
            return
        }
        events[event].variables = variables
    }

    func finish() { tracer.add(events, isCut: isFull) }

    // MARK: Events

    /// Those of the bodies that are around what is to be recorded and have not been yet.
    private mutating func recordEnters(_ bodies: inout [Observation.Body]) {
        let from = bodies.lastIndex { $0.isRecorded }.map { $0 + 1 } ?? 0
        for at in from..<bodies.count {
            bodies[at].isRecorded = true
            append(event(.enter, bodies[at].point, bodies[at], depth: at, bodies[at].variables))
        }
    }

    private func event(
        _ operation: Trace.Operation, _ point: Int, _ body: Observation.Body, depth: Int,
        _ variables: [Trace.Variable]
    ) -> Trace.Event {
        let point = program.points[point]
        let subject: Trace.Subject =
            switch point.kind {
            case .rule: .rule
            case .body: .body
            case .expression, .head: .expr
            }
        return Trace.Event(
            operation: operation, subject: subject, query: body.query, parent: body.parent, depth: depth,
            node: point.text, file: program.file(point.place), row: point.place.row, column: point.place.column,
            variables: variables)
    }

    @discardableResult
    private mutating func append(_ event: Trace.Event) -> Int? {
        bytes += 128 + event.node.utf8.count + event.message.utf8.count + Self.size(event.variables)
        guard !isFull, events.count < tracer.limits.events, bytes <= tracer.limits.bytes else {
            isFull = true
            return nil
        }
        events.append(event)
        return events.count - 1
    }

    private static func size(_ variables: [Trace.Variable]) -> Int {
        variables.reduce(0) { $0 + 48 + $1.name.utf8.count + $1.value.size }
    }
}
