import Core
import Flow
import JSON
import Testing

/// What each function of the language yields, and refuses.
@Suite struct FunctionTests {
    static func list(_ text: String) -> String { "fromJSON('\(text)')" }

    static let textCases: [Wanted] = [
        Wanted("contains('abcabd', 'abd')", true), Wanted("contains('aaab', 'aab')", true),
        Wanted("contains('abc', 'x')", false),
        Wanted("contains('abc', '')", true), Wanted("contains(\(list("[1,2]")), 2.0)", true),
        Wanted("contains(\(list("[1]")), '1')", false),
        Wanted("startsWith('abc', 'ab')", true), Wanted("startsWith('abc', 'abcd')", false),
        Wanted("endsWith('abc', 'bc')", true),
        Wanted("endsWith('abc', 'ab')", false), Wanted("lower('ÀB')", "àb"), Wanted("upper('straße')", "STRASSE"),
        Wanted("trim('  a b\t')", "a b"), Wanted("trim(' ')", ""), Wanted("format('{0}-{1}{{x}}', 'a', 2)", "a-2{x}"),
        Wanted("format('{0}{0}', null)", ""), Wanted("join(\(list("[1,\"a\",null,[2]]")), '|')", "1|a||[2]"),
        Wanted("join(\(list("[]")))", ""), Wanted("split('a,b,,c', ',')", ["a", "b", "", "c"]),
        Wanted("split('', ',')", [""]),
        Wanted("split('aXXaXX', 'XX')", ["a", "a", ""]),
    ]

    @Test(arguments: textCases)
    func texts(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try ExpressionTests.value(source) == wanted)
    }

    static let listCases: [Wanted] = [
        Wanted("length('añ🙂')", 3), Wanted("length(\(list("[1,2]")))", 2), Wanted("length(\(list("{\"a\":1}")))", 1),
        Wanted("first(\(list("[1,2]")))", 1), Wanted("last(\(list("[1,2]")))", 2),
        Wanted("first(\(list("[]")))", .null),
        Wanted("keys(\(list("{\"b\":1,\"a\":2}")))", ["b", "a"]),
        Wanted("values(\(list("{\"b\":1,\"a\":2}")))", [1, 2]),
        Wanted("sort(\(list("[10,9,2.5,-1]")))", [-1, 2.5, 9, 10]),
        Wanted("sort(\(list("[\"b\",\"B\",\"a\"]")))", ["B", "a", "b"]),
        Wanted("unique(\(list("[1,1.0,\"1\",{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]")))", [1, "1", ["a": 1, "b": 2]]),
        Wanted("slice(\(list("[0,1,2,3]")), 1, 3)", [1, 2]), Wanted("slice(\(list("[0,1,2,3]")), -2)", [2, 3]),
        Wanted("slice(\(list("[0,1]")), 5, 9)", []), Wanted("slice(\(list("[0,1]")), -9, -1)", [0]),
        Wanted("length(where(steps.look.outputs.list, 'id', 'a'))", 2),
        Wanted("length(where(steps.look.outputs.list, 'n', null))", 1),
        Wanted("pluck(steps.look.outputs.list, 'id')", ["a", "b", "a"]), Wanted("sum(\(list("[1,2,3]")))", 6),
        Wanted("sum(\(list("[1,0.5]")))", 1.5), Wanted("sum(\(list("[]")))", 0), Wanted("min(\(list("[3,1,2]")))", 1),
        Wanted("max(\(list("[\"a\",\"c\",\"b\"]")))", "c"), Wanted("max(\(list("[]")))", .null),
        Wanted("sum(\(list("[9007199254740993,1]"))) == 9007199254740994", true),
    ]

    @Test(arguments: listCases)
    func listsAndObjects(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try ExpressionTests.value(source) == wanted)
    }

    static let valueCases: [Wanted] = [
        Wanted("default(inputs.missing, 'x')", "x"), Wanted("default('', 'x')", ""),
        Wanted("toJSON(fromJSON('[1, {\"a\": 2}]'))", "[1,{\"a\":2}]"),
        Wanted("fromJSON('\"x\"')", "x"),
        // Of the canonical form: the bytes `"abc"` with the quotes, and `{"a":1,"b":2}`; by sha256sum.
        Wanted("hash('abc')", "6cc43f858fbb763301637b5af970e2a46b46f461f27e5a0f41e009c59b827b25"),
        Wanted(
            "hash(fromJSON('{\"b\":2,\"a\":1}'))", "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777"),
    ]

    @Test(arguments: valueCases)
    func values(_ test: Wanted) throws {
        let (source, wanted) = (test.source, test.wanted)
        #expect(try ExpressionTests.value(source) == wanted)
    }

    static let mismatches: [Refused] = [
        Refused("length(null)", "argument 1 of length is to be a text, a list or an object, not null"),
        Refused("contains(1, 2)", "a text or a list, not a number"),
        Refused("split('a', '')", "a text that is not empty"),
        Refused("format('{1}', 1)", "asks for value {1}"), Refused("format('{x}')", "a brace that holds no number"),
        Refused("sort(fromJSON('[1,\"a\"]'))", "not a number beside a text"),
        Refused("sort(fromJSON('[null]'))", "numbers only"),
        Refused("sum(fromJSON('[1,\"a\"]'))", "not a text"), Refused("slice(fromJSON('[]'), 0.5)", "a whole number"),
        Refused("fromJSON('{')", "unexpected_end"),
        Refused("hash(fromJSON('9007199254740993'))", "cannot tell numbers"),
        Refused("sum(fromJSON('[9223372036854775807,1]'))", "out of range"),
        Refused("keys(fromJSON('[]'))", "an object, not a list"),
    ]

    @Test(arguments: mismatches)
    func whatDoesNotGoTogetherIsAnErrorWithItsColumn(_ test: Refused) throws {
        let (source, words) = (test.source, test.words)
        let error = #expect(throws: GatehouseError.self) { try ExpressionTests.value("1 == 1 && \(source)") }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.message.contains("(column 11)") == true, "\(String(describing: error))")
        #expect(error?.code == .invalid)
    }
}
