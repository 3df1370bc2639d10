import JSON
import Rego

/// What must hold of any bytes taken for a compiled policy: an error with its place, or a program whose every evaluation
/// ends within its limits. libFuzzer calls this; a broken promise ends the process, which it reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlan(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let policy = try? IR.Policy(plan: bytes), let program = try? Program(policy) else { return 0 }
    for entryPoint in program.entryPoints {
        guard let query = try? PreparedQuery(program, entryPoint: entryPoint) else {
            fatalError("broken: an entry point can be evaluated")
        }
        for input in inputs { check(query, input) }
    }
    return 0
}

private let inputs: [RegoValue?] = [nil, ["a": [1, 2, ["x": .set([1, "y"])]], "b": "text"], [1, true, .null, [2]]]

private func check(_ query: PreparedQuery, _ input: RegoValue?) {
    var options = EvaluationOptions()
    options.limits.steps = 20_000
    options.limits.memory = 16 << 20
    options.limits.valueSize = 1 << 20
    (options.seed, options.nowNanoseconds) = (1, 1_700_000_000_000_000_000)
    guard let first = try? query.evaluate(input: input, data: ["a": [1, 2], "b": ["c": true]], options: options) else {
        return
    }
    let second = try? query.evaluate(input: input, data: ["a": [1, 2], "b": ["c": true]], options: options)
    guard first == second else { fatalError("broken: the same query has the same answer") }
    for value in first.values {
        let json = value.json
        guard RegoValue(json).json == json else { fatalError("broken: an answer written as JSON reads back") }
    }
}
