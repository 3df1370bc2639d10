import Testing

@testable import Rego

@Suite struct EvaluationTests {
    @Test func undefinedEndsTheBlockAndNotThePlan() throws {
        let policy = Plans.query(
            [
                .block([
                    Plans.block([.dot(source: .local(0), key: .string(0), target: 2), .resultSetAdd(2)]),
                    Plans.block([.makeNumberInt(value: 7, target: 3), .resultSetAdd(3)]),
                ])
            ], strings: ["a"])
        #expect(try Plans.evaluate(policy, input: ["a": 1]) == [1, 7])
        #expect(try Plans.evaluate(policy, input: [:]) == [7])
        #expect(try Plans.evaluate(policy) == [7])
    }

    @Test func breakLeavesAsManyBlocksAsItSays() throws {
        let policy = Plans.query([
            .makeNumberInt(value: 1, target: 2), .makeNumberInt(value: 2, target: 3),
            .block([
                Plans.block([.block([Plans.block([.break(1), .resultSetAdd(2)])]), .resultSetAdd(2)]),
                Plans.block([.resultSetAdd(3)]),
            ]),
        ])
        #expect(try Plans.evaluate(policy) == [2])
    }

    @Test func notHoldsWhenItsBlockIsUndefined() throws {
        func policy(_ inner: IR.Operation) -> IR.Policy {
            Plans.query(
                [.not(Plans.block([inner])), .makeNumberInt(value: 1, target: 3), .resultSetAdd(3)], strings: ["a"])
        }
        let missing = IR.Operation.dot(source: .local(0), key: .string(0), target: 2)
        #expect(try Plans.evaluate(policy(missing), input: [:]) == [1])
        #expect(try Plans.evaluate(policy(missing), input: ["a": false]) == [])
    }

    @Test func scanGoesThroughEveryCollection() throws {
        let policy = Plans.query([
            .makeSet(target: 5),
            .scan(
                source: 0, key: 2, value: 3,
                block: Plans.block([
                    .makeArray(capacity: 2, target: 4), .arrayAppend(value: .local(2), array: 4),
                    .arrayAppend(value: .local(3), array: 4), .setAdd(value: .local(4), set: 5),
                ])),
            .resultSetAdd(5),
        ])
        #expect(try Plans.evaluate(policy, input: ["x", "y"]) == [.set([[0, "x"], [1, "y"]])])
        #expect(try Plans.evaluate(policy, input: ["k": "v"]) == [.set([["k", "v"]])])
        #expect(try Plans.evaluate(policy, input: .set([3])) == [.set([[3, 3]])])
        #expect(try Plans.evaluate(policy, input: 5) == [.set([])])
    }

    @Test func aContainerThatIsPassedOnIsNotChangedAfterwards() throws {
        let policy = Plans.query([
            .makeArray(capacity: 0, target: 2), .assignVar(source: .local(2), target: 3),
            .arrayAppend(value: .bool(true), array: 2), .makeArray(capacity: 0, target: 4),
            .arrayAppend(value: .local(2), array: 4), .arrayAppend(value: .local(3), array: 4), .resultSetAdd(4),
        ])
        #expect(try Plans.evaluate(policy) == [[[true], []]])
    }

    @Test func withReplacesForItsBlockOnly() throws {
        let rule = Plans.function(
            "g0.q", result: 2, [[.dot(source: .local(0), key: .string(0), target: 2), .returnLocal(2)]])
        let call = IR.Operation.call(function: "g0.q", arguments: [.local(0), .local(1)], result: 3)
        let policy = Plans.query(
            [
                call, .resultSetAdd(3), .assignInt(value: 9, target: 4),
                .with(local: 0, path: [0], value: .local(4), block: Plans.block([call, .resultSetAdd(3)])),
                call, .resultSetAdd(3), .dot(source: .local(0), key: .string(1), target: 5), .resultSetAdd(5),
            ], strings: ["a", "b"], functions: [rule])
        #expect(try Plans.evaluate(policy, input: ["a": 1, "b": 2]) == [1, 2, 9])
    }

