import Core
import Flow
import JSON
import Testing

/// What is no expression, or costs too much.
@Suite struct ExpressionErrorTests {
    static let mistakes: [Refused] = [
        Refused("", "the expression is empty", nil, nil),
        Refused("inputs.", "a name belongs after the point", 8, nil),
        Refused("inputs.name extra", "should end here", 13, nil),
        Refused("(1 == 1", "\")\" is missing to close the one in column 1", 8, nil),
        Refused("1 == ", "a value is missing", 6, nil),
        Refused("'open", "no closing quote", 1, "written twice"),
        Refused("inputs.a = 1", "\"=\" means nothing", 10, "=="),
        Refused("a && b", "\"a\" is unknown", 1, nil), Refused("inputs & event", "\"&\" means nothing", 8, "&&"),
        Refused("\"x\"", "means nothing", 1, "single quotes"),
        Refused("1 + 2", "\"+\" means nothing", 3, "no arithmetic"),
        Refused("1x", "\"1x\" is no number", 1, nil), Refused("01", "is no number", 1, nil),
        Refused("1 < 2 < 3", "do not chain", 7, "parentheses"),
        Refused("input.name", "\"input\" is unknown", 1, "\"inputs\""),
        Refused("secrets.x", "\"secrets\" is unknown", 1, nil),
        Refused("lenght('a')", "no function \"lenght\"", 1, "\"length\""),
        Refused("frobnicate()", "no function", 1, "contains"),
        Refused("true && lower()", "lower takes 1 argument, not 0", 9, "lower(text)"),
        Refused("slice('a')", "slice takes 2 to 3 arguments, not 1", 1, "slice(list, from, to)"),
        Refused("success(1)", "success takes no arguments, not 1", 1, nil),
        Refused("length == 1", "length is a function", 1, "length(…)"),
        Refused("inputs\u{0}", "U+0", 7, nil), Refused("${{ 1 }}", "\"$\" means nothing", 1, "no other one"),
    ]

    @Test(arguments: mistakes)
    func isRefusedWithItsColumnAndANextStep(_ test: Refused) throws {
        let (source, words, column, hint) = (test.source, test.words, test.column, test.hint)
        let error = #expect(throws: GatehouseError.self) { try Expression(source) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        if let column { #expect(error?.message.contains("(column \(column))") == true, "\(String(describing: error))") }
        if let hint { #expect(error?.hint?.contains(hint) == true, "\(String(describing: error))") }
    }

    @Test func lengthAndDepthAreBounded() throws {
        let most = Expression.longest
        _ = try Expression("'" + String(repeating: "x", count: most - 2) + "'")
        #expect(throws: GatehouseError.self) { try Expression("'" + String(repeating: "x", count: most - 1) + "'") }
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
        }
        #expect(try Expression(nested(Expression.deepest - 1)).evaluate(in: Scope()) == 1)
        for deep in [nested(Expression.deepest), nested(2000), String(repeating: "!", count: 4000) + "1"] {
            let error = #expect(throws: GatehouseError.self) { try Expression(deep) }
            #expect(error?.message.contains("nested deeper than 64") == true)
        }
    }

    @Test func aLongChainIsNoDeepTree() throws {
        let chain = Array(repeating: "1", count: 1300).joined(separator: "&&")
        #expect(try Expression(chain).evaluate(in: Scope()) == 1)
        let members = "inputs" + String(repeating: ".a", count: 2000)
        #expect(try Expression(members).evaluate(in: Scope()) == .null)
    }

    @Test func workIsBounded() throws {
        let many = JSON.array((0..<60_000).map { ["n": JSON($0)] })
        let scope = Scope(["inputs": ["many": many]])
        #expect(try Expression("length(inputs.many)").evaluate(in: scope) == 60_000)
        for source in [
            "where(inputs.many, 'n', 5)", "toJSON(inputs.many)", "inputs.many == inputs.many", "unique(inputs.many)",
            "sort(pluck(inputs.many, 'n'))", "hash(inputs.many)", "join(inputs.many, '')",
            "contains(inputs.many, 'x')",
        ] {
            let error = #expect(throws: GatehouseError.self) { try Expression(source).evaluate(in: scope) }
            #expect(error?.code == .exhausted, "\(source): \(String(describing: error))")
        }
    }

    @Test func textsThatAreMadeAreBounded() throws {
        let scope = Scope(["inputs": ["text": .string(String(repeating: "x", count: 1 << 20))]])
        let four = "format('{0}{0}{0}', inputs.text)"
        #expect(try Expression("length(\(four))").evaluate(in: scope) == JSON(3 << 20))
        for source in ["format('{0}{0}', \(four))", "join(split(\(four), 'xx'), \(four))"] {
            let error = #expect(throws: GatehouseError.self) { try Expression(source).evaluate(in: scope) }
            #expect(error?.code == .exhausted, "\(source): \(String(describing: error))")
        }
    }
}
