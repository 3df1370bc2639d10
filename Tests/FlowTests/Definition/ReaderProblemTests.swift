import Core
import Flow
import JSON
import Testing

/// The problems of a text; fails where there are none.
func problems(_ text: String) throws -> WorkflowProblems {
    try #require(throws: WorkflowProblems.self) { try WorkflowReader.read(Array(text.utf8), file: "test.yaml") }
}

/// What is wrong with the form of a file.
@Suite struct ReaderProblemTests {
    private func steps(_ step: String) -> String { "name: a\nsteps:\n  - \(step)\n" }

    @Test(arguments: [
        ("{id: x, uses: a.b, wiht: {}}", "3:24: steps[0].wiht: unknown key; did you mean \"with\"?"),
        ("{uses: a.b}", "3:5: steps[0].id: the key is required"),
        (
            "{id: x}",
            "3:5: steps[0]: exactly one of uses, approval, wait_for, workflow, parallel belongs here: there is none of them"
        ),
        ("{id: x, uses: a.b, workflow: c}", "there are uses and workflow"),
        ("{id: x, wait_for: {time: 1s}, retry: {attempts: 2}}", "3:35: steps[0].retry: says nothing beside wait_for"),
        ("{id: x, wait_for: {time: 1s, if: 'true'}}", "steps[0].wait_for.if: says nothing beside time"),
        ("{id: 1x, uses: a.b}", "\"1x\" is no name here"), ("{id: x, uses: scan}", "\"scan\" is no name here"),
        ("{id: x, wait_for: {time: 5 parsecs}}", "3:30: steps[0].wait_for.time: \"5 parsecs\" is not a duration"),
        ("{id: x, uses: a.b, timeout: 0}", "the duration lies outside 1s to 366d"),
        ("{id: x, uses: a.b, on_error: undoo}", "is none of fail, continue, undo; did you mean \"undo\"?"),
        ("{id: x, uses: a.b, retry: {attempts: 0}}", "lies outside 1 to 100"),
        ("{id: x, uses: a.b, retry: {attempts: '2'}}", "a whole number is expected"),
        ("{id: x, uses: a.b, retry: {attempts: 2, jitter: 1.5}}", "lies outside 0 to 1"),
        ("{id: x, uses: a.b, with: [1]}", "a mapping, or an expression that yields one, is expected here, not a list"),
        ("{id: x, uses: a.b, for_each: 3}", "a list, or an expression that yields one, is expected"),
        ("{id: x, uses: a.b, max_parallel: 3}", "says nothing without for_each"),
        ("{id: x, uses: a.b, if: 'a ${{ 1 }}'}", "one expression and nothing else"),
        ("{id: x, uses: a.b, undo: never}", "is none of none"), ("[1]", "a mapping is expected here, not a list"),
    ])
    func isToldWithItsPlaceAndANextStep(_ step: String, _ words: String) throws {
        let found = try problems(steps(step))
        #expect(found.problems.contains { $0.description.contains(words) }, "\(found.problems)")
        #expect(found.problems.allSatisfy { $0.place.line > 0 && $0.place.column > 0 })
    }

    @Test func anExpressionsProblemIsAtItsOwnColumn() throws {
        for (text, line, column) in [
            ("name: a\nsteps:\n  - {id: x, uses: a.b, with: {p: \"é ${{ lenght(1) }}\"}}", 3, 41),
            ("name: a\nsteps:\n  - {id: x, uses: a.b, if: lenght(1)}", 3, 28),
            (
                "name: a\nsteps:\n  - id: x\n    uses: a.b\n    with:\n      p: |\n        one\n        ${{ lenght(1) }}\n",
                6, 10
            ),
        ] {
            let found = try problems(text)
            #expect(found.problems.map(\.place) == [Place(line: line, column: column)], "\(found.problems)")
            #expect(found.problems.first?.hint == "did you mean \"length\"?")
        }
    }

    @Test func allAreToldAndNotTheFirstOnly() throws {
        let found = try problems(
            """
            nam: a
            on: {schedule: {cron: "0 7 * *", timezone: "a b"}, pull: {}}
            inputs: {1x: {}, y: {type: text, colour: red}}
            steps:
              - {id: x, uses: a.b, with: {p: "${{ inputs. }}", q: "${{ }}"}}
              - {id: "", uses: a.b}
            """)
        let told = found.problems.map(\.path)
        for path in [
            "name", "nam", "on.schedule.timezone", "on.pull", "inputs.1x", "inputs.y.type", "inputs.y.colour",
            "steps[0].with.p", "steps[0].with.q", "steps[1].id",
        ] {
            #expect(told.contains(path), "\(path) in \(told)")
        }
        #expect(
            found.problems
                == found.problems.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) })
        #expect(found.failure.message.contains("test.yaml:1:1: nam: unknown key; did you mean \"name\"?"))
    }

    @Test func theirNumberIsBounded() throws {
        let keys = (0..<80).map { "key\($0): 1" }.joined(separator: "\n")
        let found = try problems("name: a\nsteps: [{id: x, wait_for: {time: 1s}}]\n\(keys)")
        #expect(found.problems.count == 50 && found.suppressed == 30)
        #expect(found.failure.message.contains("80 problems") && found.failure.message.contains("and 30 more"))
    }

    @Test(arguments: [
        ("", "the file is empty"), ("# nothing\n", "the file is empty"), ("~", "the file is empty"),
        ("- a", "a mapping is expected"),
        ("name: [", "did not find"), ("name: a\nname: b\nsteps: []", "the key occurs twice"),
        ("name: !ruby/object x\nsteps: []", "the tag"), ("name: a\n<<: {}\nsteps: []", "merge keys"),
        ("name: a\nsteps: []", "there are none"), ("name: A b\nsteps: []", "\"A b\" is no name here"),
    ])
    func whatIsNoDocumentIsRefused(_ text: String, _ words: String) throws {
        let found = try problems(text)
        #expect(found.failure.message.contains(words), "\(found.failure)")
        #expect(found.failure.code == .invalid)
    }

    @Test func bombsAreDefused() throws {
        var laughs = "name: a\nx0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1..<12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ", ")
            laughs += "x\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try problems(laughs).failure.message.contains("more than 50000 values"))
        let deep = "name: a\nsteps: " + String(repeating: "[", count: 5000)
        #expect(try problems(deep).failure.message.contains("nested too deeply"))
        let large = "name: a\nsummary: " + String(repeating: "x", count: 1 << 20)
        #expect(try problems(large).failure.message.contains("larger than 1048576 bytes"))
        let found = #expect(throws: WorkflowProblems.self) { try WorkflowReader.read([0x6E, 0xFF], file: "t") }
        #expect(found?.failure.message.contains("UTF-8") == true)
    }

    @Test func inputsHoldTogether() throws {
        let found = try problems(
            """
            name: a
            inputs:
              a: {type: number, default: x}
              b: {enum: [u, v], default: w}
              c: {required: true, default: x}
              d: {type: boolean, enum: [true, 1]}
            on: {schedule: [{cron: "0 7 * *"}]}
            steps: [{id: x, wait_for: {time: 1s}}]
            """)
        #expect(
            found.problems.map { "\($0.place.line) \($0.path)" } == [
                "3 inputs.a.default", "4 inputs.b.default", "5 inputs.c.required", "6 inputs.d.enum[1]",
                "7 on.schedule[0].cron",
            ], "\(found.problems)")
    }
}