    @Test func rulesAreEvaluatedOnceAQueryAndFunctionsEachTime() throws {
        let counter = Builtin("tick", [], .number, isPure: true) { _, context throws(BuiltinError) in
            let count = (context.cache["tick"] as? Int ?? 0) + 1
            context.cache["tick"] = count
            return RegoValue(count)
        }
        let rule = Plans.function(
            "g0.r", result: 2, [[.call(function: "tick", arguments: [], result: 2), .returnLocal(2)]])
        let function = Plans.function(
            "g0.f", parameters: 3, result: 3, [[.call(function: "tick", arguments: [], result: 3), .returnLocal(3)]])
        let callRule = IR.Operation.call(function: "g0.r", arguments: [.local(0), .local(1)], result: 4)
        let callFunction = IR.Operation.call(
            function: "g0.f", arguments: [.local(0), .local(1), .bool(true)], result: 5)
        let policy = Plans.query(
            [callRule, callRule, .resultSetAdd(4), callFunction, callFunction, .resultSetAdd(5)],
            functions: [rule, function])
        #expect(try Plans.evaluate(policy, builtins: [counter]) == [1, 3])
    }

    /// f1 calls f2 twice, which calls f3 twice …: two to the power of forty calls, or eighty.
    @Test func expensiveFunctionsAreEvaluatedOnceForTheirArguments() throws {
        let depth = 40
        let functions = (0..<depth).map { level in
            let inner: [IR.Operation] =
                level == depth - 1
                ? [.makeNumberInt(value: 1, target: 3)]
                : [3, 4].map {
                    .call(function: "g0.f\(level + 1)", arguments: [.local(0), .local(1), .local(2)], result: $0)
                }
            return Plans.function("g0.f\(level)", parameters: 3, result: 3, [inner + [.returnLocal(3)]])
        }
        let call = IR.Operation.call(function: "g0.f0", arguments: [.local(0), .local(1), .bool(true)], result: 2)
        var options = EvaluationOptions()
        options.limits.steps = 100_000
        let policy = Plans.query([call, .resultSetAdd(2)], functions: functions)
        #expect(try Plans.evaluate(policy, options: options) == [1])
    }

    @Test func whatIsNotPureAnswersAlikeThroughoutAQuery() throws {
        let random = Builtin("random", [.number], .number, isPure: false) { _, _ throws(BuiltinError) in
            RegoValue(Int.random(in: 0..<Int.max))
        }
        func call(_ result: IR.Local) -> IR.Operation {
            .call(function: "random", arguments: [.bool(true)], result: result)
        }
        let policy = Plans.query([call(2), call(3), .equal(.local(2), .local(3)), .resultSetAdd(2)])
        #expect(try Plans.evaluate(policy, builtins: [random]).count == 1)
    }

    @Test func dynamicCallsFindFunctionsByPath() throws {
        let rule = Plans.function("q", result: 2, [[.makeNumberInt(value: 5, target: 2), .returnLocal(2)]])
        let policy = Plans.query(
            [.callDynamic(path: [.string(0), .local(0)], arguments: [0, 1], result: 2), .resultSetAdd(2)],
            strings: ["g0"], functions: [rule])
        #expect(try Plans.evaluate(policy, input: "q") == [5])
        #expect(try Plans.evaluate(policy, input: "other") == [])
    }

    @Test func mergingLetsTheFirstWin() throws {
        let policy = Plans.query([.objectMerge(a: 0, b: 1, target: 2), .resultSetAdd(2)])
        let merged = try Plans.evaluate(
            policy, input: ["x": ["a": 1], "y": 1], data: ["x": ["a": 2, "b": 2], "z": 2])
        #expect(merged == [["x": ["a": 1, "b": 2], "y": 1, "z": 2]])
    }

    @Test func numbersFindMembersOfDataByTheirSpelling() throws {
        let direct = Plans.query([
            .makeNumberInt(value: 2, target: 2), .dot(source: .local(1), key: .local(2), target: 3), .resultSetAdd(3),
        ])
        #expect(try Plans.evaluate(direct, data: ["2": "bar"]) == ["bar"])
        let ofInput = Plans.query([
            .makeNumberInt(value: 2, target: 2), .dot(source: .local(0), key: .local(2), target: 3), .resultSetAdd(3),
        ])
        #expect(try Plans.evaluate(ofInput, input: ["2": "bar"]) == [])
    }
}

