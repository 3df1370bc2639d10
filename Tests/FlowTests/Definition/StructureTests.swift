import Flow
import JSON
import Testing

/// What a file refers to within itself.
@Suite struct StructureTests {
    private let wait = "wait_for: {time: 1s}"

    private func found(_ steps: String, more: String = "") throws -> [String] {
        try problems("name: a\ninputs: {repository: {}}\n\(more)\nsteps:\n\(steps)").problems.map(\.description)
    }

    @Test func anIDIsTakenOnce() throws {
        let found = try found("  - {id: x, \(wait)}\n  - {id: x, \(wait)}")
        #expect(found == ["6:5: step x: the id is taken by the step in line 5; give each step an id of its own"])
    }

    @Test func whatIsNeededIsThereAndStandsBefore() throws {
        let unknown = try found("  - {id: look, \(wait)}\n  - {id: y, \(wait), needs: [lok]}")
        #expect(unknown == ["6:5: step y: needs \"lok\", which is no step; did you mean \"look\"?"])
        let later = try found("  - {id: x, \(wait), needs: y}\n  - {id: y, \(wait), needs: []}")
        #expect(later.first?.contains("needs \"y\", which stands after it") == true)
    }

    @Test func aCircleIsToldWithItsWay() throws {
        let circle = try found("  - {id: x, \(wait), needs: z}\n  - {id: y, \(wait)}\n  - {id: z, \(wait)}")
        #expect(circle.first?.contains("waits for itself: x → z → y → x") == true, "\(circle)")
        let own = try found("  - {id: x, \(wait), needs: x}")
        #expect(own.first?.contains("waits for itself: x → x") == true, "\(own)")
    }

    @Test(arguments: [
        ("${{ inputs.repo }}", "there is no input \"repo\"", "there are repository"),
        ("${{ inputs.repositry }}", "there is no input \"repositry\"", "did you mean \"repository\"?"),
        ("${{ steps.lok.state }}", "there is no step \"lok\"", "did you mean \"look\"?"),
        ("${{ steps.later.state }}", "step \"later\" does not come before this one", "add it to needs"),
        ("${{ steps.side.state }}", "step \"side\" does not come before this one", "add it to needs"),
        ("${{ steps.own.state }}", "a step cannot read itself", "its answer is result"),
        ("${{ steps.look.output }}", "steps.look has no \"output\"", "did you mean \"outputs\"?"),
        ("${{ steps.look.outputs.urgnt }}", "steps.look.outputs has no \"urgnt\"", "did you mean \"urgent\"?"),
        ("${{ toJSON(steps) }}", "a step is read by its name", "write steps.ID"),
        ("${{ steps[inputs.repository].state }}", "a step is read by its name", "write steps.ID"),
        ("${{ item }}", "\"item\" means something in a step with for_each only", ""),
        ("${{ index }}", "\"index\" means something in a step with for_each only", ""),
        ("${{ result.x }}", "\"result\" means something in a step's outputs only", ""),
        ("${{ run.started_by }}", "run has no \"started_by\"", ""),
    ])
    func whatAnExpressionReadsIsThere(_ expression: String, _ message: String, _ hint: String) throws {
        let found = try problems(
            """
            name: a
            inputs: {repository: {}}
            steps:
              - {id: look, uses: a.b, outputs: {urgent: "${{ result.n }}"}}
              - {id: side, \(wait), needs: look}
              - {id: own, uses: a.b, needs: look, with: {p: "\(expression)"}}
              - {id: later, \(wait)}
            """)
        #expect(found.problems.count == 1)
        #expect(found.problems.first?.message.contains(message) == true, "\(found.problems)")
        if !hint.isEmpty { #expect(found.problems.first?.hint?.contains(hint) == true, "\(found.problems)") }
        #expect(found.problems.first?.place.line == 6)
        #expect(found.problems.first.map { $0.place.column > 5 } == true, "at the expression")
    }

    @Test func whatMayBeReadWhere() throws {
        _ = try workflow(
            """
            name: a
            inputs: {list: {type: array, default: []}}
            concurrency: {group: "${{ inputs.list }}${{ run.id }}${{ event.x }}"}
            steps:
              - {id: look, uses: a.b, outputs: {urgent: "${{ result.n }}", again: "${{ result }}"}}
              - {id: mid, \(wait)}
              - id: each
                for_each: ${{ steps.look.outputs.urgent }}
                uses: a.b
                target: "x:${{ item.id }}"
                with: {p: "${{ item }}", i: "${{ index }}", s: "${{ steps.look.error }}"}
                outputs: {x: "${{ result.x }}${{ item }}"}
                undo: {uses: a.c, with: {p: "${{ item }}"}}
              - {id: read, uses: a.b, with: {p: "${{ steps.each.outputs[0].x }}${{ steps.each.outputs.y }}"}}
            outputs: {all: "${{ steps.each.outputs }}"}
            """)
        let loops = try found(
            "  - {id: x, uses: a.b, for_each: [1], if: item}\n  - {id: y, uses: a.b, for_each: '${{ item }}'}")
        #expect(loops.count == 2 && loops.allSatisfy { $0.contains("\"item\" means something") })
        let whole = try found(
            "  - {id: x, \(wait)}",
            more: "concurrency: {group: '${{ steps.x.state }}'}\noutputs: {a: '${{ item }}', b: '${{ steps.y.state }}'}"
        )
        #expect(whole.count == 3, "\(whole)")
        #expect(whole.contains { $0.contains("no step has run when this is worked out") })
    }

    @Test func phrasesNameInputs() throws {
        let found = try found("  - {id: x, \(wait)}", more: "phrases: ['do {repositry}', 'do {repository}', 'do {it']")
        #expect(found.count == 2)
        #expect(
            found.contains { $0.contains("did you mean {repository}?") } && found.contains { $0.contains("not closed") }
        )
    }

    @Test func anApprovalAsksSomebody() throws {
        let found = try found("  - {id: x, approval: {message: m, roles: []}}")
        #expect(found.first?.contains("asks nobody") == true)
    }

    @Test func thereAreSoManyStepsAtTheMost() throws {
        func steps(_ count: Int) -> String { (0..<count).map { "  - {id: s\($0), \(wait)}\n" }.joined() }
        #expect(try workflow("name: a\nsteps:\n\(steps(500))").steps.count == 500)
        #expect(try found(steps(501)).first?.contains("one more than the 500") == true)
        let groups = (0..<20).map { group in
            "  - id: g\(group)\n    parallel:\n" + (0..<25).map { "      - {id: g\(group)s\($0), \(wait)}\n" }.joined()
        }
        #expect(try found(groups.joined()).first?.contains("there are 520") == true)
    }
}
