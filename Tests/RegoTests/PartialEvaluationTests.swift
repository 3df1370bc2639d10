import JSON
import Testing

@testable import Rego

/// What partial evaluation leaves over, as text.
struct PartialEvaluationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var module: String
        var query = "data.example.allow == true"
        var unknowns = ["input"]
        var input: String?
        var data = "{}"
        var queries: [String]
        var support: [String] = []

        var testDescription: String { name }
    }

    static func evaluate(
        _ module: String, _ query: String, _ unknowns: [String], _ input: String?, _ data: String,
        _ options: PartialOptions = PartialOptions()
    ) throws -> PartialResult {
        var compiler = Compiler()
        try compiler.add(module: module, name: "test.rego")
        return try PartialEvaluator(compiler).evaluate(
            query: query, unknowns: unknowns, input: input.map { try RegoValue(parsing: Array($0.utf8)) },
            data: RegoValue(parsing: Array(data.utf8)), options: options)
    }

    @Test(arguments: cases)
    func leaves(_ one: Case) throws {
        let result = try Self.evaluate(one.module, one.query, one.unknowns, one.input, one.data)
        #expect(result.queryTexts == one.queries)
        #expect(result.supportTexts == one.support)
    }

    @Test func holdsAlwaysOrNever() throws {
        let module = "package example\nallow if input.a == 1\nset contains 1\ntypes := type_name(input.a)"
        let input = #"{"a": 1}"#
        for query in ["data.example.allow == true", "data.example.allow", "data.example.set[1]", "not data.example.no"]
        {
            let always = try Self.evaluate(module, query, [], input, "{}")
            #expect(always.queries.count == 1 && always.queries[0].isEmpty && always.support.isEmpty)
            #expect(always.syntaxTree == ["queries": [[]]])
        }
        for query in ["data.example.allow == false", "not data.example.allow", "data.example.set[2]"] {
            #expect(try Self.evaluate(module, query, [], input, "{}").syntaxTree == [:])
        }
    }

    @Test func resultsHaveTheFormOfOPAsCompileAPI() throws {
        let module = """
            package example
            default allow := false
            allow if { input.subject.level >= data.reports[_].level }
            """
        let input = #"{"subject": {"level": 4}}"#
        let direct = try Self.evaluate(module, "data.example.allow == true", ["data.reports"], input, "{}")
        let filter = #"""
            {"queries": [[{"index": 0, "terms": [
                {"type": "ref", "value": [{"type": "var", "value": "gte"}]},
                {"type": "number", "value": 4},
                {"type": "ref", "value": [{"type": "var", "value": "data"}, {"type": "string", "value": "reports"},
                    {"type": "var", "value": "_1"}, {"type": "string", "value": "level"}]}]}]]}
            """#
        #expect(try direct.syntaxTree == RegoValue(parsing: Array(filter.utf8)))

        let whole = try Self.evaluate(module, "data.example.allow = x", ["data.reports"], input, "{}")
        let package = whole.syntaxTree["support"]?[0]?["package"]?["path"]?.array?.map { $0["value"]?.text }
        #expect(package == ["data", "partial", "example"])
        #expect(whole.syntaxTree["support"]?[0]?["rules"]?.array?.map { $0["default"] } == [true, nil])
    }

    @Test func rulesAreKeptByName() throws {
        let module = "package example\nadmin if input.role == \"admin\"\nallow if { admin; input.a == 1 }"
        var options = PartialOptions()
        options.disableInlining = ["data.example.admin"]
        let result = try Self.evaluate(module, "data.example.allow", ["input"], nil, "{}", options)
        #expect(result.queryTexts == ["data.partial.example.admin; input.a = 1"])
        #expect(
            result.supportTexts == [
                "package partial.example\n\nadmin := true if {\n\tinput.role = \"admin\"\n}\n"
            ])
    }

    @Test func whatAnswersDifferentlyEachTimeIsLeft() throws {
        let module = "package example\nallow if time.now_ns() > 1000"
        #expect(
            try Self.evaluate(module, "data.example.allow", [], nil, "{}").queryTexts == [
                "_1 = time.now_ns(); _1 > 1000"
            ])
        var options = PartialOptions()
        options.evaluatesNondeterministic = true
        #expect(try Self.evaluate(module, "data.example.allow", [], nil, "{}", options).queryTexts == ["true"])
    }

    @Test func limitsEndIt() throws {
        let many = (0..<14).map { "p\($0) if input.a\($0) == 1\np\($0) if input.b\($0) == 1" }.joined(separator: "\n")
        let all = "all if { \((0..<14).map { "p\($0)" }.joined(separator: "; ")) }"
        #expect(throws: EvaluationError.self) {
            try Self.evaluate("package example\n\(many)\n\(all)", "data.example.all", ["input"], nil, "{}")
        }
        let deep = (0..<100).map { "p\($0) if { p\($0 + 1); input.a\($0) == 1 }" }.joined(separator: "\n")
        let error = #expect(throws: EvaluationError.self) {
            try Self.evaluate("package example\n\(deep)\np100 if input.a", "data.example.p0", ["input"], nil, "{}")
        }
        #expect(error?.code == .limit)
        // What is known may be as deep as it likes.
        let known = (0..<1000).map { "p\($0) if { p\($0 + 1) }" }.joined(separator: "\n")
        let result = try Self.evaluate(
            "package example\n\(known)\np1000 if true", "data.example.p0", ["input"], nil, "{}")
        #expect(result.queryTexts == ["true"])
    }

    @Test func errorsSayWhatIsWrong() throws {
        let module = "package example\nq if input.a\np := x if { x := data.example.sub }\n"
        #expect(throws: RegoErrors.self) { try Self.evaluate(module, "data.example.q ==", ["input"], nil, "{}") }
        #expect(throws: (any Error).self) { try Self.evaluate(module, "data.example.q", ["no.path"], nil, "{}") }
        #expect(throws: (any Error).self) { try Self.evaluate(module, "data.example.q", ["input.a b"], nil, "{}") }
        let error = #expect(throws: EvaluationError.self) {
            try Self.evaluate(module, "x = data.example", ["input"], nil, "{}")
        }
        #expect(error?.message.contains("the whole of package data.example") ?? false)
    }

    static let cases: [Case] = [
        Case(
            name: "an unknown collection is a filter",
            module: "package example\nallow if { input.subject.clearance_level >= data.reports[_].clearance_level }",
            unknowns: ["data.reports"], input: #"{"subject": {"clearance_level": 4}}"#,
            queries: ["4 >= data.reports[_1].clearance_level"]),
        Case(
            name: "several conditions on one document",
            module: """
                package example
                default allow := false
                allow if { input.method == "GET"; some pet in data.pets; pet.owner == input.user; not pet.hidden }
                """,
            unknowns: ["data.pets"], input: #"{"method": "GET", "user": "alice"}"#,
            queries: [#"_1 = data.pets[_2]; _1.owner = "alice"; not _1.hidden"#]),
        Case(
            name: "a condition that fails by what is known",
            module: "package example\nallow if { input.method == \"GET\"; data.pets[_].owner == input.user }",
            unknowns: ["data.pets"], input: #"{"method": "POST", "user": "alice"}"#, queries: []),
        Case(
            name: "known documents become conditions",
            module:
                "package example\nallow if { some role in data.roles[input.user]; data.grants[role][_] == input.action }",
            data: #"{"roles": {"al": ["r"], "jo": ["w", "r"]}, "grants": {"r": ["read"], "w": ["write"]}}"#,
            queries: [
                #"input.user = "al"; input.action = "read""#, #"input.user = "jo"; input.action = "write""#,
                #"input.user = "jo"; input.action = "read""#,
            ]),
        Case(
            name: "a default that is asked for",
            module: "package example\ndefault allow := false\nallow if input.a == 1",
            query: "x = data.example.allow", queries: ["x = data.partial.example.allow"],
            support: ["package partial.example\n\ndefault allow := false\n\nallow := true if {\n\tinput.a = 1\n}\n"]),
        Case(
            name: "an unknown rule stays", module: "package example\nq if input.a\nallow if { q; input.b == 1 }",
            unknowns: ["input", "data.example.q"], queries: ["data.example.q; input.b = 1"]),
        Case(
            name: "negation of one condition",
            module: "package example\nbanned if input.user == \"mallory\"\nallow if not banned",
            queries: [#"not input.user = "mallory""#]),
        Case(
            name: "names that would mean something else",
            module: "package example\nallow if { some count in input.counts; every k in count { k > count } }",
            queries: ["_1 = input.counts[_2]; every k in _1 { k > _1 }"]),
    ]
}
