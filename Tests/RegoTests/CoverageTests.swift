import JSON
import Testing

@testable import Rego

struct CoverageTests {
    private static let module = """
        package app

        default allow := false

        allow if {
        	input.role == "admin"
        	input.age > 17
        }

        level := "high" if {
        	input.age > 60
        } else := "middle" if {
        	every item in input.items {
        		item > 0
        		item < 10
        	}
        } else := "low"

        names contains name if {
        	some item in [x |
        		some x in input.items
        		x > 5
        	]
        	name := sprintf("%d", [item])
        }

        limit := 5
        """

    private func coverage(_ inputs: RegoValue...) throws -> Coverage.File {
        let query = "x = data.app.allow; y = data.app.level; z = data.app.names; data.app.limit"
        return try #require(try Observed.coverage(Self.module, query, inputs: inputs).files["app.rego"])
    }

    /// All lines with a rule or an expression on them, by hand.
    private static let lines = [3, 5, 6, 7, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 22, 24, 27]

    @Test func whatCanBeCoveredIsKnownWithoutEvaluatingAnything() throws {
        var compiler = Compiler()
        try compiler.add(module: Self.module, name: "app.rego")
        let program = try Program(compiler.compile([.entryPoint("app/limit")], isObserved: true))
        let counter = CoverageCounter()
        counter.include(program)
        #expect(counter.coverage.files["app.rego"]?.notCoveredRows == Self.lines)
        #expect(counter.coverage.percentage == 0)
        #expect(counter.coverage.notCoveredLines == Self.lines.count)
    }

    @Test func rulesAreCoveredOnceTheyGiveAValueAndExpressionsOnceEvaluated() throws {
        let file = try coverage(["role": "guest", "age": 20, "items": [11]])
        // `every` and the comprehension look at one element, and nothing is larger than 60.
        #expect(file.coveredRows == [3, 6, 11, 13, 14, 15, 17, 19, 20, 21, 22, 24, 27])
        #expect(file.notCoveredRows == [5, 7, 10, 12])
    }

    @Test func inputsTogetherCoverWhatEachDoesNot() throws {
        let file = try coverage(
            ["role": "admin", "age": 61, "items": []], ["role": "admin", "age": 3, "items": [6]], ["items": [0]])
        #expect(file.notCoveredRows == [])
        #expect(file.coveredRows == Self.lines)
    }

    @Test func coveragesOfDifferentProgramsMerge() throws {
        let query = "x = data.app.allow"
        var first = try Observed.coverage(Self.module, query, inputs: [["role": "admin", "age": 18]])
        let second = try Observed.coverage(Self.module, "y = data.app.limit", inputs: [[:]])
        let other = try Observed.coverage("package o\nx := 1", "x = data.o.x", inputs: [[:]], file: "other_test.rego")
        first.merge(second)
        first.merge(other)
        #expect(first.files["app.rego"]?.coveredRows == [5, 6, 7, 27])
        #expect(first.files["other_test.rego"]?.coveredRows == [2])
        #expect(first.limited { !$0.hasSuffix("_test.rego") }.files.keys.sorted() == ["app.rego"])
        #expect(first.files["app.rego"]?.points.first { $0.row == 5 }?.count == 1)
    }