/// What the program builder leaves out must not be missed.
@Suite struct ProgramTests {
    /// `{[x, [input.a]] | x = input.xs[_]}`: the inner array is the same in every round.
    @Test func whatIsSteadyInALoopIsComputedOnce() throws {
        let policy = Plans.query(
            [
                .makeSet(target: 9), .dot(source: .local(0), key: .string(1), target: 2),
                .scan(
                    source: 2, key: 3, value: 4,
                    block: Plans.block([
                        .dot(source: .local(0), key: .string(0), target: 5), .makeArray(capacity: 1, target: 6),
                        .arrayAppend(value: .local(5), array: 6), .makeArray(capacity: 2, target: 7),
                        .arrayAppend(value: .local(4), array: 7), .arrayAppend(value: .local(6), array: 7),
                        .setAdd(value: .local(7), set: 9),
                    ])), .resultSetAdd(9),
            ], strings: ["a", "xs"])
        #expect(try Plans.evaluate(policy, input: ["a": 1, "xs": ["p", "q"]]) == [.set([["p", [1]], ["q", [1]]])])
        #expect(try Plans.evaluate(policy, input: ["xs": ["p", "q"]]) == [.set([])])
        let program = try Program(policy, builtins: BuiltinRegistry([]))
        let codes = (0..<program.code.count).map { program.code.pointer[$0].code }
        #expect(codes.contains(.isUndefined))
    }

    @Test func aContainerThatEachRoundChangesIsMadeInEachRound() throws {
        let policy = Plans.query([
            .makeSet(target: 9),
            .scan(
                source: 0, key: 3, value: 4,
                block: Plans.block([
                    .makeArray(capacity: 1, target: 6), .arrayAppend(value: .bool(true), array: 6),
                    .arrayAppend(value: .local(4), array: 6), .setAdd(value: .local(6), set: 9),
                ])), .resultSetAdd(9),
        ])
        #expect(try Plans.evaluate(policy, input: [1, 2]) == [.set([[true, 1], [true, 2]])])
    }

    @Test func aRuleEndsOnceItHasItsConstant() throws {
        func rule(_ source: IR.Operand, alsoCollects: Bool) -> IR.Function {
            var inner: [IR.Operation] = [.assignVarOnce(source: source, target: 6)]
            if alsoCollects { inner.append(.setAdd(value: .local(4), set: 7)) }
            return Plans.function(
                "g0.r", result: 2,
                [
                    [.makeSet(target: 7)],
                    [.resetLocal(target: 6), .scan(source: 0, key: 3, value: 4, block: Plans.block(inner))],
                    [.makeArray(capacity: 2, target: 2), .arrayAppend(value: .local(6), array: 2)],
                    [.arrayAppend(value: .local(7), array: 2)], [.returnLocal(2)],
                ])
        }
        func answer(_ rule: IR.Function) throws -> [RegoValue] {
            let call = IR.Operation.call(function: "g0.r", arguments: [.local(0), .local(1)], result: 2)
            return try Plans.evaluate(Plans.query([call, .resultSetAdd(2)], functions: [rule]), input: [1, 2])
        }
        #expect(try answer(rule(.bool(true), alsoCollects: false)) == [[true, .set([])]])
        #expect(try answer(rule(.bool(true), alsoCollects: true)) == [[true, .set([1, 2])]])
        #expect(throws: EvaluationError.self) { try answer(rule(.local(4), alsoCollects: false)) }
    }

    @Test func aProgramServesManyThreadsAtOnce() async throws {
        let policy = Plans.query([
            .makeSet(target: 9),
            .scan(source: 1, key: 3, value: 4, block: Plans.block([.setAdd(value: .local(4), set: 9)])),
            .resultSetAdd(9),
        ])
        let query = try PreparedQuery(Program(policy), entryPoint: "eval")
        // Not in ascending order, so that the order is found by whoever comes first.
        let data = RegoValue.object(RegoObject((0..<200).map { (RegoValue("k\(997 * $0 % 200)"), RegoValue($0)) }))
        let wanted = RegoSet((0..<200).map { RegoValue($0) })
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try (0..<20).allSatisfy { _ in
                        try query.evaluate(input: nil, data: data).values == [.set(wanted)]
                    }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
