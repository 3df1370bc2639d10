import JSON
import TestSupport
import Testing

@testable import Rego

struct TraceTests {
    static let policy = """
        package app

        default allow := false

        allow if {
        	input.role == "admin"
        	input.age > 17
        }

        allow if {
        	some grant in grants[input.user]
        	grant.action == input.action
        	not is_blocked(input.user)
        }

        grants := {"ann": [{"action": "read"}, {"action": "write"}]}

        is_blocked(user) if {
        	every name in ["bob", "eve"] { name != user }
        	trace(sprintf("checked %s", [user]))
        	user == "mallory"
        } else := true if count([n | some n in [1, 2]; n > 1]) == 2

        pair([x, y]) := x + y

        names contains name if some name, _ in grants
        """

    private static let input: RegoValue = ["role": "admin", "age": 3, "user": "ann", "action": "write"]

    private func events(_ trace: Trace, _ operation: Trace.Operation) -> [String] {
        trace.events.filter { $0.operation == operation }.map {
            "\($0.row) \($0.operation == .note ? $0.message : $0.node)"
        }
    }

    @Test func aTraceShowsWhatFailedAndWhatWasTriedAgain() throws {
        let trace = try Observed.trace(Self.policy, "x = data.app.allow", input: Self.input)
        #expect(
            events(trace, .fail) == [
                "7 input.age > 17", "12 grant.action == input.action", "21 user == \"mallory\"", "22 n > 1",
                "22 count([n | some n in [1, 2]; n > 1]) == 2",
            ])
        #expect(events(trace, .redo) == ["11 some grant in grants[input.user]", "22 some n in [1, 2]"])
        #expect(events(trace, .note) == ["20 checked ann"])
        #expect(trace.events.last?.operation == .exit)
        #expect(!trace.isCut)
    }

    @Test func eventsSayWhatIsAroundThem() throws {
        let trace = try Observed.trace(Self.policy, "x = data.app.allow", input: Self.input)
        var entered: Set<Int> = [0]
        for event in trace.events {
            if event.operation == .enter {
                #expect(entered.contains(event.parent))
                #expect(entered.insert(event.query).inserted)
            }
            #expect(entered.contains(event.query))
        }
        let blocked = try #require(trace.events.first { $0.node == "data.app.is_blocked" })
        #expect(blocked.subject == .rule)
        #expect(blocked.variables == [Trace.Variable(name: "user", value: "ann", isCut: false)])
        let around = try #require(trace.events.first { $0.operation == .enter && $0.query == blocked.parent })
        #expect(around.node == "data.app.allow" && around.row == 10)
    }

    @Test func anExpressionShowsItsValuesOnceItHolds() throws {
        let trace = try Observed.trace(Self.policy, "x = data.app.allow", input: Self.input)
        let grants = trace.events.filter { $0.row == 11 }
        #expect(grants.map(\.operation) == [.eval, .redo])
        #expect(
            grants.map { $0.variables.last?.value } == [["action": "read"], ["action": "write"]])
    }

    @Test func aFailureShowsWhatItsPartsWere() throws {
        let module = """
            package p
            limit := 4
            x if {
            	y := {"k": "v"}
            	count(input.names) + 1 < limit
            }
            z if input.names[1].first in data.blocked
            w if not input.a.b >= input.c
            n if not input.a.b == input.c
            u if input.a.b = input.names
            t if input.off
            missing if input.nothing
            """
        let input: RegoValue = ["names": [1, 2, 3], "a": ["b": 7], "c": 7, "off": false]
        let fails = try Observed.trace(module, "x = data.p", input: input, detail: .fails)
        #expect(
            fails.lines(withVariables: true).filter { $0.contains("Fail") } == [
                "app.rego:5  | | Fail count(input.names) + 1 < limit  "
                    + "{input.names: [1, 2, 3], count(input.names): 3, count(input.names) + 1: 4, data.p.limit: 4}",
                "app.rego:7  | | Fail input.names[1].first in data.blocked",
                "app.rego:8  | | Fail not input.a.b >= input.c  {input.a.b: 7, input.c: 7}",
                "app.rego:9  | | Fail not input.a.b == input.c  {input.a.b: 7, input.c: 7}",
                "app.rego:10 | | Fail input.a.b = input.names  {input.a.b: 7, input.names: [1, 2, 3]}",
                "app.rego:11 | | Fail input.off  {input.off: false}",
                "app.rego:12 | | Fail input.nothing",
            ])
        let local = fails.json.array?.last { $0["location"]?["row"]?.int == 9 }?["locals"]?.array?.first
        #expect(local?["key"] == ["type": "ref", "value": "input.a.b"])
    }

    @Test func rulesThatAProgramWouldPassOverAreSeenToFail() throws {
        var module = "package p\n"
        for number in 0..<20 { module += "allow if { input.role == \"r\(number)\"; input.x }\n" }
        for number in 0..<20 { module += "deny contains \(number) if input.role == \"r\(number)\"\n" }
        let trace = try Observed.trace(module, "x = data.p", input: ["role": "r7", "x": true])
        let fails = events(trace, .fail)
        // Once one has allowed, no more are tried; all of a set are.
        #expect(fails.count == 7 + 19)
        #expect(fails.first == "2 input.role == \"r0\"" && fails.last == "41 input.role == \"r19\"")
        #expect(events(trace, .exit).count == 3)
    }

    @Test func notesAndFailsKeepThePathThatLeadsThere() throws {
        let notes = try Observed.trace(Self.policy, "x = data.app.allow", input: Self.input, detail: .notes)
        #expect(
            notes.lines() == [
                "<query>:1   Enter x = data.app.allow", "app.rego:10 | Enter data.app.allow",
                "app.rego:18 | | Enter data.app.is_blocked", "app.rego:20 | | | Note \"checked ann\"",
            ])
        let fails = try Observed.trace(Self.policy, "x = data.app.allow", input: Self.input, detail: .fails)
        #expect(fails.events.allSatisfy { [.enter, .fail, .note].contains($0.operation) })
        #expect(events(fails, .fail).count == 5)
        #expect(fails.lines()[1...2] == ["app.rego:5  | Enter data.app.allow", "app.rego:7  | | Fail input.age > 17"])
    }

    @Test func argumentsThatDoNotMatchFailAsTheHead() throws {
        let trace = try Observed.trace(Self.policy, "data.app.pair([1, 2, 3]) = x")
        #expect(events(trace, .fail) == ["24 pair([x, y]) := x + y", "1 data.app.pair([1, 2, 3]) = x"])
    }

    @Test func whatIsUnderWithOrNotIsSeen() throws {
        let module = """
            package p
            a if not b
            b if input.x == 1
            c if a with input.x as 1
            d if a with input as {"x": 2}
            """
        let trace = try Observed.trace(module, "data.p.c; data.p.d", input: ["x": 5])
        #expect(events(trace, .fail) == ["2 not b", "4 a with input.x as 1", "1 data.p.c"])
        let other = try Observed.trace(module, "data.p.d; not data.p.c", input: ["x": 5])
        #expect(events(other, .exit).contains("1 data.p.d; not data.p.c"))
    }

    @Test func everyNoteIsSeenAndOtherProgramsGiveTheirsToo() throws {
        let module = "package p\nxs contains x if { some x in [1, 2, 3]; trace(\"same\") }"
        let trace = try Observed.trace(module, "x = data.p.xs", detail: .notes)
        #expect(events(trace, .note) == ["2 same", "2 same", "2 same"])
        var compiler = Compiler()
        try compiler.add(module: module, name: "app.rego")
        let program = try Program(compiler.compile([.entryPoint("p/xs")]))
        #expect(!program.isObserved)
        var options = EvaluationOptions()
        let tracer = Tracer(.notes)
        options.tracer = tracer
        _ = try PreparedQuery(program, entryPoint: "p/xs").evaluate(input: .null, data: [:], options: options)
        #expect(tracer.trace.events.map(\.message) == ["same", "same", "same"])
    }

    @Test func anErrorEndsTheTrace() throws {
        let module = "package p\nx := 1 if input.a\nx := 2 if input.b"
        let trace = try Observed.trace(module, "x = data.p.x", input: ["a": 1, "b": 1])
        let last = try #require(trace.events.last)
        #expect(last.operation == .note)
        #expect(last.message.contains("eval_conflict_error"))
        #expect(events(trace, .exit) == ["2 data.p.x", "3 data.p.x"])
    }

    @Test func theJSONIsOfOPAsShape() throws {
        let trace = try Observed.trace("package p\nx if { y := 1; y > input.z }", "data.p.x", input: ["z": 3])
        let json = try #require(trace.json.array)
        #expect(json.count == trace.events.count)
        let fail = try #require(json.first { $0["op"]?.string == "fail" })
        #expect(fail["type"]?.string == "expr")
        #expect(fail["node"]?.string == "y > input.z")
        #expect(fail["location"] == ["file": "app.rego", "row": 2, "col": 16])
        #expect(fail["query_id"]?.int == 2 && fail["parent_id"]?.int == 1)
        let local = try #require(fail["locals"]?.array?.last)
        #expect(local == ["key": ["type": "var", "value": "y"], "value": ["type": "number", "value": 1]])
    }

    @Test func entryPointsAreWrittenAsReferences() throws {
        var compiler = Compiler()
        try compiler.add(module: "package a[\"b-c\"][\"if\"].contains.not\nx := 1", name: "m.rego")
        let path = "a/b-c/if/contains/not/x"
        let query = Compiler.Query.entryPoint(path)
        #expect(query.text == "result = data.a[\"b-c\"].if.contains[\"not\"].x")
        for isObserved in [false, true] {
            let program = try Program(compiler.compile([query], isObserved: isObserved))
            #expect(try PreparedQuery(program, entryPoint: path).evaluate(input: .null, data: [:]).value == 1)
        }
    }

    // MARK: Hostile

    @Test func theTraceOfARunawayPolicyStaysBounded() throws {
        let module = """
            package p
            n contains [a, b, c] if {
            	some a in numbers.range(1, 300)
            	some b in numbers.range(1, 300)
            	some c in numbers.range(1, 300)
            	trace(sprintf("%d %d %d", [a, b, c]))
            }
            """
        var limits = TraceLimits()
        limits.events = 500
        let trace = try Observed.trace(
            module, "x = data.p.n", limits: limits, evaluation: EvaluationLimits(steps: 200_000, time: .seconds(10)))
        #expect(trace.events.count == 500)
        #expect(trace.isCut)
        #expect(trace.lines().last == "the trace was cut after 500 events")
    }

    @Test func largeValuesAreCutAndBytesAreCounted() throws {
        let module = """
            package p
            x if {
            	big := numbers.range(1, 20000)
            	long := concat("", [sprintf("%d", [i]) | some i in big])
            	some i in big
            	i < 0
            }
            """
        let trace = try Observed.trace(module, "data.p.x", detail: .debug)
        let cut = trace.events.flatMap(\.variables).filter(\.isCut)
        #expect(cut.contains { $0.name == "big" && $0.value.text?.hasPrefix("[1, 2, 3, ") == true })
        #expect(trace.events.flatMap(\.variables).allSatisfy { $0.value.size < 3000 })
        var limits = TraceLimits()
        limits.bytes = 10_000
        let small = try Observed.trace(module, "data.p.x", limits: limits)
        #expect(small.isCut && small.events.count < 80)
    }

    @Test func deepCallsAreIndentedOnlySoFar() throws {
        var module = "package p\nr0 if input.x\n"
        for number in 1...900 { module += "r\(number) if r\(number - 1)\n" }
        let trace = try Observed.trace(module, "data.p.r900", input: ["x": true])
        #expect(trace.events.filter { $0.operation == .enter }.count == 902)
        #expect(trace.lines().allSatisfy { $0.utf8.count < 200 })
    }

    /// Mutations by a fixed seed: what compiles gives the same when it is watched, and events fit together.
    @Test func mutatedPoliciesAreTracedTruthfully() throws {
        var random = SeededRandom(seed: 0x7ACE)
        let original = Array(Self.policy.utf8)
        let alphabet = Array("{}[]().,:;=|\"\n\t x1+<if in not some _".utf8)
        let end = ContinuousClock.now + .milliseconds(1500)
        var options = EvaluationOptions()
        options.limits = EvaluationLimits(steps: 100_000)
        while ContinuousClock.now < end {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                case 1: bytes.remove(at: at)
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 12)], at: at / 2)
                }
            }
            var compiler = Compiler()
            guard (try? compiler.add(module: bytes, name: "app.rego")) != nil,
                let plain = try? compiler.compile([.entryPoint("app")])
            else { continue }
            let observed = try compiler.compile([.entryPoint("app")], isObserved: true)
            let expected = try? PreparedQuery(Program(plain), entryPoint: "app").evaluate(
                input: Self.input, data: [:], options: options)
            let tracer = Tracer(.debug)
            options.tracer = tracer
            options.coverage = CoverageCounter()
            let result = try? PreparedQuery(Program(observed), entryPoint: "app").evaluate(
                input: Self.input, data: [:], options: options)
            #expect(result == expected)
            check(tracer.trace)
            (options.tracer, options.coverage) = (nil, nil)
        }
    }

    /// An expression is evaluated before it fails or is tried again, in the rule or body that is open.
    private func check(_ trace: Trace) {
        var evaluated: [Int: Set<String>] = [:]
        for event in trace.events {
            let place = "\(event.row):\(event.column)"
            switch event.operation {
            case .enter: evaluated[event.query] = []
            case .eval: evaluated[event.query]?.insert(place)
            case .fail, .redo: #expect(evaluated[event.query]?.contains(place) == true)
            case .exit, .note: #expect(evaluated[event.query] != nil)
            }
        }
        #expect(trace.lines(withVariables: true).count == trace.events.count)
    }
}
