import Core
import JSON
import Policy
import Rego
import Testing

@Suite struct PlanBundleTests {
    private static let text = """
        package p

        default allow := false
        allow if { some role in input.roles; role in data.p.admins }
        constants := {"a": [1, 2.50, null, {"x", "y"}], "b": true, "n": 12345678901234567890}
        double(x) := x * 2
        names contains name if { some name, _ in input.ages; not blocked[name] }
        blocked["bob"] := true
        total := sum([double(age) | some age in input.ages])
        mocked := v if { v := total with input.ages as {"x": 4} }
        first := x if { some i; x := input.list[i]; x > 1; every y in input.list { y != 0 } } else := "none"
        nested[k].v := upper(k) if { some k in ["a", "b"] }
        tree.blocked := count(blocked)
        tree.constants := constants.a
        path := data.p.tree[input.rule]
        """
    private static let points = [
        "p/allow", "p/constants", "p/names", "p/total", "p/mocked", "p/first", "p/nested", "p/path", "p",
    ]
    private static let inputs: [RegoValue] = [
        [:], ["roles": ["admin"], "rule": "blocked"],
        ["ages": ["ann": 30, "bob": 4], "list": [1, 2], "roles": ["x"], "rule": "constants"],
    ]

    private static func sourceBundle() -> Bundle {
        .of(text, root: "p", data: ["p": ["admins": ["admin"]]])
    }

    @Test func plansAnswerAsTheirSource() throws {
        var planned = Self.sourceBundle()
        try planned.addPlan(entryPoints: Self.points)
        planned.modules = []
        let read = try BundleReader().read(archive: try BundleWriter().build(planned))
        let store = try PolicyStore(
            options: PolicyOptions(requiredEntryPoints: ["p/allow"]), bundles: ["plan": read])
        let source = try PolicyStore(bundles: ["source": Self.sourceBundle()])
        for input in Self.inputs {
            for point in Self.points {
                let path = point.split(separator: "/").map(String.init)
                let answer = try store.current.evaluate(path: path, input: input)
                #expect(try source.current.evaluate(path: path, input: input) == answer, "\(point) \(input)")
            }
        }
        #expect(store.current.modules.isEmpty)
    }

    @Test func plansAreReadAsTheyWereWritten() throws {
        var compiler = Compiler()
        try compiler.add(module: Self.text, name: "p.rego")
        let policy = try compiler.compile(Self.points.map { .entryPoint($0) })
        let again = try IR.Policy(plan: policy.planJSON())
        #expect(try IR.Policy(plan: again.planJSON()) == again)
        #expect(again.files == policy.files)
        #expect(again.builtins == policy.builtins)
        #expect(again.functions.map(\.name) == policy.functions.map(\.name))
        let sum = policy.planJSON()["static"]?["builtin_funcs"]?.array?.first { $0["name"] == "sum" }
        #expect(sum?["decl"]?["result"] == ["type": "number"])
    }

    @Test func plansKeepToTheirRoots() throws {
        var bundle = Self.sourceBundle()
        try bundle.addPlan(entryPoints: ["p/allow"])
        bundle.modules = []
        bundle.manifest.roots = ["q"]
        bundle.data = [:]
        let store = try PolicyStore()
        #expect(failure { try store.activate(bundle, as: "x") }?.message.contains("p/allow") == true)
        bundle.plan = Array("{}".utf8)
        try store.activate(bundle, as: "x")
        bundle.plan = Array("{".utf8)
        #expect(failure { try store.activate(bundle, as: "x") }?.domain == "rego")
        bundle.plan = Array(#"{"plans": {"plans": [{"name": "q/x", "blocks": [{"stmts": [{"type": "Nope"}]}]}]}}"#.utf8)
        #expect(failure { try store.activate(bundle, as: "x") }?.domain == "rego")
    }

    @Test func twoPlansMayNotShareAnEntryPoint() throws {
        var bundle = Self.sourceBundle()
        try bundle.addPlan(entryPoints: ["p/allow"])
        bundle.modules = []
        let store = try PolicyStore(bundles: ["a": bundle])
        bundle.manifest.roots = ["other"]
        bundle.data = [:]
        #expect(failure { try store.activate(bundle, as: "b") }?.code == .conflict)
    }
}
