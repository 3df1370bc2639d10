import Core
import JSON
import TestSupport
import Testing

@testable import Rego

@Suite struct PlanReaderTests {
    private let plan = """
        {"static":{"strings":[{"value":"x"},{"value":"a"},{"value":"2.50"}],"builtin_funcs":[{"name":"count"}],
        "files":[{"value":"p.rego"}]},
        "plans":{"plans":[{"name":"eval","blocks":[{"stmts":[
        {"type":"CallStmt","stmt":{"func":"g0.data.p","args":[{"type":"local","value":0},{"type":"local","value":1}],"result":2}},
        {"type":"MakeObjectStmt","stmt":{"target":3}},
        {"type":"ObjectInsertStmt","stmt":{"key":{"type":"string_index","value":0},"value":{"type":"local","value":2},"object":3}},
        {"type":"ResultSetAddStmt","stmt":{"value":3}}]}]}]},
        "funcs":{"funcs":[{"name":"g0.data.p","params":[0,1],"return":2,"path":["g0","p"],"blocks":[{"stmts":[
        {"type":"ResetLocalStmt","stmt":{"target":2,"file":0,"col":1,"row":3}},
        {"type":"ScanStmt","stmt":{"source":0,"key":3,"value":4,"block":{"stmts":[
        {"type":"NotStmt","stmt":{"block":{"stmts":[
        {"type":"EqualStmt","stmt":{"a":{"type":"local","value":4},"b":{"type":"bool","value":true}}}]}}},
        {"type":"BlockStmt","stmt":{"blocks":[{"stmts":[
        {"type":"MakeNumberRefStmt","stmt":{"Index":2,"target":5}},{"type":"BreakStmt","stmt":{"index":1}}]},{"stmts":null}]}}]}}},
        {"type":"MakeNumberRefStmt","stmt":{"Index":2,"target":2}},
        {"type":"WithStmt","stmt":{"local":0,"path":null,"value":{"type":"local","value":2},"block":{"stmts":[
        {"type":"AssignVarStmt","stmt":{"source":{"type":"local","value":0},"target":6}}]}}},
        {"type":"ReturnLocalStmt","stmt":{"source":6}}]}]}]}}
        """

    @Test func aPlanIsReadAndRun() throws {
        let policy = try IR.Policy(plan: Array(plan.utf8))
        #expect(policy.functions[0].blocks[0].statements[0].place == IR.Place(file: 0, row: 3, column: 1))
        #expect(policy.functions[0].blocks[0].statements[1].place == nil)
        let answers = try Plans.evaluate(policy, input: [1])
        #expect(answers.map { $0.json.text() } == [#"{"x":2.50}"#])
    }

    /// Found by fuzzing: one local for both is odd, and no reason to stop the process.
    @Test func anIterationMayHaveOneLocalForKeyAndValue() throws {
        let scan = IR.Operation.scan(
            source: 0, key: 3, value: 3, block: Plans.block([.assignVar(source: .local(3), target: 4)]))
        let policy = Plans.query(
            [
                scan, .makeObject(target: 5), .objectInsert(key: .string(0), value: .local(3), object: 5),
                .resultSetAdd(5),
            ], strings: ["x"])
        #expect(throws: Never.self) { try Plans.evaluate(policy, input: [1, 2]) }
    }

    @Test func anUnknownStatementIsNamedWithItsPlace() throws {
        let text = #"{"plans":{"plans":[{"name":"p","blocks":[{"stmts":[{"type":"JumpStmt","stmt":{}}]}]}]}}"#
        let error = #expect(throws: GatehouseError.self) { try IR.Policy(plan: Array(text.utf8)) }
        #expect(error?.message.contains("/plans/plans/0/blocks/0/stmts/0") == true)
        #expect(error?.message.contains("JumpStmt") == true)
    }

    @Test(arguments: [
        [IR.Operation.break(3)], [.call(function: "none", arguments: [], result: 2)],
        [.call(function: "g0.f", arguments: [.bool(true)], result: 2)],
        [.call(function: "count", arguments: [], result: 2)],
        [.dot(source: .string(9), key: .bool(true), target: 2)], [.makeNumberRef(index: 0, target: 2)],
    ])
    func aPlanThatMakesNoSenseIsRefused(_ statements: [IR.Operation]) throws {
        let function = Plans.function("g0.f", result: 2, [])
        let policy = Plans.query(statements, strings: ["no number"], functions: [function])
        #expect(throws: GatehouseError.self) { try Program(policy) }
    }

    @Test func blocksWithinEachOtherAreLimited() throws {
        var text = ""
        for _ in 0..<125 { text += #"{"stmts":[{"type":"NotStmt","stmt":{"block":"# }
        text += #"{"stmts":[]}"# + String(repeating: "}}]}", count: 125)
        let whole = #"{"plans":{"plans":[{"name":"p","blocks":["# + text + "]}]}}"
        #expect(throws: GatehouseError.self) { try IR.Policy(plan: Array(whole.utf8)) }
    }

    /// Whatever a damaged plan does, it is an error or an answer.
    @Test func damagedPlansDoNotCrash() throws {
        var random = SeededRandom(seed: 0x5EED)
        let bytes = Array(plan.utf8)
        let numbers = Array("0123456789".utf8)
        var options = EvaluationOptions()
        options.limits.steps = 10_000
        var evaluated = 0
        for _ in 0..<12_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = damaged.indices.randomElement(using: &random) ?? 0
                let isDigit = numbers.contains(damaged[at])
                damaged[at] =
                    isDigit ? numbers.randomElement(using: &random) ?? 0 : UInt8.random(in: 32...126, using: &random)
            }
            guard let policy = try? IR.Policy(plan: damaged), let program = try? Program(policy),
                let query = try? PreparedQuery(program, entryPoint: "eval")
            else { continue }
            evaluated += 1
            _ = try? query.evaluate(input: [1, true], data: ["a": [1, 2]], options: options)
        }
        #expect(evaluated > 300)
    }
}
