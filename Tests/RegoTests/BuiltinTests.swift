import JSON
import Testing

@testable import Rego

/// Results as OPA gives them; what cannot be said in JSON is built in Swift.
@Suite struct BuiltinTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: [RegoValue]
        let wanted: RegoValue?

        init(_ name: String, _ arguments: RegoValue..., gives wanted: RegoValue?) {
            self.name = name
            self.arguments = arguments
            self.wanted = wanted
        }

        var testDescription: String { "\(name)\(arguments)" }
    }

    static func call(_ name: String, _ arguments: [RegoValue], _ context: BuiltinContext = BuiltinContext()) throws
        -> RegoValue?
    {
        let builtin = try #require(BuiltinRegistry.standard[name], "\(name)")
        return try builtin.run(arguments, context)
    }

    private static func number(_ spelling: String) -> RegoValue {
        RegoNumber(spelling: spelling).map { .number($0) } ?? .null
    }

    @Test(arguments: numbers + texts + encodings + patterns + documents + times + networks)
    func result(_ row: Row) throws {
        #expect(try Self.call(row.name, row.arguments) == row.wanted)
    }

    static let numbers: [Row] = [
        Row("plus", number("0.1"), number("0.2"), gives: number("0.3")),
        Row("plus", number("9223372036854775807"), 1, gives: number("9223372036854775808")),
        Row("div", 1, 3, gives: number("0.33333333333333333334")),
        Row("mul", number("0.33333333333333333334"), 3, gives: 1),
        Row("div", number("1e109"), number("1e100"), gives: 1_000_000_000),
        Row("rem", -7, 4, gives: -3),
        Row("round", number("-2.5"), gives: -3),
        Row("ceil", number("2.1"), gives: 3),
        Row("floor", number("-2.1"), gives: -3),
        Row("bits.lsh", number("9223372036854775807"), 1, gives: number("18446744073709551614")),
        Row("bits.negate", 42, gives: -43),
        Row("numbers.range", 5, 2, gives: [5, 4, 3, 2]),
        Row("numbers.range_step", 0, -10, 4, gives: [0, -4, -8]),
        Row("max", [], gives: nil),
        Row("count", "naïve", gives: 5),
        Row("to_number", "-42.0", gives: -42),
        Row("units.parse", "0.0005K", gives: number("0.5")),
        Row("units.parse_bytes", "1.1KiB", gives: 1126),
        Row("semver.compare", "1.0.0-alpha.1", "1.0.0-alpha.beta", gives: -1),
    ]

    static let texts: [Row] = [
        Row("sprintf", "hi %02d %v %s", [5, ["a", 1], "x"], gives: "hi 05 [\"a\", 1] x"),
        Row("sprintf", "%d %s", ["a", 5], gives: "%!d(string=a) %!s(int=5)"),
        Row("sprintf", "%d", [], gives: "%!d(MISSING)"),
        Row("sprintf", "%d", [1, 2], gives: "1%!(EXTRA int=2)"),
        Row(
            "sprintf", "%.2f|%8.3e|%g", [number("3.14159"), number("12345.678"), number("0.00001")],
            gives: "3.14|1.235e+04|1e-05"),
        Row(
            "sprintf", "%x %X %#x %o %b %q %-5d|%+d", ["hi", 255, 255, 8, 5, "a\"b", 7, 7],
            gives: "6869 FF 0xff 10 101 \"a\\\"b\" 7    |+7"),
        Row("sprintf", "%[2]d %[1]d %*d", [1, 2], gives: "2 1 %!d(MISSING)"),
        Row("substring", "aåäö", 2, -1, gives: "äö"),
        Row("split", "a,b,,c", ",", gives: ["a", "b", "", "c"]),
        Row("strings.count", "dummy", "", gives: 6),
        Row("strings.replace_n", ["f": "x", "foo": "xxx"], "foobar", gives: "xoobar"),
        Row("trim", "¡¡foo!!", "!¡", gives: "foo"),
        Row("indexof_n", "😇😀😇😀", "😀", gives: [1, 3]),
        Row("strings.render_template", "test {{.foo}} {{.baz}}", ["baz": 1], gives: "test <undefined> 1"),
        Row(
            "strings.render_template",
            "{{range $i, $name := .names}}{{if $i}}, {{end}}hi {{ $name -}} !{{else}}nobody{{end}}",
            ["names": ["a", "b"]],
            gives: "hi a!, hi b!"),
    ]

    static let encodings: [Row] = [
        Row("base64url.encode", "subjects?_d", gives: "c3ViamVjdHM_X2Q="),
        Row("base64url.decode", "aGVsbG8", gives: "hello"),
        Row("base64.is_valid", "{'not':'base64'}", gives: false),
        Row("urlquery.encode", "a=b 1~é", gives: "a%3Db+1~%C3%A9"),
        Row("urlquery.decode_object", "a=1&b&a=2", gives: ["a": ["1", "2"], "b": [""]]),
        Row("hex.decode", "6c6f", gives: "lo"),
        Row("crypto.md5", "", gives: "d41d8cd98f00b204e9800998ecf8427e"),
        Row("uuid.parse", "not", gives: nil),
    ]

    static let patterns: [Row] = [
        Row("regex.match", "^[a-z]+\\[[0-9]+\\]$", "foo[1]", gives: true),
        Row("regex.match", "^\\w+$", "é", gives: false),
        Row("regex.match", "^\u{E9}$", "\u{E9}", gives: true),
        Row("regex.match", "^e\u{301}$", "\u{E9}", gives: false),
        Row("regex.match", "a$", "a\n", gives: false),
        Row("regex.match", "(?i)STRASSE|k", "\u{212A}", gives: true),
        Row("regex.is_valid", "(a)\\1", gives: false),
        Row("regex.is_valid", "a(?=b)", gives: false),
        Row("regex.is_valid", "a**", gives: false),
        Row("regex.is_valid", "(?P<x>[[:alpha:]]{2,3}?)\\pL\\x{1F600}\\Qa.b\\E", gives: true),
        Row("regex.find_n", "a*", "baac", -1, gives: ["", "aa", ""]),
        Row("regex.replace", "hello world", "(?P<first>\\w+) (\\w+)", "$2 ${first}$$", gives: "world hello$"),
        Row("regex.split", "^[a-z]+", "foobar baz", gives: ["", " baz"]),
        Row("regex.template_match", "urn:foo:<.*>", "urn:foo:bar:baz", "<", ">", gives: true),
        Row("regex.globs_match", "a.a.[0-9]+z", ".b.b2359825792*594823z", gives: true),
        Row("glob.match", "*.github.com", ["."], "api.cdn.github.com", gives: false),
        Row("glob.match", "**.github.com", ["."], "api.cdn.github.com", gives: true),
        Row("glob.match", "{cat,bat,[fr]at}", [], "rat", gives: true),
    ]

    static let documents: [Row] = [
        Row(
            "json.patch", ["a": [1, 2]],
            [["op": "add", "path": "/a/-", "value": 3], ["op": "move", "from": "/a/0", "path": "/b"]],
            gives: ["a": [2, 3], "b": 1]),
        Row("json.patch", ["a": [1]], [["op": "add", "path": "/a/01", "value": 3]], gives: nil),
        Row(
            "json.filter", ["a": [["b": 7, "c": 8], ["d": 9]]], ["a/0/b", "a/1"], gives: ["a": [["b": 7], ["d": 9]]]),
        Row("json.remove", ["a": [["1": ["b", "c", "d"]]]], ["a/0/1/2"], gives: ["a": [["1": ["b", "c"]]]]),
        Row("json.marshal", ["b": "<é>", "a": .set([2, 1])], gives: "{\"a\":[1,2],\"b\":\"\\u003cé\\u003e\"}"),
        Row(
            "yaml.unmarshal", "a: &x [1, 0x10, yes]\nb: *x\n<<: {c: ~}",
            gives: ["a": [1, 16, true], "b": [1, 16, true], "c": .null]),
        Row("yaml.marshal", ["a": [1, ["b": "true"]], "c": [:]], gives: "a:\n- 1\n- b: \"true\"\nc: {}\n"),
        Row(
            "json.match_schema", ["id": "x"], ["required": ["n"], "properties": ["id": ["type": "integer"]]],
            gives: [
                false,
                [
                    ["error": "(root): n is required", "field": "(root)", "type": "required", "desc": "n is required"],
                    [
                        "error": "id: Invalid type. Expected: integer, given: string", "field": "id",
                        "type": "invalid_type",
                        "desc": "Invalid type. Expected: integer, given: string",
                    ],
                ],
            ]),
        Row("object.subset", [1, 2, 3, 4], [2, 3], gives: true),
        Row("object.union", ["a": ["b": 1]], ["a": ["c": 2]], gives: ["a": ["b": 1, "c": 2]]),
        Row("object.get", ["a": ["b": 1]], ["a", "c"], 9, gives: 9),
        Row("graph.reachable", ["a": ["b"], "b": ["c"], "c": ["a"], "d": []], ["a"], gives: .set(["a", "b", "c"])),
    ]

    static let times: [Row] = [
        Row("time.parse_rfc3339_ns", "1677-09-21T00:12:43.145224192-00:00", gives: .number(.int(.min))),
        Row("time.parse_ns", "RFC1123Z", "Sat, 03 Dec 2022 00:10:53 +0530", gives: 1_670_006_453_000_000_000),
        Row("time.parse_duration_ns", "-1h1.5s", gives: -3_601_500_000_000),
        Row("time.format", [1_670_006_453_141_828_752, "Asia/Kolkata"], gives: "2022-12-03T00:10:53.141828752+05:30"),
        Row("time.clock", [1_517_832_000_000_000_000, "America/New_York"], gives: [7, 0, 0]),
        Row("time.clock", [4_102_444_800_000_000_000, "Europe/Berlin"], gives: [1, 0, 0]),
        Row("time.add_date", 1_585_852_421_593_912_000, 3, 9, 12, gives: 1_705_257_221_593_912_000),
        Row("time.diff", 1_580_601_600_000_000_000, 1_583_020_800_000_000_000, gives: [0, 0, 28, 0, 0, 0]),
    ]

    static let networks: [Row] = [
        Row("net.cidr_contains", "10.0.0.0/8", "10.1.1.1/32", gives: true),
        Row(
            "net.cidr_merge", ["192.0.128.0", "192.0.129.0", "::/0", "fe80::1/128"],
            gives: .set(["192.0.128.0/23", "::/0"])),
        Row(
            "net.cidr_expand", "192.168.0.254/30",
            gives: .set(["192.168.0.252", "192.168.0.253", "192.168.0.254", "192.168.0.255"])),
        Row("net.cidr_is_valid", "2002::1234:abcd:ffff:c0a8:101/64", gives: true),
        Row("net.cidr_is_valid", "1.2.3.4/33", gives: false),
    ]

    @Test(
        arguments: [
            ("count", [5 as RegoValue], "operand 1 must be one of {array, object, set, string} but got number"),
            ("div", [1, 0], "divide by zero"),
            ("bits.or", [number("7.2"), 42], "operand 1 must be integer number but got floating-point number"),
            (
                "strings.any_prefix_match", [[1], ["a"]],
                "operand 1 must be array of strings but got array containing number"
            ),
            ("io.jwt.decode", ["a.b"], "encoded JWT must have 3 sections, found 2"),
            ("semver.compare", ["1.0.0", "1"], "operand 2: string \"1\" is not a valid SemVer"),
            ("regex.match", ["[", "a"], "error parsing regexp: missing closing ]: `[`"),
            ("yaml.unmarshal", ["[1,2,3"], "yaml: line 1: did not find expected ',' or ']'"),
            (
                "http.send", [["method": "GET", "url": "https://example.com"]],
                "http.send is off: the operator has allowed no hosts"
            ),
        ] as [(String, [RegoValue], String)])
    func errors(_ name: String, _ arguments: [RegoValue], _ wanted: String) {
        let error = #expect(throws: BuiltinError.self) { try Self.call(name, arguments) }
        #expect(error?.message == wanted)
    }

    @Test func signedTokensVerifyOnlyWithTheirKey() throws {
        let key: RegoValue = ["kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMko"]
        let token = try #require(
            try Self.call("io.jwt.encode_sign", [["alg": "HS256"], ["aud": "me", "exp": 100], key]))
        let secret = try #require(try Self.call("base64url.decode", ["AyM1SysPpbyDfgZld3umj1qzKObwVMko"]))
        let refused: RegoValue = [false, [:], [:]]
        let constraints: RegoValue = ["secret": secret, "aud": "me", "time": 99_000_000_000]
        // The key is no UTF-8, so that as a text it is another key.
        #expect(try Self.call("io.jwt.decode_verify", [token, constraints]) == refused)
        let plain: RegoValue = ["kty": "oct", "k": "c2VjcmV0"]
        let other = try #require(
            try Self.call("io.jwt.encode_sign", [["alg": "HS256"], ["aud": "me", "exp": 100], plain]))
        for (constraints, isValid) in [
            (["secret": "secret", "aud": "me", "time": 99_000_000_000], true),
            (["secret": "secret", "aud": "me", "time": 100_000_000_000], false),
            (["secret": "secret", "time": 99_000_000_000], false),
            (["secret": "other", "aud": "me", "time": 99_000_000_000], false),
            (["secret": "secret", "aud": "me", "alg": "HS512", "time": 99_000_000_000], false),
        ] as [(RegoValue, Bool)] {
            #expect(
                try Self.call("io.jwt.decode_verify", [other, constraints])?[0] == .bool(isValid), "\(constraints)")
        }
    }

    @Test func randomIsTheSameWithinAQueryAndBySeed() throws {
        let context = BuiltinContext(seed: 7)
        let first = try Self.call("rand.intn", ["a", 1_000_000], context)
        let uuid = try Self.call("uuid.rfc4122", ["a"], context)
        #expect(try Self.call("rand.intn", ["a", 1_000_000], context) == first)
        #expect(try Self.call("uuid.rfc4122", ["b"], context) != uuid)
        #expect(try Self.call("rand.intn", ["a", 1_000_000], BuiltinContext(seed: 7)) == first)
        #expect(try Self.call("rand.intn", ["a", 1_000_000], BuiltinContext(seed: 8)) != first)
    }

    /// Seven anchors, each nine times the one before.
    private static let yamlBomb =
        "a: &a [x]\n"
        + zip("bcdefgh", "abcdefg").map { name, before in
            "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ",") + "]\n"
        }.joined()

    @Test(
        arguments: [
            ("numbers.range", [0, 1_000_000_000]), ("net.cidr_expand", ["::/0"]), ("bits.lsh", [1, 1_000_000_000]),
            ("sprintf", ["%999999d%999999d%999999d", [1, 1, 1]]),
            ("regex.match", ["(x+x+)+(y|z)", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]),
            ("yaml.unmarshal", [RegoValue(yamlBomb)]),
        ] as [(String, [RegoValue])])
    func whatWouldBeHugeIsStopped(_ name: String, _ arguments: [RegoValue]) {
        let context = BuiltinContext(limits: EvaluationLimits(steps: 200_000, memory: 1 << 20))
        let error = #expect(throws: BuiltinError.self) { try Self.call(name, arguments, context) }
        #expect(error?.isFatal == true || name == "bits.lsh")
    }
}
