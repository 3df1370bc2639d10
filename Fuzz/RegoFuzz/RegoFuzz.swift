import JSON
import Rego

/// What must hold of any bytes taken for a policy: errors with their places, or a program whose every evaluation ends
/// within its limits, with and without the index of its rules alike. libFuzzer calls this; a broken promise ends the
/// process, which it reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRego(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    for version in [RegoVersion.v1, .v0] {
        var options = CompilerOptions()
        options.version = version
        var compiler = Compiler(options)
        guard (try? compiler.add(module: bytes, name: "m.rego")) != nil else { continue }
        guard let policy = try? compiler.compile([Compiler.Query(name: "q", text: "x = data")]) else { continue }
        guard let program = try? Program(policy), let query = try? PreparedQuery(program, entryPoint: "q") else {
            fatalError("broken: what compiles can be evaluated")
        }
        for input in inputs { check(query, input) }
    }
    return 0
}

private let inputs: [RegoValue?] = [
    nil, ["a": 1, "b": "text", "xs": [1, 2, ["x": .set([1, "y"])]], "path": "/x/1", "user": ["role": "admin"]],
]

private func check(_ query: PreparedQuery, _ input: RegoValue?) {
    var options = EvaluationOptions()
    options.limits.steps = 20_000
    options.limits.memory = 16 << 20
    options.limits.valueSize = 1 << 20
    (options.seed, options.nowNanoseconds) = (1, 1_700_000_000_000_000_000)
    let data: RegoValue = ["a": [1, 2], "roles": ["admin": ["read"]]]
    let first = answer(query, input, data, options)
    options.usesIndex = false
    let second = answer(query, input, data, options)
    // Without the index there is more to do, so that only this may end at a limit.
    if case .stopped = second { return }
    guard first == second else { fatalError("broken: the index of rules changes no answer") }
}

private enum Answer: Equatable {
    case value(RegoSet)
    case error(EvaluationError.Code)
    case stopped
}

private func answer(
    _ query: PreparedQuery, _ input: RegoValue?, _ data: RegoValue, _ options: EvaluationOptions
) -> Answer {
    do throws(EvaluationError) {
        let results = try query.evaluate(input: input, data: data, options: options)
        for value in results.values {
            let json = value.json
            guard RegoValue(json).json == json else { fatalError("broken: an answer written as JSON reads back") }
        }
        return .value(results.values)
    } catch { return error.code == .limit || error.code == .cancelled ? .stopped : .error(error.code) }
}
