import Rego
import Testing

struct BuiltinRestrictionTests {
    private func problem(_ body: String, _ restriction: BuiltinRestriction) -> RegoError? {
        var options = CompilerOptions()
        options.restriction = restriction
        var compiler = Compiler(options)
        do throws(RegoErrors) {
            try compiler.add(module: "package p\nx if { \(body) }", name: "m.rego")
            _ = try compiler.compile([.entryPoint("p/x")])
            return nil
        } catch { return error.errors.first }
    }

    @Test(arguments: [
        "http.send({}).status == 200", "http.send({}, y); y", "y := [z | z := http.send(input)]; y",
        "every a in [1] { http.send(a) }", "count([1]) == 1 with count as http.send", "not http.send(input)",
        "y := $\"{http.send(input)}\"; y", "input.x with input as http.send({})",
    ])
    func whatIsForbiddenCannotBeCalled(_ body: String) throws {
        let error = try #require(problem(body, BuiltinRestriction(forbidden: ["http.send"])))
        #expect(error.code == .type)
        #expect(error.message == "unsafe built-in function calls in expression: http.send is not allowed")
        #expect(error.row == 2)
        #expect(problem(body, BuiltinRestriction()) == nil)
    }

    @Test func onlyWhatIsAllowedCanBeCalledAndOperatorsAlways() {
        let restriction = BuiltinRestriction(allowed: ["count"])
        #expect(problem("count([1, 2]) + 1 > 2; 1 in [1]; y := $\"{input.z}\"; y", restriction) == nil)
        #expect(problem("upper(\"a\") == \"A\"", restriction)?.message.contains("upper is not allowed") == true)
        #expect(problem("1 + 1 == 2", BuiltinRestriction(forbidden: ["plus"])) != nil)
    }

    @Test func queriesAndPlansAreRestrictedToo() throws {
        let restriction = BuiltinRestriction(forbidden: ["time.now_ns"])
        var options = CompilerOptions()
        options.restriction = restriction
        #expect(throws: RegoErrors.self) {
            try Compiler(options).compile([Compiler.Query(name: "q", text: "x = time.now_ns()")])
        }
        let plan = try Compiler().compile([Compiler.Query(name: "q", text: "x = time.now_ns()")])
        #expect(throws: (any Error).self) {
            try Program(plan, builtins: BuiltinRegistry.standard.restricted(by: restriction))
        }
    }
}
