import JSON
import Testing

@testable import Rego

/// What modules evaluate to, from their text.
struct LanguageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var module: String
        var query = "x = data.test.p"
        var input = "null"
        var data = "{}"
        /// The value of `x` in each answer.
        var want: String
        var version = RegoVersion.v1

        var testDescription: String { name }
    }

    static func evaluate(_ one: Case) throws -> RegoValue {
        var options = CompilerOptions()
        options.version = one.version
        var compiler = Compiler(options)
        for (number, module) in one.module.split(separator: "\n---\n").enumerated() {
            try compiler.add(module: String(module), name: "test-\(number).rego")
        }
        let program = try Program(compiler.compile([Compiler.Query(name: "eval", text: one.query)]))
        let results = try PreparedQuery(program, entryPoint: "eval").evaluate(
            input: RegoValue(parsing: Array(one.input.utf8)), data: RegoValue(parsing: Array(one.data.utf8)))
        return .array(RegoArray(results.values.map { $0.object?["x"] ?? .null }))
    }

    @Test(arguments: rules + references + closures + modifiers + olderSyntax)
    func givesTheAnswer(_ one: Case) throws {
        let got = try RegoValue(Self.evaluate(one).json)
        #expect(try got == RegoValue(parsing: Array(one.want.utf8)), "\(got)")
    }

    static let rules: [Case] = [
        Case(
            name: "functions without a value", module: "package test\nf(1, _)\nf(_, 2)\np := [f(1, 1), f(2, 2)]",
            want: "[[true, true]]"),
        Case(name: "constant", module: "package test\np := 1", want: "[1]"),
        Case(name: "undefined", module: "package test\np := 1 if false", want: "[]"),
        Case(name: "default", module: "package test\ndefault p := 7\np := 1 if input.no", want: "[7]"),
        Case(
            name: "default with a comprehension",
            module: "package test\ndefault p := [y | some y in [1, 2]]\np := 1 if false",
            want: "[[1, 2]]"),
        Case(
            name: "else", module: "package test\np := 1 if input.a\nelse := 2 if input.b\nelse := 3",
            input: #"{"b": true}"#,
            want: "[2]"),
        Case(
            name: "default function", module: "package test\ndefault f(_) := 9\nf(x) := x if x > 1\np := [f(1), f(2)]",
            want: "[[9, 2]]"),
        Case(
            name: "pattern in arguments",
            module: "package test\nf([a, {\"k\": b}], 3) := a + b\np := f([1, {\"k\": 2}], 3)", want: "[3]"),
        Case(
            name: "a repeated argument",
            module: "package test\nf(a, a) := 1\np := [y | some z in [1, 2]; y := f(z, 1)]",
            want: "[[1]]"),
        Case(name: "partial set", module: "package test\np contains x if some x in [1, 2, 1]", want: "[[1, 2]]"),
        Case(name: "empty partial set", module: "package test\np contains x if { some x in [] }", want: "[[]]"),
        Case(
            name: "partial object", module: "package test\np[k] := v if some k, v in {\"a\": 1, \"b\": 2}",
            want: #"[{"a": 1, "b": 2}]"#),
        Case(
            name: "ref heads of several depths",
            module: "package test\np.a.b := 1\np.a[x] := 2 if x := \"c\"\np.d := 3",
            want: #"[{"a": {"b": 1, "c": 2}, "d": 3}]"#),
        Case(
            name: "keys that are no strings", module: "package test\np[1] := \"a\"\np[true] := \"b\"",
            query: "x = data.test.p[1]", want: #"["a"]"#),
        Case(
            name: "sets below variables",
            module: "package test\np[k] contains v if some k, v in {\"a\": 1}\np.b contains 2",
            want: #"[{"a": [1], "b": [2]}]"#),
        Case(name: "functions below names", module: "package test\na.b.f(x) := x + 1\np := a.b.f(1)", want: "[2]"),
        Case(
            name: "bodies in any order", module: "package test\np := z if {\n z := x + y\n y = x + 1\n x = 1\n}",
            want: "[3]"),
        Case(
            name: "order across calls",
            module: "package test\np := v if { w = count(v); v = [u | u = input[_]]; w == 2 }", input: "[1, 2]",
            want: "[[1, 2]]"),
        Case(
            name: "several packages",
            module: "package test\nimport data.lib\np := lib.f(2) + lib.c\n---\npackage lib\nf(x) := x * 2\nc := 1",
            want: "[5]"),
        Case(
            name: "import of input", module: "package test\nimport input.user as u\np := u.name",
            input: #"{"user": {"name": "jo"}}"#, want: #"["jo"]"#),
        Case(
            name: "a package's extent",
            module: "package test\nf(x) := x\nq := 1\nr if false\n---\npackage test.sub\ns := 2",
            query: "x = data.test", data: #"{"test": {"d": 3}}"#, want: #"[{"d": 3, "q": 1, "sub": {"s": 2}}]"#),
        Case(
            name: "the negation of an equation with something missing holds",
            module: "package test\np := [x | not input.no == 1; x := 1]", want: "[[1]]"),
        Case(
            name: "the negation of a comparison with something missing is undefined",
            module: "package test\np if not input.no > 1", want: "[]"),
        Case(
            name: "what something is not may be of any kind",
            module: "package test\nf(x) if { not x == \"a\"; not x == false; x + 1 > 1 }\np if f(1)", want: "[true]"),
        Case(name: "false is a value", module: "package test\np := false", want: "[false]"),
        Case(
            name: "chained else in a function",
            module:
                "package test\nf(x) := \"a\" if x == 1 else := \"b\" if x == 2 else := \"c\"\np := [f(1), f(2), f(3)]",
            want: #"[["a", "b", "c"]]"#),
        Case(
            name: "metadata of a rule",
            module: "package test\n\n# METADATA\n# title: T\n# custom:\n#   level: 3\np := rego.metadata.rule()",
            want: #"[{"scope": "rule", "title": "T", "custom": {"level": 3}}]"#),
    ]

    static let references: [Case] = [
        Case(
            name: "iteration", module: "package test\np := {[i, v] | v := input[i]}", input: #"["a", "b"]"#,
            want: #"[[[0, "a"], [1, "b"]]]"#),
        Case(
            name: "nested iteration", module: "package test\np := [v | v := input[_][_]]",
            input: #"{"a": [1, 2], "b": [3]}"#, want: "[[1, 2, 3]]"),
        Case(
            name: "what stands in braces after if",
            module: """
                package test
                object if {}
                comparison if {1} == {1}
                body if {input.missing}
                else := "object" if {}
                otherwise := 1 if {false}
                else := 2 if {x | x := 1} == {1}
                p := [object, comparison, body, otherwise]
                """,
            want: #"[[true, true, "object", 2]]"#),
        Case(
            name: "a composite key",
            module: "package test\nq contains [x, y] if { some x in [1, 2]; y := x * 2 }\np := [y | q[[2, y]]]",
            want: "[[4]]"),
        Case(
            name: "a reference as key", module: "package test\np := input.a[input.k]",
            input: #"{"a": {"z": 5}, "k": "z"}"#, want: "[5]"),
        Case(
            name: "data by variable over rules and documents",
            module:
                "package test\np := {k: v | some k in [\"a\", \"b\"]; v := data.lib[k]}\n---\npackage lib\na := 1",
            data: #"{"lib": {"b": 2}}"#, want: #"[{"a": 1, "b": 2}]"#),
        Case(
            name: "data by iteration over rules and documents",
            module:
                "package test\np := {[k, j]: v | v := data.l[k].v[j]}\n---\npackage l.a\nv := [1, 2]\n---\npackage l.b",
            query: "x = count(data.test.p)", data: #"{"l": {"c": {"v": [5]}}}"#, want: "[3]"),
        Case(
            name: "all of data", module: "package test\nq := 1", query: "x = data", data: #"{"d": 1}"#,
            want: #"[{"d": 1, "test": {"q": 1}}]"#),
        Case(name: "into a call's result", module: "package test\np := split(\"a,b\", \",\")[1]", want: #"["b"]"#),
        Case(name: "into a literal", module: "package test\np := [x | x := {\"a\": 1, \"b\": 2}[_]]", want: "[[1, 2]]"),
        Case(
            name: "unification of patterns",
            module: "package test\np := [a, b, c] if { [a, {\"k\": [b, 2]}, 3] = [1, {\"k\": [4, c]}, 3] }",
            want: "[[1, 4, 2]]"),
        Case(
            name: "unification that needs two rounds", module: "package test\np := [a, b] if { [a, b] = [b, 1] }",
            want: "[[1, 1]]"),
        Case(name: "the empty set", module: "package test\np := count(set())", want: "[0]"),
        Case(name: "set operators", module: "package test\np := ({1, 2} | {3}) & {2, 3, 4} - {4}", want: "[[2, 3]]"),
        Case(name: "precedence", module: "package test\np := 1 + 2 * 3 - 4 / 2 == 5", want: "[true]"),
        Case(name: "negative numbers", module: "package test\np := 3 - -1", want: "[4]"),
        Case(
            name: "strings", module: "package test\np := [\"a\\u00e9\\n\\\"\", `raw\\n`]",
            want: #"[["aé\n\"", "raw\\n"]]"#),
        Case(
            name: "a walk", module: "package test\np := [path | walk(input, [path, 2])]", input: #"{"a": [1, 2]}"#,
            want: #"[[["a", 1]]]"#),
    ]

    static let closures: [Case] = [
        Case(
            name: "shadowing", module: "package test\nx := 10\np := [x, y] if { y := [x | x := 1] }",
            want: "[[10, [1]]]"),
        Case(
            name: "comprehensions see outer variables",
            module: "package test\np := [z | some y in [1, 2]; z := [w | some v in [3]; w := v * y]]",
            want: "[[[3], [6]]]"),
        Case(
            name: "an object comprehension",
            module: "package test\np := {k: [v | some v in vs] | some k, vs in {\"a\": [1]}}", want: #"[{"a": [1]}]"#),
        Case(
            name: "every", module: "package test\np if every k, v in {\"a\": 1} { k == \"a\"; v > 0 }", want: "[true]"),
        Case(name: "every over nothing", module: "package test\np if every v in [] { v > 0 }", want: "[true]"),
        Case(name: "every that fails", module: "package test\np if every v in [1, 0] { v > 0 }", want: "[]"),
        Case(name: "every over a scalar", module: "package test\np if every v in 3 { v > 0 }", want: "[]"),
        Case(
            name: "every in a loop",
            module: "package test\np contains x if { some x in [[1], [0], [2]]; every v in x { v > 0 } }",
            want: "[[[1], [2]]]"),
        Case(name: "negation", module: "package test\np if { not input.a; not q }\nq if false", want: "[true]"),
        Case(
            name: "negation with a comprehension",
            module: "package test\np := [x | some x in [1, 2, 3]; not x in {y | some y in [2]}]", want: "[[1, 3]]"),
        Case(
            name: "in as a value", module: "package test\np := [1 in [1], 2 in [1], 0, (\"a\", 1 in {\"a\": 1})]",
            want: "[[true, false, 0, true]]"),
        Case(
            name: "some with a pattern", module: "package test\np := [b | some [1, b] in [[1, 2], [3, 4]]]",
            want: "[[2]]"),
        Case(
            name: "some with a constant key", module: "package test\np := v if some \"k\", v in {\"k\": 7}", want: "[7]"
        ),
        Case(
            name: "templates", module: "package test\nn := 3\np := $\"n={n} {input.no} {n + 1} \\{x}\"",
            want: #"["n=3 <undefined> 4 {x}"]"#),
        Case(name: "a body that is a term", module: "package test\np := 1 if {x | some x in [1]}", want: "[1]"),
    ]

    static let modifiers: [Case] = [
        Case(
            name: "with input", module: "package test\nq := input.a\np := v if v := q with input.a as 2",
            input: #"{"a": 1}"#, want: "[2]"),
        Case(
            name: "with ends with the expression",
            module: "package test\nq := input.a\np := [x, y] if { x := q with input.a as 2; y := q }",
            input: #"{"a": 1}"#, want: "[[2, 1]]"),
        Case(
            name: "with and iteration",
            module: "package test\nq contains input[_]\np contains [x, y] if { q[x] with input as [1, 2]; y := input }",
            input: "5", want: "[[[1, 5], [2, 5]]]"),
        Case(
            name: "with data over a rule",
            module: "package test\nq := 1\np := [x, q] if { x := q with data.test.q as 2 }", want: "[[2, 1]]"),
        Case(
            name: "with data, reached through a rule",
            module: "package test\nq := data.d\nr := q\np := v if v := r with data.d as 2", data: #"{"d": 1}"#,
            want: "[2]"),
        Case(
            name: "with a function",
            module: "package test\nf(x) := x\ng(x) := x * 10\nq := f(3)\np := [a, q] if { a := q with f as g }",
            want: "[[30, 3]]"),
        Case(
            name: "with a builtin by a value",
            module: "package test\nq := count([1])\np := v if v := q with count as 5", want: "[5]"),
        Case(
            name: "with on a negation", module: "package test\nq if input.a\np if not q with input as {}",
            input: #"{"a": true}"#, want: "[true]"),
        Case(
            name: "with that is undefined", module: "package test\nq := 1\np := v if v := q with input.x as input.no",
            input: "{}", want: "[]"),
        Case(
            name: "with on a comprehension",
            module: "package test\np := x if { x := [y | y := input[_]] with input as [7] }", want: "[[7]]"),
        Case(
            name: "two values for one function in nested rules",
            module:
                "package test\nf(_) := 0\nq := f(1)\nr := [a, b] if { a := q; b := q with f as 2 }\n"
                + "p := v if v := r with f as 1",
            want: "[[1, 2]]"),
    ]

    static let olderSyntax: [Case] = [
        Case(
            name: "v0 rules", module: "package test\nq { input.a }\np[x] { x := [1, 2][_]; q }", input: #"{"a": 1}"#,
            want: "[[1, 2]]", version: .v0),
        Case(
            name: "v0 objects and functions",
            module: "package test\nf(x) = y { y := x + 1 }\np[k] = v { k := \"a\"; v := f(1) }", want: #"[{"a": 2}]"#,
            version: .v0),
        Case(
            name: "v0 else and bodies",
            module: "package test\nq = 1 { false } else = 2 { true }\nr { false } { true }\np = [q, r] { true }",
            want: "[[2, true]]", version: .v0),
        Case(
            name: "v0 with future keywords",
            module:
                "package test\nimport future.keywords\np contains x if { some x in [1]; every y in [1] { y == x } }",
            want: "[[1]]", version: .v0),
        Case(
            name: "v0 keywords are names", module: "package test\nif = 1\ncontains = 2\np = [if, contains] { true }",
            want: "[[1, 2]]", version: .v0),
        Case(
            name: "rego.v1 in a v0 world", module: "package test\nimport rego.v1\np if { true }", want: "[true]",
            version: .v0),
        Case(name: "assignment in v0", module: "package test\np := x { x := 3 }", want: "[3]", version: .v0),
    ]
}
