import Foundation
import JSON
import TestSupport
import Testing

@testable import Rego

/// What is left over gives the answers of the query itself, whatever the unknown turns out to be.
struct PartialEquivalenceTests {
    struct Policy: Sendable, CustomTestStringConvertible {
        var name: String
        var module: String
        var query = "x = data.test.p"
        var unknowns = ["input"]
        /// The documents as they may be; unknown parts are changed at random.
        var input = "{}"
        var data = "{}"
        var options = PartialOptions()

        var testDescription: String { name }
    }

    @Test(arguments: policies)
    func answersAlike(_ policy: Policy) throws { try Self.compare(policy, rounds: 60) }

    /// - Returns: how many rounds gave an answer.
    @discardableResult
    static func compare(_ policy: Policy, rounds: Int) throws -> Int {
        var compiler = Compiler()
        for (number, module) in policy.module.split(separator: "\n---\n").enumerated() {
            try compiler.add(module: String(module), name: "test-\(number).rego")
        }
        let input = try RegoValue(parsing: Array(policy.input.utf8))
        let data = try RegoValue(parsing: Array(policy.data.utf8))
        let result = try PartialEvaluator(compiler).evaluate(
            query: policy.query, unknowns: policy.unknowns, input: input, data: data, options: policy.options)
        if ProcessInfo.processInfo.environment["SHOW"] != nil { print("== \(policy.name)\n\(describe(result))") }
        let whole = try prepare(compiler, [policy.query])
        var residual = Compiler()
        for (number, text) in result.supportTexts.enumerated() {
            try residual.add(module: text, name: "support-\(number).rego")
        }
        let left: [PreparedQuery]
        do { left = try prepare(residual, result.queryTexts) } catch {
            Issue.record("\(error)\n\(describe(result))")
            return 0
        }
        var random = SeededRandom(seed: 7)
        var answered = 0
        for round in 0..<rounds {
            let documents = round == 0 ? (input, data) : random.change(input, data, at: policy.unknowns)
            guard let wanted = try? whole[0].evaluate(input: documents.0, data: documents.1).values else { continue }
            let names = Set(wanted.flatMap { $0.object?.keys.map { $0 } ?? [] })
            if !wanted.isEmpty { answered += 1 }
            var got = RegoSet([])
            let known = random.onlyUnknown(documents.0, documents.1, at: policy.unknowns)
            for query in left {
                for answer in try query.evaluate(input: known.0, data: known.1).values {
                    let members = (answer.object ?? RegoObject()).filter { names.contains($0.key) || wanted.isEmpty }
                    got.insert(.object(RegoObject(members.map { ($0.key, $0.value) })))
                }
            }
            let agrees = got == wanted
            #expect(
                agrees,
                "input \(documents.0) data \(documents.1): \(RegoValue.set(got)) for \(RegoValue.set(wanted))\n\(describe(result))"
            )
            if !agrees { break }
        }
        return answered
    }

    static func prepare(_ compiler: Compiler, _ queries: [String]) throws -> [PreparedQuery] {
        let named = queries.enumerated().map { Compiler.Query(name: "q\($0)", text: $1) }
        let program = try Program(compiler.compile(named))
        return try named.map { try PreparedQuery(program, entryPoint: $0.name) }
    }

    static func describe(_ result: PartialResult) -> String {
        (result.queryTexts.map { "? \($0)" } + result.supportTexts).joined(separator: "\n")
    }

    /// Permissions by roles, from documents that are known.
    @Test(arguments: [5, 40])
    func rolesOfManyUsers(_ count: Int) throws {
        let users = (0..<count).map { #""u\#($0)": ["r\#($0 % 3)", "r\#($0 % 5)"]"# }.joined(separator: ", ")
        let roles = (0..<5).map { #""r\#($0)": [{"action": "a\#($0)", "object": "o"}]"# }.joined(separator: ", ")
        let module = """
            package rbac.authz
            default allow := false
            allow if {
                some r in data.user_roles[input.user]
                some p in data.role_permissions[r]
                p == {"action": input.action, "object": input.object}
            }
            """
        for query in ["data.rbac.authz.allow == true", "x = data.rbac.authz.allow"] {
            let policy = Policy(
                name: "roles", module: module, query: query,
                input: #"{"user": "u3", "action": "a0", "object": "o"}"#,
                data: "{\"user_roles\": {\(users)}, \"role_permissions\": {\(roles)}}")
            #expect(try Self.compare(policy, rounds: 100) > 10)
        }
    }

    static let policies: [Policy] = [
        Policy(
            name: "nothing unknown", module: "package test\np := 1 if input.a == 1", unknowns: [], input: #"{"a": 1}"#),
        Policy(name: "a condition", module: "package test\np if input.a == 1", input: #"{"a": 1}"#),
        Policy(
            name: "default", module: "package test\ndefault p := false\np if input.a == 1\np if input.b.c > 2",
            input: #"{"a": 1, "b": {"c": 3}}"#),
        Policy(
            name: "default that is not needed", module: "package test\ndefault p := false\np if input.a == 1",
            query: "data.test.p == true", input: #"{"a": 1}"#),
        Policy(
            name: "default that is asked for", module: "package test\ndefault p := false\np if input.a == 1",
            query: "data.test.p == false", input: #"{"a": 1}"#),
        Policy(
            name: "truth of a rule with a default", module: "package test\ndefault p := false\np if input.a == 1",
            query: "data.test.p", input: #"{"a": 1}"#),
        Policy(
            name: "a rule that may be false", module: "package test\np := input.a", query: "data.test.p",
            input: #"{"a": false}"#),
        Policy(
            name: "values", module: "package test\np := 1 if input.a == 1\np := 2 if input.a == 2", input: #"{"a": 2}"#),
        Policy(
            name: "values that may conflict", module: "package test\np := 1 if input.a == 1\np := 2 if input.b == 2",
            input: #"{"a": 1, "b": 3}"#),
        Policy(
            name: "iteration", module: "package test\np if { some x in input.xs; x.a == 1; x.b > 2 }",
            input: #"{"xs": [{"a": 1, "b": 3}, {"a": 2, "b": 1}]}"#),
        Policy(
            name: "a set of what is unknown", module: "package test\np contains x if { some x in input.xs; x > 1 }",
            input: #"{"xs": [1, 2, 3]}"#),
        Policy(
            name: "lookup in a set",
            module: "package test\ns contains x if { some x in input.xs; x > 1 }\np if s[2]",
            input: #"{"xs": [1, 2, 3]}"#),
        Policy(
            name: "elements of a set",
            module: "package test\ns contains [x, i] if { some i, x in input.xs }\np contains y if s[[y, 1]]",
            input: #"{"xs": [1, 2, 3]}"#),
        Policy(
            name: "an object of what is unknown",
            module: "package test\no[k] := v if some k, v in input.o\np := o", input: #"{"o": {"a": 1, "b": 2}}"#),
        Policy(
            name: "a member of an object", module: "package test\no[k] := v if some k, v in input.o\np := o.a",
            input: #"{"o": {"a": 1, "b": 2}}"#),
        Policy(
            name: "keys that are known",
            module: "package test\no.a := 1 if input.a\no.b := 2 if input.b\np contains [k, v] if some k, v in o",
            input: #"{"a": true, "b": true}"#),
        Policy(
            name: "sets in objects",
            module: "package test\no[k] contains v if some k, v in input.o\np contains v if some v in o.a",
            input: #"{"o": {"a": 1, "b": 2}}"#),
        Policy(
            name: "negation of a condition", module: "package test\np if not input.a == 1", input: #"{"a": 1}"#),
        Policy(
            name: "negation of a comparison", module: "package test\np if not input.a > 1", input: #"{"a": 1}"#),
        Policy(
            name: "negation of a rule", module: "package test\nq if input.a == 1\np if not q", input: #"{"a": 1}"#),
        Policy(
            name: "negation of several", module: "package test\nq if input.a == 1\nq if input.b == 1\np if not q",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "negation of a conjunction", module: "package test\nq if { input.a == 1; input.b == 1 }\np if not q",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "negation of an iteration", module: "package test\nq if input.xs[_] == 1\np if not q",
            input: #"{"xs": [1, 2]}"#),
        Policy(
            name: "negation twice", module: "package test\nq if not r\nr if input.a == 1\np if not q",
            input: #"{"a": 1}"#),
        Policy(
            name: "negation of an element",
            module:
                "package test\ns contains x if some x in input.xs\np contains y if { some y in [1, 2, 3]; not s[y] }",
            input: #"{"xs": [1, 2]}"#),
        Policy(
            name: "negated function", module: "package test\nf(x) if x == input.b\np if { y := input.a; not f(y) }",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "functions", module: "package test\nf(x) := y if y := x + 1\np := f(input.a)", input: #"{"a": 1}"#),
        Policy(
            name: "functions by pattern",
            module: "package test\nf(\"a\") := 1\nf(\"b\") := 2\np := f(input.a)", input: #"{"a": "a"}"#),
        Policy(
            name: "functions that look outside",
            module: "package test\nf(x) if { some y in input.xs; y == x }\np contains z if { some z in [1, 5]; f(z) }",
            input: #"{"xs": [1, 2]}"#),
        Policy(
            name: "functions with else",
            module: "package test\nf(x) := 1 if x > 10\nelse := 2 if x > 5\nelse := 3\np := f(input.a)",
            input: #"{"a": 6}"#),
        Policy(
            name: "functions with a default",
            module: "package test\ndefault f(_) := 9\nf(x) := x if x > 1\np := f(input.a)", input: #"{"a": 6}"#),
        Policy(
            name: "functions with else and several bodies",
            module:
                "package test\ng(x) if x > input.b\ng(x) if x == 1\nf([x, y]) := x if g(x)\nelse := y if g(y)\np := f([input.a, input.c])",
            input: #"{"a": 1, "b": 2, "c": 3}"#),
        Policy(
            name: "known constants of the wrong kind",
            module:
                "package test\np contains {x | x := input.a; startswith(data.k, x)}\np contains 1 if not startswith(input.a, data.k)\np contains 2 if { y := data.k; every z in input.xs { not startswith(y, z) } }",
            input: #"{"a": "x", "xs": ["x"]}"#, data: #"{"k": 3}"#),
        Policy(
            name: "negated equation of what is missing",
            module:
                "package test\np contains 1 if not input.a == input.b\np contains 2 if not input.a.b == 1\np contains 3 if { x := input.a; not x == input.b }",
            input: #"{"a": {"b": 1}, "b": 2}"#),
        Policy(
            name: "else",
            module: "package test\np := 1 if input.a == 1\nelse := 2 if input.b == 2\nelse := 3 if input.xs[_] == 3",
            input: #"{"a": 2, "b": 2, "xs": [3, 1]}"#),
        Policy(
            name: "else that is certain",
            module: "package test\np := 1 if input.a == 1\nelse := 2 if data.k == 2\nelse := 3",
            input: #"{"a": 2}"#, data: #"{"k": 2}"#),
        Policy(
            name: "else of several bodies",
            module: "package test\nq if input.a == 1\nq if input.b == 1\np := 1 if q\nelse := 2",
            input: #"{"a": 2, "b": 1}"#),
        Policy(
            name: "array comprehension", module: "package test\np := [x | some x in input.xs; x > data.least]",
            input: #"{"xs": [1, 2, 3]}"#, data: #"{"least": 1}"#),
        Policy(
            name: "comprehension over a rule",
            module:
                "package test\nq contains 1 if input.a == 1\nq contains 2 if input.b == 1\np := count([x | some x in q])",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "comprehension over documents",
            module: "package test\np := {x | x := data.roles[input.user][_]}",
            input: #"{"user": "jo"}"#, data: #"{"roles": {"jo": ["a", "b"], "al": ["c"]}}"#),
        Policy(
            name: "object comprehension",
            module: "package test\np := {k: v | some k, v in input.o; v != data.no}",
            input: #"{"o": {"a": 1, "b": 2}}"#,
            data: #"{"no": 1}"#),
        Policy(
            name: "comprehension with a variable from outside",
            module: "package test\np contains n if { some y in input.xs; n := count([x | some x in data.all; x > y]) }",
            input: #"{"xs": [1, 2]}"#, data: #"{"all": [1, 2, 3]}"#),
        Policy(
            name: "every", module: "package test\np if { every x in input.xs { x > data.least } }",
            input: #"{"xs": [1, 2, 3]}"#, data: #"{"least": 0}"#),
        Policy(
            name: "every over what is known",
            module: "package test\np if { every x in data.needed { x in input.xs } }",
            input: #"{"xs": [1, 2, 3]}"#, data: #"{"needed": [1, 2]}"#),
        Policy(
            name: "every with a rule",
            module:
                "package test\nq contains x if some x in input.ok\np if { every k, x in input.xs { q[x]; k >= 0 } }",
            input: #"{"xs": [1, 2, 3], "ok": [1, 2, 3]}"#),
        Policy(
            name: "known keys by unknown name",
            module: "package test\np if { some r in data.roles[input.user]; r == input.role }",
            input: #"{"user": "jo", "role": "a"}"#, data: #"{"roles": {"jo": ["a", "b"], "al": ["c"]}}"#),
        Policy(
            name: "unknown documents",
            module: "package test\np contains r.id if { some r in data.reports; r.level <= input.level }",
            unknowns: ["data.reports"], input: #"{"level": 2}"#,
            data: #"{"reports": [{"id": 1, "level": 1}, {"id": 2, "level": 2}, {"id": 3, "level": 3}]}"#),
        Policy(
            name: "unknown documents beside rules",
            module: "package test\nq if data.test.doc.a == 1\np if q", unknowns: ["data.test.doc"],
            data: #"{"test": {"doc": {"a": 1}}}"#),
        Policy(
            name: "a part of input",
            module: "package test\np if { input.method == \"GET\"; input.resource.owner == input.user }",
            unknowns: ["input.resource"], input: #"{"method": "GET", "user": "jo", "resource": {"owner": "jo"}}"#),
        Policy(
            name: "the whole of an input known in part",
            module: "package test\np := count(input)", unknowns: ["input.resource"],
            input: #"{"method": "GET", "resource": {"owner": "jo"}}"#),
        Policy(
            name: "with what is known",
            module: "package test\nq if input.a == 1\np if { q with input as {\"a\": 1}; input.b == 1 }",
            input: #"{"a": 2, "b": 1}"#),
        Policy(
            name: "with a part",
            module: "package test\nq if { input.a == 1; input.b == 1 }\np if { q with input.a as 1 }",
            input: #"{"a": 2, "b": 1}"#),
        Policy(
            name: "with what is unknown",
            module: "package test\nq if data.k == 1\np if { q with data.k as input.a }",
            input: #"{"a": 1}"#, data: #"{"k": 3}"#),
        Policy(
            name: "with known documents beside unknown ones",
            module:
                "package test\nq contains x if { some x in input.xs; x > data.k }\np := x if { x := q with data.k as 1 }",
            input: #"{"xs": [1, 2]}"#, data: #"{"k": 3}"#),
        Policy(
            name: "with a rule replaced",
            module: "package test\nr if input.c\nq if { r; input.b == 1 }\np if { q with data.test.r as true }",
            input: #"{"b": 1, "c": false}"#),
        Policy(
            name: "negated with",
            module: "package test\nq if { input.a == 1; input.b == 1 }\np if { not q with input.a as 1 }",
            input: #"{"a": 2, "b": 1}"#),
        Policy(
            name: "a function replaced",
            module: "package test\nf(x) := x + 1\nq := f(1)\np := [y, input.a] if y := q with data.test.f as 5",
            input: #"{"a": 2}"#),
        Policy(
            name: "walk", module: "package test\np contains path if { walk(input.o, [path, 1]) }",
            input: #"{"o": {"a": [1, 2], "b": 1}}"#),
        Policy(
            name: "patterns", module: "package test\np contains [a, b] if { [a, {\"k\": b}] := input.xs[_] }",
            input: #"{"xs": [[1, {"k": 2}], [3, {"k": 4}]]}"#),
        Policy(
            name: "patterns of unknowns",
            module: "package test\np := z if { [x, y] := [input.a, 2]; z := {\"x\": x, \"y\": y} }",
            input: #"{"a": 1}"#),
        Policy(
            name: "equal unknowns", module: "package test\np if { x := input.a; y := input.b; x == y }",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "only that it is there", module: "package test\np if { _ = input.a }", input: #"{"a": false}"#),
        Policy(
            name: "a variable used twice", module: "package test\np if { x := input.xs[_]; x > 1; x < 3 }",
            input: #"{"xs": [1, 2]}"#),
        Policy(
            name: "membership", module: "package test\np if { input.a in {1, 2}; not input.b in [3] }",
            input: #"{"a": 1, "b": 2}"#),
        Policy(
            name: "text", module: "package test\np := sprintf(\"%s-%d\", [input.a, data.k])", input: #"{"a": "x"}"#,
            data: #"{"k": 3}"#),
        Policy(
            name: "template", module: "package test\np := $\"{input.a} of {data.k}\"", input: #"{"a": "x"}"#,
            data: #"{"k": 3}"#),
        Policy(
            name: "a builtin of what is of the wrong kind",
            module: "package test\np if { startswith(data.k, input.a) }\np if input.b == 1",
            input: #"{"a": "x", "b": 1}"#,
            data: #"{"k": 3}"#),
        Policy(
            name: "packages by a variable",
            module:
                "package test.a\nok if input.a == 1\n---\npackage test.b\nok if input.b == 1\n---\npackage sum\np contains n if data.test[n].ok",
            query: "x = data.sum.p",
            input: #"{"a": 1, "b": 1}"#),
        Policy(
            name: "several packages",
            module:
                "package lib\nis_admin(u) if \"admin\" in data.roles[u]\n---\npackage test\nimport data.lib\np if { lib.is_admin(input.user); input.ok }",
            input: #"{"user": "jo", "ok": true}"#, data: #"{"roles": {"jo": ["admin"], "al": ["x"]}}"#),
        Policy(
            name: "a query with variables", module: "package test\nq[k] := v if some k, v in input.o",
            query: "data.test.q[k] = v; v > 1", input: #"{"o": {"a": 1, "b": 2}}"#),
        Policy(
            name: "a query of known and unknown", module: "package test\nq contains [1, input.a]\nq contains [2, 3]",
            query: "data.test.q[x]", input: #"{"a": 1}"#),
    ]
}