    @Test func theReportIsOPAs() throws {
        let module = "package p\na := 1\nb if {\n\tinput.x\n\tinput.y\n}\nc := 2"
        let coverage = try Observed.coverage(module, "data.p.a; data.p.c; not data.p.b", inputs: [["x": 1]])
        #expect(
            coverage.json == [
                "files": [
                    "app.rego": [
                        "covered": [
                            ["start": ["row": 2], "end": ["row": 2]], ["start": ["row": 4], "end": ["row": 5]],
                            ["start": ["row": 7], "end": ["row": 7]],
                        ],
                        "not_covered": [["start": ["row": 3], "end": ["row": 3]]], "covered_lines": 4,
                        "not_covered_lines": 1, "coverage": 80,
                    ]
                ], "covered_lines": 4, "not_covered_lines": 1, "coverage": 80,
            ])
    }

    /// A line counts as covered only when all on it is: a body on the line of its head that never held is not.
    @Test func aLineIsCoveredWhenAllOnItIs() throws {
        let module = "package p\na if { input.x; input.y }"
        let query = "x = data.p"
        #expect(try Observed.coverage(module, query, inputs: [["x": 1]]).percentage == 0)
        #expect(try Observed.coverage(module, query, inputs: [["x": 1, "y": 1]]).percentage == 100)
    }

    @Test func rulesAreSeenUnderMocksAndWhenTheyAreConstants() throws {
        let module = """
            package p
            f(x) := x + 1
            g(x) := x - 1
            a := x if x := f(1) with data.p.f as data.p.g
            b if a == 0 with input.q as 2
            k := {"x": 1}
            """
        let coverage = try Observed.coverage(module, "data.p.b; data.p.k.x == 1", inputs: [[:]])
        #expect(coverage.files["app.rego"]?.notCoveredRows == [2])
    }

    @Test func evaluationsAtOnceAreAllCounted() async throws {
        let query = try Observed.query("package p\na if input.x", "data.p.a")
        let counter = CoverageCounter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    var options = EvaluationOptions()
                    options.coverage = counter
                    _ = try? query.evaluate(input: ["x": true], data: [:], options: options)
                }
            }
        }
        #expect(counter.coverage.files["app.rego"]?.points.map(\.count) == [50, 50])
    }

    @Test func coverageKnowsOfAllThatTheSyntaxHas() throws {
        let module = """
            package p
            import rego.v1
            default f(_) := 0
            f([x, {"k": y}]) := z if { z := x + y } else := [w | some w in [x, y]; w > 1][0] if x else := 3
            o[k].r contains {"v": v} if some k, v in {a: b | some a, b in input; not b == 1}
            g := $"{[q | q := input.x]} and {count([1 | input.y])}" if {
            	some i; input.xs[i] = {"a": [1 | true]}; print("x", [i | i == 1])
            	every e in {d | d := input.xs[_]} { e != 2; count([e | e]) > 0 }
            	not count([1 | input.z]) == 1
            	input.q == 1 with input as {"q": [s | s := 1][0]}
            }
            h contains [1 | 1 == 1]
            p.q.r := 1 if { 1 in {t: 1 | some t in [1]} }
            """
        try checkAllPlacesAreKnown(module)
        try checkAllPlacesAreKnown(Self.module)
        try checkAllPlacesAreKnown(TraceTests.policy)
    }

    private func checkAllPlacesAreKnown(_ module: String) throws {
        var compiler = Compiler()
        try compiler.add(module: module, name: "app.rego")
        let program = try Program(compiler.compile([], isObserved: true))
        let known = Set(program.points.filter(\.isCounted).map { [$0.place.row, $0.place.column] })
        let wanted = Set(CoverableLines(compiler.modules[0]).places.map { [Int($0.row), Int($0.column)] })
        #expect(known == wanted)
    }

    @Test func otherProgramsHaveNothingToObserve() throws {
        var compiler = Compiler()
        try compiler.add(module: Self.module, name: "app.rego")
        let program = try Program(compiler.compile([.entryPoint("app")]))
        #expect(program.observations.isEmpty && program.points.isEmpty)
        #expect(!(0..<program.code.count).contains { program.code.pointer[$0].code == .observe })
    }

    /// What can be observed gives what it gives otherwise.
    @Test func observedProgramsGiveTheSame() throws {
        for input: RegoValue in [[:], ["age": 61, "items": [1]], ["role": "admin", "age": 18, "items": [6, 11]]] {
            var compiler = Compiler()
            try compiler.add(module: Self.module, name: "app.rego")
            var results: [RegoValue?] = []
            for isObserved in [false, true] {
                let program = try Program(compiler.compile([.entryPoint("app")], isObserved: isObserved))
                results.append(
                    try PreparedQuery(program, entryPoint: "app").evaluate(input: input, data: [:]).value)
            }
            #expect(results[0] == results[1])
            #expect(results[0] != nil)
        }
    }
}
