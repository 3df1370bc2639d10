import Core
import Flow
import JSON
import Testing

/// What expressions yield.
@Suite struct ExpressionTests {
    static let scope = Scope([
        "inputs": ["name": "shop", "count": 3, "flag": true, "empty": "", "odd key": 1],
        "steps": [
            "look": [
                "state": "succeeded",
                "outputs": ["urgent": 2, "list": [["id": "a", "n": 1], ["id": "b", "n": 2.5], ["id": "a"]]],
            ]
        ],
        "event": ["body": ["x": .null]], "index": 1,
    ])

    static func value(_ source: String, _ scope: Scope = scope) throws -> JSON {
        try Expression(source).evaluate(in: scope)
    }

    static let members: [Wanted] = [
        Wanted("'it''s'", "it's"), Wanted("''", ""), Wanted("12", 12), Wanted("-1.5", -1.5), Wanted("true", true),
        Wanted("null", .null),
        Wanted("9007199254740993", .number(JSONNumber(spelling: "9007199254740993") ?? 0)),
        Wanted("inputs.name", "shop"), Wanted("inputs['odd key']", 1), Wanted("inputs.missing", .null),
        Wanted("inputs.missing.deeper[0]", .null),
        Wanted("steps.look.outputs.list[0].id", "a"), Wanted("steps.look.outputs.list[index].n", 2.5),
        Wanted("steps.look.outputs.list[9]", .null), Wanted("steps.look.outputs.list[-1]", .null),
        Wanted("steps.look.outputs['urgent']", 2), Wanted("item", .null), Wanted("inputs.name.length", .null),
    ]

    @Test(arguments: members)
    func readsLiteralsAndMembers(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try Self.value(source) == wanted)
    }

    static let comparisons: [Wanted] = [
        Wanted("1 == 1.0", true), Wanted("1 == '1'", false), Wanted("null == false", false),
        Wanted("'a' == 'A'", false),
        Wanted("9007199254740993 == 9007199254740992", false), Wanted("9007199254740993 > 9007199254740992", true),
        Wanted("2 < 10", true), Wanted("'10' < '2'", true), Wanted("2 <= 2", true), Wanted("3 >= 4", false),
        Wanted("1e2 == 100", true),
        Wanted("inputs.missing == null", true), Wanted("inputs.count != 3", false),
        Wanted("fromJSON('{\"a\":[1,2]}') == fromJSON('{\"a\":[1.0,2e0]}')", true),
        Wanted("fromJSON('{\"a\":1,\"b\":2}') == fromJSON('{\"b\":2,\"a\":1}')", true),
        Wanted("!inputs.flag", false), Wanted("!!''", false), Wanted("(1 == 1) == (2 == 2)", true),
    ]

    @Test(arguments: comparisons)
    func comparesByValueAndNeverAcrossTypes(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try Self.value(source) == wanted, "\(source)")
    }

    static let operands: [Wanted] = [
        Wanted("inputs.empty || 'x'", "x"), Wanted("inputs.name || 'x'", "shop"), Wanted("inputs.empty && 'x'", ""),
        Wanted("inputs.name && inputs.count", 3), Wanted("null || false || 0", 0), Wanted("1 && 2 && 3", 3),
        Wanted("0 || null && 1", .null),
    ]

    @Test(arguments: operands)
    func andAndOrYieldTheOperandThatDecides(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try Self.value(source) == wanted)
    }

    @Test func whatIsNotReachedIsNotJudged() throws {
        #expect(try Self.value("false && length(null)") == false)
        #expect(throws: GatehouseError.self) { try Self.value("true && length(null)") }
    }

    @Test func orderingOtherThingsIsAnErrorThatNamesKindsAndNoValues() throws {
        let error = #expect(throws: GatehouseError.self) { try Self.value("inputs.name < 3") }
        #expect(error?.code == .invalid && error?.message.contains("a text and a number") == true)
        #expect(error?.message.contains("column 13") == true && error?.message.contains("shop") == false)
        let missing = #expect(throws: GatehouseError.self) { try Self.value("inputs.missing > 3") }
        #expect(missing?.hint?.contains("default(x, y)") == true)
    }

    @Test func theOutcomeOfWhatCameBeforeIsAskedByFunctions() throws {
        for (outcome, wanted) in [
            (Scope.Outcome.succeeded, [true, false, false, true]), (.failed, [false, true, false, true]),
            (.cancelled, [false, false, true, true]),
        ] {
            let scope = Scope([:], outcome: outcome)
            let found = try ["success()", "failure()", "cancelled()", "always()"].map { try Self.value($0, scope) }
            #expect(found == wanted.map { .bool($0) })
        }
    }

    @Test func holdsForAllButNothingsOfEachKind() throws {
        for source in ["false", "null", "0", "0.0", "''", "-0"] {
            #expect(try !Expression(source).holds(in: Self.scope), "\(source)")
        }
        for source in ["true", "1", "'0'", "fromJSON('[]')", "fromJSON('{}')"] {
            #expect(try Expression(source).holds(in: Self.scope), "\(source)")
        }
    }

    @Test func tellsWhatItReads() throws {
        let expression = try Expression(
            "steps.look.outputs.list[index].id == inputs['a b'] || steps[item.name].state == 'x' && hash(inputs)")
        #expect(expression.steps == ["look"])
        #expect(expression.inputs == ["a b"])
        let open = expression.references.filter(\.isOpen)
        #expect(open.map(\.context) == ["steps", "steps"])
        #expect(open.map(\.path) == [["look", "outputs", "list"], []])
        #expect(open.map(\.column) == [1, 55])
        #expect(expression.references.map(\.context) == ["steps", "index", "inputs", "steps", "item", "inputs"])
    }
}
