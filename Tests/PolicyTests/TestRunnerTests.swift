import JSON
import Policy
import Rego
import Synchronization
import Testing

@Suite struct TestRunnerTests {
    static let policy = """
        package app

        default allow := false

        allow if "admin" in input.roles

        allow if {
            input.method == "GET"
            data.public[input.path]
        }

        never if input.method == "BREW"
        """

    static func tests(_ text: String, data: RegoValue = ["public": ["/": true]]) throws -> PolicyTests {
        try PolicyTests(
            modules: [
                PolicyModule(path: "app.rego", text: policy),
                PolicyModule(path: "app_test.rego", text: "package app_test\n\nimport data.app\n\n" + text),
            ], data: data)
    }

    static func run(
        _ text: String, _ options: PolicyTests.Options = PolicyTests.Options()
    ) async throws -> PolicyTestReport {
        try await tests(text).run(options)
    }

    @Test func whatIsDefinedAndNotFalsePasses() async throws {
        let report = try await Self.run(
            """
            test_admin if app.allow with input.roles as ["admin"]

            test_public if app.allow with input as {"method": "GET", "path": "/", "roles": []}

            test_value := 7

            test_mocked if app.allow with input as {"method": "GET", "path": "/x"} with data.public as {"/x": true}

            test_undefined if app.allow == 3

            test_false := false

            todo_test_later if false

            helper if false

            test_function(x) := x
            """)
        #expect(
            report.results.map(\.test.name) == [
                "test_admin", "test_public", "test_value", "test_mocked", "test_undefined", "test_false",
                "todo_test_later",
            ])
        #expect(
            report.results.map(\.outcome) == [.passed, .passed, .passed, .passed, .failed, .failed, .skipped])
        #expect((report.passed, report.failed, report.skipped, report.errors) == (4, 2, 1, 0))
        #expect(!report.isGood)
        #expect(report.results[0].test.id == "data.app_test.test_admin")
        #expect(report.results[0].test.row == 5)
        #expect(report.results[0].duration > .zero)
    }

    @Test func aFailureNamesItsExpression() async throws {
        let report = try await Self.run(
            """
            test_two_lines if {
                count([1, 2]) == 2
                x := 3
                x == 4
            }
            """)
        let failure = try #require(report.results[0].failure)
        #expect(failure.text == "x == 4")
        #expect((failure.file, failure.row) == ("app_test.rego", 8))
        #expect(failure.variables == ["x: 3"])
    }

    @Test func rulesOfOneNameAreTestsOfTheirOwn() async throws {
        let report = try await Self.run("test_a if true\ntest_a if false\ntest_a if true")
        #expect(report.results.map(\.test.name) == ["test_a", "test_a#01", "test_a#02"])
        #expect(report.results.map(\.hasPassed) == [true, false, true])
    }

    @Test func eachKeyIsACase() async throws {
        let report = try await Self.run(
            """
            test_cases[note] if {
                some note, tc in {
                    "one": {"roles": ["admin"], "allowed": true},
                    "two": {"roles": ["guest"], "allowed": true},
                    "three": {"roles": [], "allowed": false},
                }
                app.allow == tc.allowed with input.roles as tc.roles
            }

            test_good[tc.note] if {
                some tc in [{"note": "x", "n": 1}, {"note": "y", "n": 2}]
                tc.n > 0
            }

            test_none[x] if some x in []
            """)
        #expect(report.results.map(\.outcome) == [.failed, .passed, .failed])
        #expect(report.results[0].cases.map(\.key) == ["one", "three", "two"])
        #expect(report.results[0].cases.map(\.hasPassed) == [true, true, false])
        #expect(report.results[1].cases.map(\.key) == ["x", "y"])
        let json = report.json[0]
        #expect(json?["sub_results"]?["two"]?["fail"]?.bool == true)
        #expect(json?["sub_results"]?["one"] == [:])
    }

    @Test func errorsAndOutputAreReported() async throws {
        let report = try await Self.run(
            """
            test_conflict if f(1) == 1

            f(_) := 1

            f(_) := 2

            test_prints if {
                print("hello", input.x)
                true
            }
            """)
        guard case .error(let error) = report.results[0].outcome else {
            Issue.record("\(report.results[0].outcome)")
            return
        }
        #expect(error.code == .conflict)
        #expect(report.results[1].output == ["hello <undefined>"])
        #expect(report.json[0]?["error"]?["code"]?.string == "eval_conflict_error")
        #expect(report.json[1]?["output"]?.string == "aGVsbG8gPHVuZGVmaW5lZD4K")
        #expect(report.json[1]?["package"]?.string == "data.app_test")
    }

    @Test func aTestThatDoesNotEndIsStopped() async throws {
        var options = PolicyTests.Options()
        options.timeout = .milliseconds(50)
        let report = try await Self.run(
            """
            test_endless if {
                some a in numbers.range(1, 100000)
                some b in numbers.range(1, 100000)
                some c in numbers.range(1, 100000)
                a + b + c < 0
            }

            test_after if true
            """, options)
        guard case .error(let error) = report.results[0].outcome else {
            Issue.record("\(report.results[0].outcome)")
            return
        }
        #expect(error.code == .limit)
        #expect(report.results[1].hasPassed)
    }

    @Test func onlyWhatIsWantedRunsInOrderWhateverTheWorkers() async throws {
        let text = (0..<40).map { "test_\($0) if \($0) != 21" }.joined(separator: "\n")
        var options = PolicyTests.Options()
        options.workers = 8
        options.isWanted = { $0.hasSuffix("1") }
        let names = Names()
        let report = try await Self.tests(text).run(options) { names.add($0.test.name) }
        #expect(report.results.map(\.test.name) == ["test_1", "test_11", "test_21", "test_31"])
        #expect(names.all == report.results.map(\.test.name))
        #expect(report.failed == 1)
    }

    @Test func coverageTellsTheTruth() async throws {
        var options = PolicyTests.Options()
        options.countsCoverage = true
        let report = try await Self.run("test_admin if app.allow with input.roles as [\"admin\"]", options)
        let coverage = try #require(report.coverage)
        #expect(coverage.files.keys.sorted() == ["app.rego"])
        let rows = try #require(coverage.files["app.rego"]).notCoveredRows
        #expect(rows.contains(12), "what no test reaches at all: \(rows)")
        #expect(!rows.contains(5))
        #expect(coverage.percentage < 100)
    }

    @Test func aTraceOfWhatFails() async throws {
        var options = PolicyTests.Options()
        options.trace = .full
        let report = try await Self.run("test_no if app.never\ntest_yes if true", options)
        #expect(report.results[0].trace?.events.contains { $0.node.contains("never") } == true)
        #expect(report.results[1].trace == nil)
    }

    @Test func everythingThatIsWrongIsReported() {
        #expect {
            _ = try PolicyTests(modules: [
                PolicyModule(path: "a.rego", text: "package a\np if {"), PolicyModule(path: "b.rego", text: "pakage b"),
            ])
        } throws: { error in (error as? RegoErrors)?.errors.map(\.file) == ["a.rego", "b.rego"] }
        #expect(throws: RegoErrors.self) { try Self.tests("test_unsafe if x == 1") }
    }

    @Test func aCancelledRunEnds() async throws {
        let tests = try Self.tests("test_a if count([x | some x in numbers.range(1, 10000000)]) > 0")
        let task = Task { try await tests.run() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

private final class Names: Sendable {
    private let names = Mutex<[String]>([])
    var all: [String] { names.withLock { $0 } }
    func add(_ name: String) { names.withLock { $0.append(name) } }
}
