import Core
import Testing

@testable import Rego

/// Modules of up to 100 KB, each made to be expensive in one way: all are compiled, or refused with a place.
@Suite("Large modules")
struct LargeModuleTests {
    struct Large: Sendable, CustomTestStringConvertible {
        let name: String
        var version = RegoVersion.v1
        let make: @Sendable () -> String

        init(_ name: String, _ version: RegoVersion = .v1, _ make: @escaping @Sendable () -> String) {
            self.name = name
            self.version = version
            self.make = make
        }

        var testDescription: String { name }
        var text: String { "package large\n\(make())\n" }
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined(separator: "\n")
    }

    private static func nested(_ open: String, _ inner: String, _ close: String, _ depth: Int = 45) -> String {
        String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
    }

    static let all: [Large] = [
        Large("arrays within each other, as deep as allowed, often") {
            lines(300) { "a\($0) := \(nested("[", "1", "]", 90))" }
        },
        Large("parentheses without end") { "p := " + String(repeating: "(", count: 100_000) },
        Large("an object in every object") { "p := " + nested("{\"k\": ", "1", "}", 10_000) },
        Large("one rule with a large body") { "p if {\n\(lines(3000) { "input.x\($0) == \($0)" })\n}" },
        Large("one rule with a large body of iterations") { "p if {\n\(lines(2000) { "input.x[i\($0)]" })\n}" },
        Large("one rule with large arithmetic") {
            "p := [\((0..<6000).map { "input.a+\($0)" }.joined(separator: ","))]"
        },
        Large("rules of one name") { lines(1000) { "p if input.x == \($0)" } },
        Large("functions of one name") { lines(3000) { "f(\"n\($0)\", x) := x + \($0)" } },
        Large("elements of one set, by rule") { lines(4000) { "s contains \"e\($0)\"" } },
        Large("rules of different names") { lines(5000) { "r\($0) := \($0)" } },
        Large("rules that name each other in a chain") { lines(4000) { "r\($0) := r\($0 + 1)" } + "\nr4000 := 1" },
        Large("rules that name each other in a circle") { lines(3000) { "r\($0) := r\(($0 + 1) % 3000)" } },
        Large("each rule names all before it") {
            lines(300) { n in "r\(n) if { \((0..<n).map { "r\($0)" }.joined(separator: "; ")); true }" }
        },
        Large("else after else") { "p := 0 if input.x == 0\n" + lines(1000) { "else := \($0) if input.x == \($0)" } },
        Large("a long string") { "p := \"" + String(repeating: "x", count: 100_000) + "\"" },
        Large("a string of escapes") { "p := \"" + String(repeating: "\\ud83d\\ude00\\n", count: 7000) + "\"" },
        Large("a long number") { "p := " + String(repeating: "9", count: 100_000) },
        Large("numbers as long as allowed") { lines(240) { "n\($0) := 1\(String(repeating: "7", count: 400))e-99" } },
        Large("one array of numbers") { "p := [" + (0..<14_000).map { "\($0)" }.joined(separator: ",") + "]" },
        Large("one object with keys that are not constant") {
            "p := {" + (0..<3000).map { "input.a\($0): input.b" }.joined(separator: ",") + "}"
        },
        Large("many imports") { lines(3000) { "import data.a.b.c\($0) as i\($0)" } + "\np := i7" },
        Large("many imports of one name", .v0) { lines(3000) { "import data.a\($0).x" } + "\np = x { true }" },
        Large("comprehensions within each other, often") {
            lines(250) { n in
                "p\(n) := " + (0..<30).map { "[x\($0) | x\($0) := " }.joined() + "input.y"
                    + String(repeating: "]", count: 30)
            }
        },
        Large("comprehensions beside each other") {
            "p if {\n\(lines(1500) { "a\($0) := [x | some x in input.y]" })\n}"
        },
        Large("every within every, often") {
            lines(400) { n in
                "p\(n) if " + nested("every x in input.y { ", "true", " }", 40)
            }
        },
        Large("variables declared at once") {
            "p if { some " + (0..<10_000).map { "v\($0)" }.joined(separator: ", ") + "; v0 = 1 }"
        },
        Large("variables declared one by one") { "p if {\n\(lines(4500) { "some v\($0); v\($0) = 1" })\n}" },
        Large("equations in a chain, backwards") { "p if {\n\(lines(2500) { "x\($0) = x\($0 + 1)" })\nx2500 = 7\n}" },
        Large("equations in a circle") { "p if {\n\(lines(2500) { "x\($0) = x\(($0 + 1) % 2500)" })\n}" },
        Large("equations of arrays") {
            "p if {\n\(lines(800) { "[a\($0), [b\($0), c\($0)]] = [1, [2, a\($0)]]" })\n}"
        },
        Large("calls within each other, often") { lines(150) { "p\($0) := \(nested("abs(", "1", ")", 80))" } },
        Large("templates within each other") { lines(800) { "p\($0) := \(nested("$\"a{", "input.x", "}\"", 20))" } },
        Large("one template of many parts") { "p := $\"" + String(repeating: "{input.x} ", count: 2000) + "\"" },
        Large("one line of with") {
            "p if q \((0..<1200).map { "with input.a\($0) as \($0)" }.joined(separator: " "))\nq if input.a1 == 1"
        },
        Large("mocks") {
            lines(300) { "f\($0)(x) := x\nq\($0) if f\($0)(1) == 2 with f\($0) as \($0)" }
        },
        Large("long references") { lines(240) { n in "p\(n) := input\(String(repeating: ".abc", count: 999))" } },
        Large("rules with long heads") { lines(800) { "a.b[\"c\($0)\"].d[\"e\"].f.g := \($0)" } },
        Large("rules with variables in long heads") {
            lines(500) { "a.b[x].c\($0)[y].d := z if { some x, y; z := input[x][y] }" }
        },
        Large("rules as they were", .v0) { lines(400) { "p[x] { x := input.y[\($0)] } { x = \($0) }" } },
        Large("bodies as they were", .v0) { "p { true } " + String(repeating: "{ input.x } ", count: 6000) },
        Large("strings of other scripts") {
            lines(800) { "p[\"ключ\($0)𝕏e\u{301}\u{200D}\"] := \"\u{1F469}\u{200D}\u{1F680}\u{FEFF}\"" }
        },
        Large("letters that are none") { "p := 1\n" + String(repeating: "п", count: 40_000) },
        Large("one line of comment") { "#" + String(repeating: "c", count: 100_000) + "\np := 1" },
        Large("lines of comment") { String(repeating: "# METADATA\n", count: 8000) + "p := 1" },
        Large("a lot of metadata") {
            "# METADATA\n# custom:\n" + lines(5000) { "#  k\($0): [\($0)]" } + "\np := 1"
        },
        Large("metadata on each rule") {
            lines(1200) { "# METADATA\n# title: t\($0)\np\($0) := rego.metadata.rule()\n" }
        },
        Large("blank lines") { String(repeating: "\n", count: 100_000) + "p := 1" },
        Large("semicolons") { "p if { true" + String(repeating: ";", count: 90_000) + " }" },
        Large("calls of functions that are not there") { lines(4000) { "p\($0) := nothing(\($0))" } },
        Large("variables that are not safe") { lines(4000) { "p\($0) := q\($0)x" } },
        Large("membership with keys, often") { "p if {\n\(lines(2000) { "\($0), x\($0) in input.y" })\n}" },
        Large("commas where a key might stand") {
            "p if { " + (0..<60).map { "x\($0), [y\($0) | " }.joined() + "1" + String(repeating: "]", count: 60) + " }"
        },
        Large("negations") { "p if {\n\(lines(4000) { "not input.x\($0)" })\n}" },
        Large("unions within each other") { "p := \((0..<150).map { "input.s\($0)" }.joined(separator: " | "))" },
    ]

    @Test(arguments: all)
    func ends(_ large: Large) throws {
        do throws(RegoErrors) {
            var compiler = Compiler()
            try compiler.add(module: Array(large.text.utf8), name: "large.rego", version: large.version)
            let policy = try compiler.compile([Compiler.Query(name: "q", text: "x = data")])
            do { _ = try Program(policy) } catch let error { #expect(!error.message.isEmpty) }
        } catch {
            let first = try #require(error.errors.first)
            #expect(first.row >= 1 && first.column >= 1 && !first.message.isEmpty, "\(first)")
            #expect(error.description.utf8.count < 1 << 20)
        }
    }
}
