import HCL
import Testing

@Suite struct EvaluationTests {
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 2 - 3", "5"), ("7 % 4", "3"), ("-2 - -3", "1"),
        ("true || false && false", "true"), ("!true || true", "true"), ("1 < 2 == true", "true"),
        ("1 + 1 == 2 && 3 >= 3", "true"), ("false ? 1 : true ? 2 : 3", "2"), ("\"1\" + 1", "2"),
        ("[1, 2,][1]", "2"), ("[[1], [2, 3]][1].1", "3"), ("{a = {b = 5}}.a[\"b\"]", "5"),
        ("{\"x\": 1, (\"y\"): 2}", "{x:1,y:2}"),
        ("[for i, v in [\"a\", \"b\"] : \"${i}${v}\" if v != \"a\"]", "[\"1b\"]"),
        ("{for k, v in {a = 1, b = 2} : v => k}", "{1:\"a\",2:\"b\"}"),
        ("{for s in [\"ab\", \"ac\", \"b\"] : substr(s, 0, 1) => s...}", "{a:[\"ab\",\"ac\"],b:[\"b\"]}"),
        ("[{a = 1}, {a = 2}][*].a", "[1,2]"), ("[{a = 1}, {a = 2}].*.a", "[1,2]"), ("{a = 1}[*].a", "[1]"),
        ("null[*].a", "[]"), ("[{a = [1, 2]}][*].a[1]", "[2]"), ("max([1, 5, 3]...)", "5"),
        ("\"a${1 + 1}b$${c}%%{d}\"", "\"a2b${c}%{d}\""), ("\"${[1]}\"", "[1]"),
        ("\"%{ if 1 > 2 }x%{ else }y%{ endif }\"", "\"y\""),
        ("\"%{ for i in [1, 2] }<${i}>%{ endfor }\"", "\"<1><2>\""),
        ("\"a  ${~ 1 ~}  b\"", "\"a1b\""), ("\"\\u00e9\\t\\\"\\\\\\U0001F600\"", "\"é\\t\\\"\\\\😀\""),
    ])
    func expressions(_ text: String, _ expected: String) throws { #expect(try json(text) == expected) }

    @Test func heredocs() throws {
        #expect(try json("<<EOT\n  a\n ${1}\nEOT\n") == "\"  a\\n 1\\n\"")
        #expect(try json("<<-EOT\n    a\n\n      b ${1}\n    EOT\n") == "\"a\\n\\n  b 1\\n\"")
        #expect(try json("<<-EOT\n    a\n   ${1}\n  EOT\n") == "\" a\\n1\\n\"")
        #expect(try json("<<EOT\na\\n\"b\"\nEOT\n") == "\"a\\\\n\\\"b\\\"\\n\"")
        #expect(try json("<<EOT\n%{ for x in [1, 2] ~}\n${x}\n%{ endfor ~}\nend\nEOT\n") == "\"1\\n2\\nend\\n\"")
        #expect(try json("<<EOT\nEOTX\n EOT\n") == "\"EOTX\\n\"")
    }

    @Test(arguments: [
        ("aws_s3_bucket.b.arn", "?${aws_s3_bucket.b.arn}"),
        ("\"${aws_s3_bucket.b.arn}/*\"", "?${aws_s3_bucket.b.arn}/*"),
        ("aws_x.y[0].id", "?${aws_x.y[0].id}"), ("aws_x.y[*].id", "?${aws_x.y[*].id}"),
        ("aws_x.y.*.id", "?${aws_x.y[*].id}"),
        ("[aws_x.y.id, 1]", "[?${aws_x.y.id},1]"), ("aws_x.y.n == 1", "?${…}"), ("aws_x.y.n == 1 && false", "false"),
        ("aws_x.y.n ? 1 : 1", "1"), ("upper(aws_x.y.n)", "?${…}"),
        ("join(\",\", [aws_x.y.n, \"b\"])", "?${aws_x.y.n},b"),
        ("format(\"%s-%d\", aws_x.y.n, 3)", "?${aws_x.y.n}-3"),
        ("jsonencode({a = aws_x.y.arn, b = [1]})", "?{\"a\":\"${aws_x.y.arn}\",\"b\":[1]}"),
        ("try(aws_x.y.n, 1)", "?${aws_x.y.n}"), ("can(aws_x.y.n)", "?${aws_x.y.n}"), ("length([aws_x.y.n])", "1"),
        ("[for x in aws_x.y.list : x]", "?${aws_x.y.list}"), ("contains([\"a\", aws_x.y.n], \"a\")", "true"),
    ])
    func whatIsNotKnownIsAValue(_ text: String, _ expected: String) throws { #expect(try json(text) == expected) }

    @Test func referencesAreKept() throws {
        let value = try evaluate("\"${aws_a.x.id}-${aws_b.y[1].id}-${aws_a.x.id}\"")
        #expect(value.unknown?.references.map(\.text) == ["aws_a.x.id", "aws_b.y[1].id"])
    }

    @Test(arguments: [
        ("abs(-3)", "3"), ("ceil(1.2)", "2"), ("floor(-1.2)", "-2"), ("log(8, 2)", "3"), ("pow(2, 10)", "1024"),
        ("signum(-4)", "-1"), ("parseint(\"ff\", 16)", "255"), ("sum([1, 2.5])", "3.5"), ("min(3, 1)", "1"),
        ("chomp(\"a\\n\\n\")", "\"a\""), ("endswith(\"abc\", \"bc\")", "true"), ("startswith(\"abc\", \"b\")", "false"),
        ("strcontains(\"abc\", \"b\")", "true"), ("lower(\"AÉ\")", "\"aé\""), ("title(\"ab cd\")", "\"Ab Cd\""),
        ("strrev(\"abc\")", "\"cba\""), ("substr(\"héllo\", 1, 3)", "\"éll\""),
        ("substr(\"hello\", -3, -1)", "\"llo\""),
        ("split(\",\", \"a,b,\")", "[\"a\",\"b\",\"\"]"), ("replace(\"a.b.c\", \".\", \"-\")", "\"a-b-c\""),
        ("indent(2, \"a\\nb\")", "\"a\\n  b\""), ("trim(\"--a-\", \"-\")", "\"a\""),
        ("trimprefix(\"ab\", \"a\")", "\"b\""),
        ("trimsuffix(\"ab\", \"b\")", "\"a\""), ("trimspace(\" a \\n\")", "\"a\""),
        ("basename(\"/a/b.txt\")", "\"b.txt\""),
        ("dirname(\"a/b/c\")", "\"a/b\""),
        ("format(\"%05.2f|%-4s|%+d|%x|%%|%v\", 3.14159, \"a\", 5, 255, [1])", "\"03.14|a   |+5|ff|%|[1]\""),
        ("formatlist(\"%s-%s\", [\"a\", \"b\"], \"z\")", "[\"a-z\",\"b-z\"]"),
        ("chunklist([1, 2, 3], 2)", "[[1,2],[3]]"),
        ("compact([\"a\", \"\", null])", "[\"a\"]"), ("concat([1], [2], [])", "[1,2]"),
        ("distinct([1, 1, 2])", "[1,2]"),
        ("element([1, 2, 3], 4)", "2"), ("flatten([[1], [[2]], []])", "[1,2]"), ("index([\"a\", \"b\"], \"b\")", "1"),
        ("range(3)", "[0,1,2]"), ("range(1, 6, 2)", "[1,3,5]"), ("range(2, 0)", "[2,1]"), ("reverse([1, 2])", "[2,1]"),
        ("slice([1, 2, 3], 1, 3)", "[2,3]"), ("sort([\"b\", \"a\"])", "[\"a\",\"b\"]"),
        ("keys({b = 1, a = 2})", "[\"a\",\"b\"]"),
        ("values({b = 1, a = 2})", "[2,1]"), ("lookup({a = 1}, \"b\", 3)", "3"),
        ("merge({a = 1}, {a = 2, b = 3})", "{a:2,b:3}"),
        ("transpose({a = [\"x\"], b = [\"x\"]})", "{x:[\"a\",\"b\"]}"), ("zipmap([\"a\"], [1])", "{a:1}"),
        ("matchkeys([1, 2], [\"a\", \"b\"], [\"b\"])", "[2]"), ("alltrue([true, true])", "true"),
        ("anytrue([])", "false"),
        ("coalesce(null, \"\", \"a\")", "\"a\""), ("coalescelist([], [1])", "[1]"), ("one([])", "null"),
        ("setintersection([1, 2], [2, 3])", "[2]"), ("setproduct([1, 2], [\"a\"])", "[[1,\"a\"],[2,\"a\"]]"),
        ("setsubtract([1, 2], [2])", "[1]"), ("setunion([2], [1, 2])", "[1,2]"), ("base64encode(\"hi\")", "\"aGk=\""),
        ("base64decode(\"aGk=\")", "\"hi\""), ("urlencode(\"a b&é\")", "\"a+b%26%C3%A9\""),
        ("jsonencode({a = [1, null]})", "\"{\\\"a\\\":[1,null]}\""),
        ("jsondecode(\"{\\\"a\\\": [1.5]}\")", "{a:[1.5]}"),
        ("csvdecode(\"a,b\\n1,\\\"x,\\\"\\\"y\\\"\\n\")", "[{a:\"1\",b:\"x,\\\"y\"}]"),
        ("tobool(\"true\")", "true"), ("tonumber(\"2\")", "2"), ("tostring(2)", "\"2\""),
        ("toset([\"b\", \"a\", \"b\"])", "[\"a\",\"b\"]"),
        ("cidrhost(\"10.1.0.0/16\", 5)", "\"10.1.0.5\""), ("cidrhost(\"10.0.0.0/8\", -1)", "\"10.255.255.255\""),
        ("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""), ("cidrsubnet(\"10.0.0.0/16\", 8, 2)", "\"10.0.2.0/24\""),
        ("cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)", "\"fd00:fd12:3456:7800:a200::/72\""),
        ("cidrsubnets(\"10.1.0.0/16\", 4, 4, 8)", "[\"10.1.0.0/20\",\"10.1.16.0/20\",\"10.1.32.0/24\"]"),
        ("core::upper(\"a\")", "\"A\""), ("timestamp()", "?${timestamp(…)}"),
        ("provider::x::y(1)", "?${provider::x::y(…)}"),
        ("can(tonumber(\"x\"))", "false"), ("try(tonumber(\"x\"), 7)", "7"),
    ])
    func functions(_ text: String, _ expected: String) throws { #expect(try json(text) == expected) }

    @Test(arguments: [
        ("1 / 0", "division by zero"), ("\"a\" + 1", "takes numbers"), ("!5", "cannot be applied"),
        ("nope(1)", "no function nope"),
        ("upper()", "does not take 0"), ("[1][3]", "beyond a list"), ("{a = 1}.b", "no member b"),
        ("1 ? 2 : 3", "condition is a bool"),
        ("\"x${[1]}\"", "put into a text"), ("range(0, 1, -1)", "never ends"),
        ("[for x in 5 : x]", "nothing to go over"),
        ("cidrsubnet(\"10.0.0.0/30\", 4, 0)", "no subnet"), ("cidrhost(\"10.0.0.0/30\", 9)", "no address"),
        ("format(\"%d\", \"x\")", "takes a number"),
        ("format(\"%s\")", "too few"), ("jsondecode(\"{\")", "no JSON"), ("parseint(\"9\", 8)", "base 8"),
        ("substr(\"a\", 5, 1)", "reach"),
    ])
    func faults(_ text: String, _ words: String) throws {
        let problem = #expect(throws: HCLProblem.self) { try evaluate(text) }
        #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
    }

    @Test func templatesOfFiles() throws {
        let scope = FixedScope(files: [
            "a.tpl": "hi ${name}%{ if more }!%{ endif }", "loop": "${templatefile(\"loop\", {})}",
        ])
        #expect(try json("templatefile(\"a.tpl\", {name = \"x\", more = true})", scope) == "\"hi x!\"")
        #expect(try json("file(\"missing\")", scope) == "?${file(\"missing\")}")
        #expect(throws: HCLProblem.self) { try evaluate("templatefile(\"a.tpl\", {})", scope) }
        let problem = #expect(throws: HCLProblem.self) { try evaluate("templatefile(\"loop\", {})", scope) }
        #expect(problem?.message.contains("levels deep") == true)
    }

    @Test func workIsBounded() {
        let loops = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"
        #expect(throws: HCLProblem.self) { try evaluate(loops) }
        #expect(throws: HCLProblem.self) { try evaluate("setproduct(range(900), range(900), range(900))") }
    }
}
