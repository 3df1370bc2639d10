import Testing

@testable import Rego

/// What is wrong with a policy is said with its code and place.
struct PolicyErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var module: String
        var code: RegoError.Code
        var row: Int
        var column: Int
        var message: String
        var version = RegoVersion.v1
        var isStrict = false

        var testDescription: String { "\(message) \(module.prefix(60))" }
    }

    static func errors(_ one: Case) -> [RegoError] {
        var options = CompilerOptions()
        options.version = one.version
        options.isStrict = one.isStrict
        var compiler = Compiler(options)
        do throws(RegoErrors) {
            for (number, module) in one.module.split(separator: "\n---\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                try compiler.add(module: String(module), name: "test-\(number).rego")
            }
            try compiler.check()
            return []
        } catch { return error.errors }
    }

    @Test(arguments: syntax + rules + variables + types + kinds + strict)
    func saysWhatAndWhere(_ one: Case) throws {
        let error = try #require(Self.errors(one).first, "no error")
        #expect(error.code == one.code, "\(error)")
        #expect(error.message.contains(one.message), "\(error)")
        #expect((error.row, error.column) == (one.row, one.column), "\(error)")
    }

    static let syntax: [Case] = [
        Case(module: "", code: .parse, row: 1, column: 1, message: "empty module"),
        Case(module: "p := 1", code: .parse, row: 1, column: 1, message: "expected package"),
        Case(module: "package", code: .parse, row: 1, column: 8, message: "expected ident"),
        Case(module: "package a\np := ", code: .parse, row: 2, column: 6, message: "unexpected eof token"),
        Case(module: "package a\np := \"x", code: .parse, row: 2, column: 6, message: "non-terminated string"),
        Case(module: "package a\np := \"\\q\"", code: .parse, row: 2, column: 7, message: "illegal string escape"),
        Case(module: "package a\np := 01", code: .parse, row: 2, column: 6, message: "illegal number"),
        Case(module: "package a\np := [1, 2", code: .parse, row: 2, column: 11, message: "expected"),
        Case(module: "package a\np { true }", code: .parse, row: 2, column: 3, message: "`if` keyword is required"),
        Case(module: "package a\np { }", code: .parse, row: 2, column: 3, message: "`if` keyword is required"),
        Case(
            module: "package a\np if { x := 1 y := 2 }", code: .parse, row: 2, column: 15, message: "expected \\n"),
        Case(module: "package a\nimport foo", code: .parse, row: 2, column: 8, message: "unexpected import path"),
        Case(module: "package a\ndefault p", code: .parse, row: 2, column: 1, message: "must have a value"),
        Case(module: "package a\np := $\"{1\"", code: .parse, row: 2, column: 10, message: "non-terminated string"),
        Case(module: "package a\np := ~", code: .parse, row: 2, column: 6, message: "unexpected character"),
        Case(module: "package a\np := 1 q := 2", code: .parse, row: 2, column: 8, message: "after the statement"),
    ]

    static let rules: [Case] = [
        Case(
            module: "package a\np := q\nq := p", code: .recursion, row: 2, column: 1,
            message: "data.a.p -> data.a.q -> data.a.p"),
        Case(
            module: "package a\nf(x) := f(x - 1)", code: .recursion, row: 2, column: 1, message: "data.a.f is recursive"
        ),
        Case(module: "package a\np := data.a[_]", code: .recursion, row: 2, column: 1, message: "recursive"),
        Case(
            module: "package a\np := 1\np contains 2", code: .type, row: 3, column: 1,
            message: "conflicting rules data.a.p"),
        Case(
            module: "package a\np := 1\np(x) := x", code: .type, row: 3, column: 1,
            message: "conflicting rules data.a.p"),
        Case(
            module: "package a\ndefault p := 1\ndefault p := 2", code: .type, row: 3, column: 1,
            message: "multiple default rules"),
        Case(module: "package a\np := 1\np.q := 2", code: .type, row: 3, column: 1, message: "rule data.a.p conflicts"),
        Case(
            module: "package a\nb := 1\n---\npackage a.b\nc := 1", code: .type, row: 2, column: 1,
            message: "package a.b conflicts with rule"),
    ]

    static let variables: [Case] = [
        Case(module: "package a\np := x", code: .unsafeVariable, row: 2, column: 6, message: "var x is unsafe"),
        Case(
            module: "package a\np if {\n  x == 1\n}", code: .unsafeVariable, row: 3, column: 3,
            message: "var x is unsafe"),
        Case(
            module: "package a\np if not input[_]", code: .unsafeVariable, row: 2, column: 6, message: "var _ is unsafe"
        ),
        Case(
            module: "package a\np if { some x; not input.q == x }", code: .unsafeVariable, row: 2, column: 16,
            message: "var x is unsafe"),
        Case(
            module: "package a\np := [y | true]", code: .unsafeVariable, row: 2, column: 7, message: "var y is unsafe"),
        Case(
            module: "package a\np if { x := 1; x := 2 }", code: .compile, row: 2, column: 16,
            message: "var x assigned above"),
        Case(
            module: "package a\np if { y = x; x := 2 }", code: .compile, row: 2, column: 15,
            message: "var x referenced above"),
        Case(
            module: "package a\nf(x) := y if { x := 1; y := 2 }", code: .compile, row: 2, column: 16,
            message: "arg x redeclared"),
        Case(
            module: "package a\np if { input.x := 1 }", code: .compile, row: 2, column: 8,
            message: "cannot assign to ref"),
    ]

    static let types: [Case] = [
        Case(module: "package a\np := nope(1)", code: .type, row: 2, column: 6, message: "undefined function nope"),
        Case(
            module: "package a\np := count(1, 2, 3)", code: .type, row: 2, column: 6, message: "count: arity mismatch"),
        Case(
            module: "package a\nf(x) := x\np := f()", code: .type, row: 3, column: 6,
            message: "data.a.f: arity mismatch"),
        Case(
            module: "package a\np if true with foo as 1", code: .type, row: 2, column: 16,
            message: "with keyword target must"),
    ]

    static let kinds: [Case] = [
        Case(module: "package a\np := count(1)", code: .type, row: 2, column: 12, message: "count: invalid argument"),
        Case(module: "package a\np if { x := 1; x == \"a\" }", code: .type, row: 2, column: 16, message: "match error"),
        Case(module: "package a\np := 1 + \"a\"", code: .type, row: 2, column: 10, message: "plus: invalid argument"),
        Case(module: "package a\np := lower(count([]))", code: .type, row: 2, column: 12, message: "have number"),
    ]

    static let strict: [Case] = [
        Case(
            module: "package a\nimport data.b\np := 1", code: .compile, row: 2, column: 1,
            message: "import data.b unused",
            isStrict: true),
        Case(
            module: "package a\np if { x := 1 }", code: .compile, row: 2, column: 8, message: "assigned var x unused",
            isStrict: true),
        Case(
            module: "package a\np if { some x; true }", code: .compile, row: 2, column: 13,
            message: "declared var x unused"),
        Case(
            module: "package a\ninput := 1", code: .compile, row: 2, column: 1, message: "rules must not shadow input"),
        Case(
            module: "package a\np if { data := 1 }", code: .compile, row: 2, column: 8,
            message: "variables must not shadow data"),
        Case(module: "package a\np if any([true])", code: .type, row: 2, column: 6, message: "deprecated"),
        Case(
            module: "package a\nf(x) := 1", code: .compile, row: 2, column: 3, message: "unused argument x",
            isStrict: true),
        Case(
            module: "package a\nimport data.b\nimport data.c as b\np := b", code: .compile, row: 3, column: 1,
            message: "import must not shadow", isStrict: true),
    ]

    @Test
    func showsTheLine() throws {
        let error = try #require(
            Self.errors(Case(module: "package a\n\tp := é + x", code: .parse, row: 0, column: 0, message: "")).first)
        #expect(error.description.hasPrefix("test-0.rego:2:7: rego_parse_error: "))
        #expect(error.description.hasSuffix("\n\t\tp := é + x\n\t\t     ^"))
    }

    @Test
    func importsThatAreUsedAreNot() {
        let module = """
            package a
            import data.f
            import data.g.h as g
            import input.i
            p := f.call(1) if { every x in i { x == $"{g.y}" } }
            ---
            package f
            call(x) := x if { x > 0 }
            """
        #expect(Self.errors(Case(module: module, code: .parse, row: 0, column: 0, message: "", isStrict: true)) == [])
    }

    @Test
    func reportsAllRules() {
        let found = Self.errors(
            Case(module: "package a\np := x\nq := nope()\nr := y", code: .parse, row: 0, column: 0, message: ""))
        #expect(found.map(\.row) == [2, 3, 4])
    }
}
