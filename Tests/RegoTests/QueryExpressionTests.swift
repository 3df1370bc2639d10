import Rego
import Testing

@Suite struct QueryExpressionTests {
    static let module = """
        package app

        import data.lib as l

        allow if input.x

        f(x) := x + 1
        """

    func answers(
        _ text: String, package: String = "", imports: [String] = [], input: RegoValue? = .null, data: RegoValue = [:]
    ) throws -> [[RegoValue]] {
        var compiler = Compiler()
        try compiler.add(module: Self.module, name: "app.rego")
        var query = Compiler.Query(name: "q", text: text)
        query.package = package
        query.imports = imports
        query.keepsValues = true
        let expressions = try compiler.expressions(of: query)
        let prepared = try PreparedQuery(Program(compiler.compile([query])), entryPoint: "q")
        return try prepared.evaluate(input: input, data: data).values.map { answer in
            expressions.map { $0.variable.flatMap { answer.object?[$0] } ?? true }
        }
    }

    @Test func aLoneExpressionMayBeFalse() throws {
        #expect(try answers("1 == 2") == [[false]])
        #expect(try answers("data.app.allow", input: ["x": false]).isEmpty)
        #expect(try answers("input.x", input: ["x": false]) == [[false]])
        #expect(try answers("count([x | some x in [1]])") == [[1]])
    }

    @Test func ofSeveralEachHolds() throws {
        #expect(try answers("1 == 2; true").isEmpty)
        #expect(try answers("x := 3; x + 1; x") == [[true, 4, 3]])
        #expect(try answers("input.xs[i]", input: ["xs": [false, 2, 3]]) == [[2], [3]])
        #expect(try answers("some x in [1, 2]; x > 1") == [[true, true]])
        #expect(try answers("not false; every x in [1] { x == 1 }") == [[true, true]])
    }

    @Test func callsThatGiveTheirResultAwayKeepDoingSo() throws {
        #expect(try answers("plus(1, 2, x); x") == [[true, 3]])
        #expect(try answers("data.app.f(1, y); y") == [[true, 2]])
        #expect(try answers("data.app.f(1)") == [[2]])
        #expect(try answers("walk({\"a\": 1}, [path, value]); path == []; value") == [[true, true, ["a": 1]]])
    }

    @Test func fromWithinAPackage() throws {
        #expect(try answers("allow", package: "app", input: ["x": true]) == [[true]])
        #expect(try answers("f(2)", package: "app") == [[3]])
        #expect(try answers("l.y", imports: ["data.lib as l"], data: ["lib": ["y": 5]]) == [[5]])
        #expect(throws: RegoErrors.self) { try answers("allow") }
        #expect(throws: RegoErrors.self) { try answers("1", package: "a b") }
        #expect(throws: RegoErrors.self) { try answers("1", imports: ["nowhere"]) }
    }

    @Test func textsAndPlaces() throws {
        var query = Compiler.Query(name: "q", text: "x := 1 # one\n  data.a[ \"b\" ] == x with input as {}")
        query.keepsValues = true
        let expressions = try Compiler().expressions(of: query)
        #expect(expressions.map(\.text) == ["x := 1", "data.a[ \"b\" ] == x with input as {}"])
        #expect(expressions.map(\.row) == [1, 2])
        #expect(expressions.map(\.column) == [1, 3])
        #expect(expressions[0].variable == nil)
    }
}
