import Flow
import JSON
import Testing

/// Groups, laid flat.
@Suite struct ParallelTests {
    private func needs(_ steps: String) throws -> [String: [String]] {
        let flow = try workflow("name: a\nsteps:\n\(steps)")
        return Dictionary(uniqueKeysWithValues: flow.steps.map { ($0.id, $0.needs) })
    }

    @Test func whatStandsInAGroupBeginsTogetherAndIsJoined() throws {
        let needs = try needs(
            """
              - {id: before, wait_for: {time: 1s}}
              - id: group
                parallel:
                  - {id: a, wait_for: {time: 1s}}
                  - - {id: b, wait_for: {time: 1s}}
                    - {id: c, wait_for: {time: 1s}}
                  - {id: d, wait_for: {time: 1s}, needs: a}
              - {id: after, wait_for: {time: 1s}}
            """)
        #expect(
            needs == [
                "before": [], "a": ["before"], "b": ["before"], "c": ["b"], "d": ["a", "before"],
                "group": ["c", "d"], "after": ["group"],
            ])
    }

    @Test func groupsNest() throws {
        let needs = try needs(
            """
              - id: outer
                parallel:
                  - - id: inner
                      parallel: [{id: a, wait_for: {time: 1s}}, {id: b, wait_for: {time: 1s}}]
                    - {id: c, wait_for: {time: 1s}}
                  - {id: d, wait_for: {time: 1s}}
            """)
        #expect(
            needs == ["a": [], "b": [], "inner": ["a", "b"], "c": ["inner"], "d": [], "outer": ["c", "d"]])
    }

    @Test func anEmptyGroupPassesOn() throws {
        let needs = try needs(
            "  - {id: a, wait_for: {time: 1s}}\n  - {id: g, parallel: []}\n  - {id: b, wait_for: {time: 1s}}")
        #expect(needs == ["a": [], "g": ["a"], "b": ["g"]])
    }

    /// Steps with conditions of their own are asked for them whatever became of those before: the group's comes first.
    @Test func aGroupsConditionHoldsForAllThatIsInIt() throws {
        let flow = try workflow(
            """
            name: a
            inputs: {deep: {type: boolean}}
            steps:
              - id: g
                if: inputs.deep
                parallel:
                  - {id: a, wait_for: {time: 1s}}
                  - - {id: b, wait_for: {time: 1s}, if: always()}
                    - {id: c, wait_for: {time: 1s}, if: "always() || inputs.deep"}
            """)
        let steps = Dictionary(uniqueKeysWithValues: flow.steps.map { ($0.id, $0) })
        #expect(flow.steps.map(\.id) == ["g.start", "a", "b", "c", "g"])
        #expect(steps["g.start"]?.kind == .join && steps["g.start"]?.condition?.source == "inputs.deep")
        #expect(steps["a"]?.needs == ["g.start"] && steps["a"]?.condition == nil)
        for (state, wanted) in [("skipped", false), ("succeeded", true)] {
            let scope = Scope(["inputs": [:], "steps": ["g.start": ["state": .string(state)]]])
            #expect(try steps["b"]?.condition?.holds(in: scope) == wanted)
            #expect(try steps["c"]?.condition?.holds(in: scope) == wanted)
        }
        let written = try #require(steps["c"]?.condition)
        #expect(try Expression(written.source).evaluate(in: Scope(["steps": [:]])) == false)
    }
}
