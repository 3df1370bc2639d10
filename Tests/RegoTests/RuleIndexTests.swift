import Synchronization
import Testing

@testable import Rego

/// Rules that cannot hold for an input are passed over, and nobody can tell but by the clock.
struct RuleIndexTests {
    private static func query(_ text: String) throws -> PreparedQuery {
        var compiler = Compiler()
        try compiler.add(module: "package t\n" + text, name: "t.rego")
        return try PreparedQuery(Program(compiler.compile([.entryPoint("t/p")])), entryPoint: "t/p")
    }

    /// The answer, or the error's code.
    private static func answer(_ query: PreparedQuery, _ input: RegoValue?, usesIndex: Bool, steps: Int? = nil)
        -> String
    {
        var options = EvaluationOptions()
        options.usesIndex = usesIndex
        if let steps { options.limits.steps = steps }
        do throws(EvaluationError) {
            let results = try query.evaluate(input: input, data: ["roles": ["x": "r3"]], options: options)
            return results.value.map { "\($0)" } ?? "undefined"
        } catch { return error.code.rawValue }
    }

    struct Shape: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The rule for a number.
        var rule: @Sendable (Int) -> String
        /// The input that rule 70 holds for, as a term.
        var input: String
        var end = ""
        var wanted: String
    }

    static let shapes = [
        Shape(
            testDescription: "one constant",
            rule: { "p if { input.path == \"/x/\($0)\"; input.method == \"GET\" }" },
            input: #"{"path": "/x/70", "method": "GET"}"#, wanted: "true"),
        Shape(
            testDescription: "constant on the left", rule: { "p if { \"/x/\($0)\" == input[\"path\"] }" },
            input: #"{"path": "/x/70"}"#, wanted: "true"),
        Shape(
            testDescription: "unification and a variable",
            rule: { "p := \($0) if { x := input.a; y = x.b[1]; y = \($0) }" }, input: #"{"a": {"b": [0, 70.0]}}"#,
            wanted: "70"),
        Shape(
            testDescription: "functions by their argument", rule: { "f(\"k\($0)\") := \($0)" }, input: #""k70""#,
            end: "p := f(input)", wanted: "70"),
        Shape(
            testDescription: "functions with a condition", rule: { "f(x) := \($0) if x.k == \($0)" },
            input: #"{"k": 70}"#, end: "p := f(input)", wanted: "70"),
        Shape(
            testDescription: "partial set", rule: { "p contains \($0) if input.k in {\($0), \($0 + 1), \"x\"}" },
            input: #"{"k": 70}"#, wanted: "{69, 70}"),
        Shape(
            testDescription: "partial object",
            rule: { "q[k] := input.v if { k := \"a\($0)\"; input.k == \"\($0)\" }" }, input: #"{"k": "70", "v": 1}"#,
            end: "p := q", wanted: #"{"a70": 1}"#),
        Shape(
            testDescription: "within an iteration",
            rule: { "p := \($0) if { some x in input.xs; input.k == \($0); x }" },
            input: #"{"k": 70, "xs": [false, true]}"#, wanted: "70"),
        Shape(
            testDescription: "else", rule: { "p := \($0) if { input.k == \($0) } else := -1 if { input.k == -\($0) }" },
            input: #"{"k": 70}"#, wanted: "70"),
        Shape(
            testDescription: "folded", rule: { "p if input.path == concat(\"/\", [\"\", \"x\", \"\($0)\"])" },
            input: #"{"path": "/x/70"}"#, wanted: "true"),
        Shape(
            testDescription: "after a helper that cannot fail", rule: { "p := \($0) if { ok; input.k == \($0) }" },
            input: #"{"k": 70}"#, end: "ok if count(input) > 0", wanted: "70"),
    ]

    @Test(arguments: shapes)
    func onlyRulesThatMayHoldAreRun(_ shape: Shape) throws {
        let rules = (0..<1000).map(shape.rule).joined(separator: "\n")
        let query = try Self.query("\(rules)\n\(shape.end)")
        let input = RegoValue(term: shape.input)
        #expect(Self.answer(query, input, usesIndex: true, steps: 100) == shape.wanted)
        #expect(Self.answer(query, input, usesIndex: false) == shape.wanted)
        #expect(Self.answer(query, input, usesIndex: false, steps: 100) == "eval_limit_error")
    }

    /// Each policy with rules in whose midst something happens that must happen still.
    static let policies = [
        // A conflict between rules that both hold.
        "p := 1 if input.k == 1\np := 2 if input.k == 1\np := 3 if input.k == 2\np := 4 if input.k == 3\np := 5 if input.k == 4",
        // An error before the equation: rules are as visible as ever.
        """
        p := 1 if { c; input.k == 1 }
        p := 2 if { c; input.k == 2 }
        p := 3 if { c; input.k == 3 }
        p := 4 if { c; input.k == 4 }
        p := 5 if { c; input.k == 5 }
        c := 1 if input.x
        c := 2 if input.y
        """,
        // `with` replaces what the rules look at, and what comes after is as before.
        """
        p := {"w": x, "n": q} if { x := q with input.k as 2 }
        q := 1 if input.k == 1
        q := 2 if input.k == 2
        q := 3 if input.k == 3
        q := 4 if input.k == 4
        q := 5 if { true with input.k as 1; input.k == 5 }
        """,
        // A default, and rules that do not look at the place.
        """
        default p := "none"
        p := "a" if input.k == 1
        p := "b" if input.k == 2
        p := "x" if input.x
        p := "c" if input.k == 3
        p := "y" if input.y
        p := "d" if input.k == 4
        p := "e" if { input.k == 4; input.k == 5 }
        """,
        // The order of `else` decides.
        """
        p := 1 if { input.k == 1 } else := 2 if { input.x } else := 3 if { input.k == 3 }
        p := 2 if { input.k == 2 } else := 2 if { input.y }
        p := 3 if input.k == 3
        p := 4 if input.k == 4
        p := 5 if input.k == 5
        """,
        // Sets and objects.
        """
        p contains 1 if input.k == 1
        p contains "all"
        p contains 2 if { some v in [1, 2]; v == input.k }
        p contains 3 if input.k == 3
        p contains 4 if { not input.x; input.k == 4 }
        p contains 5 if input["k"] = 5
        p contains 6 if [input.k, 1] = [x, x]
        """,
        "p[\"a\"] := 1 if input.k == 1\np[\"a\"] := 2 if input.x\np.b := 2 if input.k == 2\np.c := 3 if input.k == 3\np.d := 4 if input.k == 4\np.e := 5 if input.k == 5",
        // Below `data`.
        """
        p contains 1 if data.roles.x == "r1"
        p contains 2 if data.roles.x == "r2"
        p contains 3 if data.roles.x == "r3"
        p contains 4 if data.roles.x == "r4"
        p contains 5 if data.roles.x == "r5"
        """,
        // Functions whose rules do not agree.
        """
        p := [f(input.k), g(input.k)]
        f(1) := 1
        f(2) := 2
        f(x) := 3 if x == 3
        f(4) := 4
        f(x) := x if x == 1
        f(5) := 6 if input.x
        f(5) := 7 if input.y
        g(x) := 0
        """,
    ]

    @Test(arguments: policies)
    func theAnswersAreThoseOfAllRules(_ policy: String) throws {
        let query = try Self.query(policy)
        var inputs: [RegoValue?] = [nil, .null, "text", [], [:]]
        for k in [1, 2, 3, 4, 5, 6, "1", .null, [1]] as [RegoValue] {
            inputs += [["k": k], ["k": k, "x": true], ["k": k, "y": true], ["k": k, "x": true, "y": true]]
        }
        for input in inputs {
            let indexed = Self.answer(query, input, usesIndex: true)
            #expect(indexed == Self.answer(query, input, usesIndex: false), "\(input.map { "\($0)" } ?? "no input")")
        }
    }

    /// What a rule prints before its equation is printed.
    @Test func printsAreKept() throws {
        var options = CompilerOptions()
        options.keepsPrint = true
        var compiler = Compiler(options)
        let rules = (0..<9).map { "p if { print(\"rule \($0)\"); input.k == \($0) }" }.joined(separator: "\n")
        try compiler.add(module: "package t\n\(rules)", name: "t.rego")
        let query = try PreparedQuery(Program(compiler.compile([.entryPoint("t/p")])), entryPoint: "t/p")
        let lines = Lines()
        var evaluation = EvaluationOptions()
        evaluation.print = { line, _ in lines.add(line) }
        #expect(try query.evaluate(input: ["k": 8], data: [:], options: evaluation).value == true)
        #expect(lines.all == (0..<9).map { "rule \($0)" })
    }

    /// Where errors of builtins end the evaluation, every rule is run.
    @Test func strictErrorsAreKept() throws {
        let rules = (0..<9).map { "p := \($0) if { x := to_number(input.n); input.k == \($0) }" }
        let query = try Self.query(rules.joined(separator: "\n"))
        var options = EvaluationOptions()
        #expect(try query.evaluate(input: ["n": "x", "k": 10], data: [:], options: options).values.isEmpty)
        options.isStrict = true
        #expect(throws: EvaluationError.self) {
            try query.evaluate(input: ["n": "x", "k": 10], data: [:], options: options)
        }
    }

    @Test func constantsAreFolded() throws {
        let query = try Self.query(
            """
            p := [x, y, z] if {
            	x := concat("/", ["a", "b"])
            	y := startswith("ab", "a")
            	z := sprintf("%d-%s", [1 + 2, x])
            }
            """)
        #expect((0..<query.program.builtins.count).map { query.program.builtins.pointer[$0].name } == ["sprintf"])
        #expect(try query.evaluate(input: nil, data: [:]).value == ["a/b", true, "3-a/b"])
    }

    /// What fails, fails when it is evaluated.
    @Test func errorsAreNotFolded() throws {
        let query = try Self.query("p := x if x := to_number(\"x\")")
        #expect(try query.evaluate(input: nil, data: [:]).values.isEmpty)
        var options = EvaluationOptions()
        options.isStrict = true
        #expect(throws: EvaluationError.self) { try query.evaluate(input: nil, data: [:], options: options) }
        let large = try Self.query("p := count(numbers.range(1, 20000))")
        #expect(try large.evaluate(input: nil, data: [:]).value == 20000)
    }
}

private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}
