import Testing

@testable import Rego

@Suite struct EvaluationErrorTests {
    private func failure(
        _ policy: IR.Policy, input: RegoValue? = nil, builtins: [Builtin] = [], options: EvaluationOptions = .default
    ) throws -> EvaluationError? {
        do {
            _ = try Plans.evaluate(policy, input: input, builtins: builtins, options: options)
            return nil
        } catch let error as EvaluationError {
            return error
        }
    }

    @Test func twoValuesOfARuleConflict() throws {
        let policy = Plans.query([
            .assignVarOnce(source: .bool(true), target: 2), .assignVarOnce(source: .bool(true), target: 2),
            .assignVarOnce(source: .bool(false), target: 2),
        ])
        let error = try #require(try failure(policy))
        #expect(error.code == .conflict && error.message == "complete rules must not produce multiple outputs")
    }

    @Test func twoValuesOfAKeyConflict() throws {
        let policy = Plans.query(
            [
                .makeObject(target: 2), .objectInsertOnce(key: .string(0), value: .bool(true), object: 2),
                .objectInsertOnce(key: .string(0), value: .bool(true), object: 2),
                .objectInsertOnce(key: .string(0), value: .bool(false), object: 2),
            ], strings: ["k"])
        #expect(try failure(policy)?.message == "object keys must be unique")
    }

    @Test func builtinErrorsCountOnlyWhereTheyAreStrict() throws {
        let failing = Builtin("div", [.number], .number) { _, _ throws(BuiltinError) in throw .failure("divide by zero")
        }
        let fatal = Builtin("stop", [.number], .number) { _, _ throws(BuiltinError) in
            throw BuiltinError(.builtin, "no", isFatal: true)
        }
        func policy(_ name: String) -> IR.Policy {
            var policy = Plans.query([])
            let call = IR.Operation.call(function: name, arguments: [.bool(true)], result: 2)
            policy.plans[0].blocks = [IR.Block([IR.Statement(call, at: IR.Place(file: 0, row: 3, column: 4))])]
            policy.files = ["p.rego"]
            return policy
        }
        #expect(try failure(policy("div"), builtins: [failing]) == nil)
        var strict = EvaluationOptions()
        strict.isStrict = true
        let error = try #require(try failure(policy("div"), builtins: [failing], options: strict))
        #expect("\(error)" == "p.rego:3:4: eval_builtin_error: div: divide by zero")
        #expect(try failure(policy("stop"), builtins: [fatal])?.message == "stop: no")
    }

    /// Loops within each other over an input of ten: ten to the power of `depth` steps.
    private func loops(_ depth: Int, _ inner: [IR.Operation]) -> IR.Operation {
        let block = Plans.block(depth > 1 ? [loops(depth - 1, inner)] : inner)
        return .scan(source: 0, key: depth * 2 + 10, value: depth * 2 + 11, block: block)
    }

    private let ten = RegoValue.array(RegoArray((0..<10).map { RegoValue($0) }))

    @Test func stepsAreLimited() throws {
        var options = EvaluationOptions()
        options.limits.steps = 100_000
        let error = try failure(Plans.query([loops(12, [.nop])]), input: ten, options: options)
        #expect(error?.code == .limit)
        #expect(try failure(Plans.query([loops(3, [.nop])]), input: ten, options: options) == nil)
    }

    @Test func timeIsLimited() throws {
        var options = EvaluationOptions()
        options.limits.time = .milliseconds(20)
        options.limits.steps = .max
        #expect(try failure(Plans.query([loops(20, [.nop])]), input: ten, options: options)?.code == .limit)
    }

    @Test func memoryIsLimited() throws {
        var options = EvaluationOptions()
        options.limits.memory = 1 << 20
        let policy = Plans.query([
            .makeArray(capacity: 0, target: 2), loops(9, [.arrayAppend(value: .bool(true), array: 2)]),
        ])
        let error = try #require(try failure(policy, input: ten, options: options))
        #expect(error.code == .limit && error.message.contains("bytes"))
    }

    @Test func valuesThatDoubleAreStopped() throws {
        var statements: [IR.Operation] = [.makeArray(capacity: 0, target: 2)]
        for local in 3..<100 {
            statements += [
                .makeArray(capacity: 2, target: local), .arrayAppend(value: .local(local - 1), array: local),
                .arrayAppend(value: .local(local - 1), array: local),
            ]
        }
        #expect(try failure(Plans.query(statements))?.code == .limit)
    }

    @Test func nestedValuesAreStopped() throws {
        var statements: [IR.Operation] = [.makeArray(capacity: 0, target: 2)]
        for local in 3..<1000 {
            statements += [
                .makeArray(capacity: 1, target: local), .arrayAppend(value: .local(local - 1), array: local),
            ]
        }
        #expect(try failure(Plans.query(statements))?.message.contains("512 containers") == true)
    }

    @Test func aFunctionThatCallsItselfIsStopped() throws {
        let call = IR.Operation.call(function: "g0.f", arguments: [.local(0), .local(1), .local(0)], result: 3)
        let function = Plans.function("g0.f", parameters: 3, result: 3, [[call, .returnLocal(3)]])
        #expect(try failure(Plans.query([call], functions: [function]), input: ten)?.code == .limit)
    }

    @Test func anEvaluationCanBeCancelled() throws {
        var options = EvaluationOptions()
        options.isCancelled = { true }
        #expect(try failure(Plans.query([loops(8, [.nop])]), input: ten, options: options)?.code == .cancelled)
    }
}
