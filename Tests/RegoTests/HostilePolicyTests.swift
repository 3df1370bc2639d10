import TestSupport
import Testing

@testable import Rego

/// Half-written and hostile policies give errors, never a crash.
struct HostilePolicyTests {
    private static let policy = """
        package test.a["b"]

        import data.lib as l
        import rego.v1

        # METADATA
        # title: T
        # authors: [a, b]
        default allow := false

        allow if {
        	some i, x in input.xs
        	every k, v in {"a": 1, "b": [2, -3.5e2]} { k != v; v < count(x) }
        	not l.denied[i] with input as {"u": [y | y := x[_]]}
        	$"a{i}b{x + 1}" == `raw`
        } else := {"k": {1, 2} | {3}} if input.z[i][_] = {"p": [q, _]}

        p[x].r contains y if { [x, {"k": y}] = [1, {"k": f(2)}] }
        f(n) := n * 2 if n > 0
        o[k] := v if v := data.test[k].q
        """

    private static func tryCompile(_ bytes: [UInt8], version: RegoVersion) {
        var options = CompilerOptions()
        options.version = version
        var compiler = Compiler(options)
        do throws(RegoErrors) {
            try compiler.add(module: bytes, name: "m.rego")
            _ = try compiler.compile([Compiler.Query(name: "q", text: "x = data")])
        } catch { _ = error.description }
    }

    /// Mutations by a fixed seed: bytes changed, removed, repeated, pieces swapped.
    @Test
    func mutationsNeverCrash() {
        var random = SeededRandom(seed: 0x5EED)
        let original = Array(Self.policy.utf8)
        let alphabet = Array("{}[]().,:;=|\"`$#\\ \n\t_ax019-+*/%&<>!if in not\u{e9}".utf8)
        let end = ContinuousClock.now + .milliseconds(1200)
        var count = 0
        while ContinuousClock.now < end, count < 4000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: at)
                case 3: bytes.removeSubrange(at..<min(bytes.count, at + 20))
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 20)], at: at / 2)
                }
                if bytes.isEmpty { bytes = original }
            }
            Self.tryCompile(bytes, version: count % 2 == 0 ? .v1 : .v0)
            count += 1
        }
        #expect(count > 50)
    }

    @Test
    func everyPrefixIsRefusedOrRead() {
        let original = Array(Self.policy.utf8)
        for length in stride(from: 0, to: original.count, by: 7) {
            Self.tryCompile(Array(original.prefix(length)), version: .v1)
        }
    }

    struct Bomb: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var testDescription: String { name }
    }

    static let bombs: [Bomb] = [
        Bomb(name: "arrays", text: "p := " + String(repeating: "[", count: 50_000)),
        Bomb(name: "parentheses", text: "p := " + String(repeating: "(", count: 50_000)),
        Bomb(name: "braces", text: "p := " + String(repeating: "{", count: 50_000)),
        Bomb(name: "objects", text: "p := " + String(repeating: "{1:", count: 50_000)),
        Bomb(name: "comprehensions", text: "p := " + String(repeating: "[x | x = ", count: 10_000)),
        Bomb(name: "templates", text: "p := " + String(repeating: "$\"{", count: 10_000)),
        Bomb(name: "calls", text: "p := " + String(repeating: "f(", count: 50_000)),
        Bomb(name: "brackets of references", text: "p := " + String(repeating: "a[", count: 50_000)),
        Bomb(name: "chained operators", text: "p := 1" + String(repeating: " + 1", count: 50_000)),
        Bomb(name: "chained in", text: "p := 1" + String(repeating: " in 1", count: 50_000)),
        Bomb(name: "long references", text: "p := a" + String(repeating: ".b", count: 50_000)),
        Bomb(name: "every within every", text: "p if " + String(repeating: "every x in [1] { ", count: 5_000)),
        Bomb(name: "bodies", text: "p if {" + String(repeating: "{x | ", count: 5_000)),
        Bomb(name: "negations", text: "p if " + String(repeating: "not ", count: 50_000)),
        Bomb(name: "a huge number", text: "p := " + String(repeating: "9", count: 100_000)),
        Bomb(name: "a huge exponent", text: "p := 1e999999999"),
        Bomb(
            name: "iterations within each other",
            text: "p if {" + (0..<500).map { "input[x\($0)]" }.joined(separator: ";") + "}"),
        Bomb(
            name: "mocks without end",
            text: (0..<40).map { "f\($0)(x) := x\nq\($0) if q\($0 + 1) with f\($0) as \($0)" }.joined(separator: "\n")
                + "\nq40 if f0(1)\n"),
        Bomb(name: "elses", text: "p if false" + String(repeating: " else := 1 if false", count: 5_000)),
    ]

    @Test(arguments: bombs)
    func bombsAreRefused(_ bomb: Bomb) { Self.tryCompile(Array("package a\n\(bomb.text)\n".utf8), version: .v1) }

    @Test
    func longChainsOfRulesNeedNoStack() throws {
        let rules = (0..<5000).map { "r\($0) := r\($0 + 1)" }.joined(separator: "\n")
        var compiler = Compiler()
        try compiler.add(module: "package a\n\(rules)\nr5000 := input.x", name: "m.rego")
        let policy = try compiler.compile([.entryPoint("a/r0")])
        #expect(policy.functions.count == 5001)
    }

    @Test
    func longBodiesInReverseOrderAreRead() throws {
        let body = (0..<3000).map { "x\($0) = x\($0 + 1)" }.joined(separator: "\n")
        var compiler = Compiler()
        try compiler.add(module: "package a\np := x0 if {\n\(body)\nx3000 = 7\n}", name: "m.rego")
        let program = try Program(compiler.compile([.entryPoint("a/p")]))
        let results = try PreparedQuery(program, entryPoint: "a/p").evaluate(input: nil, data: [:])
        #expect(results.value == 7)
    }

    @Test
    func manyRulesAreReadInTime() throws {
        let rules = (0..<3000).map { "f\($0)(x) := [y | some y in x; y > \($0)] if x != []" }.joined(separator: "\n")
        var compiler = Compiler()
        try compiler.add(module: "package a\n\(rules)\np := f2999([3000])", name: "m.rego")
        let start = ContinuousClock.now
        let policy = try compiler.compile([.entryPoint("a/p")])
        #expect(policy.functions.count == 2)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test
    func badEncodingIsRefusedWithItsRow() throws {
        var compiler = Compiler()
        let error = #expect(throws: RegoErrors.self) {
            try compiler.add(
                module: Array("package a\np := \"".utf8) + [0xFF, 0xC0] + Array("\"".utf8), name: "m.rego")
        }
        #expect(error?.errors.first?.row == 2)
        #expect(compiler.modules.isEmpty)
    }

    @Test
    func largeModulesAreRefused() {
        var options = CompilerOptions()
        options.limits.bytes = 1000
        var compiler = Compiler(options)
        #expect(throws: RegoErrors.self) {
            try compiler.add(module: "package a\n" + String(repeating: "#", count: 1000), name: "m.rego")
        }
    }
}
