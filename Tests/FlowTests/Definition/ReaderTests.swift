import Core
import Flow
import JSON
import Testing

/// Reads a workflow from text.
func workflow(_ text: String) throws -> Workflow { try WorkflowReader.read(Array(text.utf8), file: "test.yaml") }

/// What a file that is read becomes.
@Suite struct ReaderTests {
    static let full = """
        name: upgrade
        title: Upgrade
        summary: Does it.
        phrases: ["upgrade {repository}"]
        on:
          schedule:
            - {cron: "0 7 * * mon", timezone: Europe/Berlin}
            - {cron: "5 4 * * *"}
          webhook:
          push: {branches: [main], paths: ["src/**"]}
          alert: {severity: high}
        inputs:
          repository: {type: string, required: true, description: A folder}
          depth: {type: number, default: 3, enum: [1, 2, 3]}
          options: {type: object, default: {text: "${{ not an expression }}"}}
        concurrency: {group: "${{ inputs.repository }}", policy: skip}
        timeout: 2h
        steps:
          - id: look
            uses: scan.assess
            target: "repo:${{ inputs.repository }}"
            with: {path: "${{ inputs.repository }}", history: true, max_findings: 5}
            outputs: {urgent: "${{ result.counts.now }}"}
            retry: {attempts: 3, delay: 2s, factor: 1.5, max_delay: 1m, jitter: 0}
            timeout: 10m
            on_error: undo
          - id: agree
            if: steps.look.outputs.urgent > 0
            approval:
              message: "Fix ${{ steps.look.outputs.urgent }}?"
              details: ["${{ steps.look.outputs }}"]
              roles: [lead]
              quorum: 2
              expires: 4h
              on_timeout: continue
              on_deny: undo
          - id: rest
            wait_for: {time: 10m}
          - id: event
            wait_for: {event: deployed, if: "event.ok", timeout: 1d}
          - id: each
            for_each: [1, 2]
            max_parallel: 2
            workflow: other
            with: {n: "${{ item }}"}
            needs: [look]
            undo: none
          - id: fix
            uses: scan.fix
            with: {path: x}
            needs: each
            undo: {uses: scan.apply_fix, with: {path: "${{ inputs.repository }}"}}
        outputs:
          fixed: ${{ steps.fix.state == 'succeeded' }}
        """

    @Test func theWholeFormat() throws {
        let flow = try workflow(Self.full)
        #expect(flow.name == "upgrade" && flow.title == "Upgrade" && flow.summary == "Does it.")
        #expect(flow.phrases == ["upgrade {repository}"])
        #expect(
            flow.triggers == [
                .schedule(cron: "0 7 * * mon", timeZone: "Europe/Berlin"),
                .schedule(cron: "5 4 * * *", timeZone: "UTC"), .webhook, .push(branches: ["main"], paths: ["src/**"]),
                .alert(severity: "high"),
            ])
        #expect(flow.inputs.map(\.name) == ["repository", "depth", "options"])
        #expect(flow.inputs[0].isRequired && flow.inputs[0].kind == .string && flow.inputs[0].summary == "A folder")
        #expect(flow.inputs[1].fallback == 3 && flow.inputs[1].choices == [1, 2, 3])
        #expect(flow.inputs[2].fallback == ["text": "${{ not an expression }}"])
        #expect(flow.concurrency?.policy == .skip && flow.timeout == .seconds(7200))
        #expect(flow.steps.map(\.id) == ["look", "agree", "rest", "event", "each", "fix"])
        #expect(flow.steps.map(\.needs) == [[], ["look"], ["agree"], ["rest"], ["look"], ["each"]])
        #expect(flow.outputs.map(\.name) == ["fixed"])
    }

    @Test func everyKindOfStep() throws {
        let steps = try workflow(Self.full).steps
        guard case .action(let look) = steps[0].kind, case .approval(let agree) = steps[1].kind,
            case .workflow("other", let inputs) = steps[4].kind, case .action(let back) = steps[5].undo
        else {
            Issue.record("wrong kinds")
            return
        }
        #expect(look.tool == "scan.assess" && look.target?.source == "repo:${{ inputs.repository }}")
        #expect(look.arguments.source == ["path": "${{ inputs.repository }}", "history": true, "max_findings": 5])
        #expect(
            steps[0].retry
                == Retry(attempts: 3, delay: .seconds(2), factor: 1.5, longestDelay: .seconds(60), jitter: 0))
        #expect(steps[0].timeout == .seconds(600) && steps[0].onError == .undo)
        #expect(agree.roles == ["lead"] && agree.quorum == 2 && agree.expires == .seconds(4 * 3600))
        #expect(agree.onTimeout == .continue && agree.onDeny == .undo)
        #expect(steps[1].condition?.source == "steps.look.outputs.urgent > 0")
        #expect(steps[2].kind == .wait(.time(.seconds(600))))
        #expect(
            steps[3].kind
                == .wait(.event(name: "deployed", condition: try Expression("event.ok"), timeout: .seconds(86_400))))
        #expect(inputs.source == ["n": "${{ item }}"] && steps[4].undo == .none)
        #expect(steps[4].forEach?.items.constant == [1, 2] && steps[4].forEach?.concurrency == 2)
        #expect(back.tool == "scan.apply_fix" && steps[5].retry == .once && steps[5].undo != .byTool)
    }

    @Test func theVersionIsTheHashOfTheBytes() throws {
        let text = "name: a\nsteps: [{id: x, wait_for: {time: 1s}}]\n"
        // By sha256sum.
        #expect(
            try workflow(text).version == "sha256:8f5186b855f517612a05ce82a59adc596293d8f8d43e20dfcbf2c9a19abe7ed3")
        #expect(try workflow(text + "\n").version != workflow(text).version)
    }

    @Test func jsonIsYAMLToo() throws {
        let flow = try workflow(
            #"{"name": "a", "steps": [{"id": "x", "uses": "a.b", "with": {"n": 1e2, "t": "1", "u": "\u00e9 ${{ 1 }}"}}]}"#
        )
        guard case .action(let action) = flow.steps[0].kind else {
            Issue.record("no action")
            return
        }
        #expect(action.arguments.source["t"] == "1" && action.arguments.source["n"]?.int == 100)
        #expect(try action.arguments.evaluate(in: Scope())["u"] == "é 1")
    }

    @Test func scalarsAreWhatJSONSaysOfThem() throws {
        let flow = try workflow(
            """
            name: a
            steps:
              - id: x
                uses: a.b
                with: {a: yes, b: 010, c: 0x1F, d: 2026-11-20, e: ~, f: "true", g: true, h: -1.5e3, i: 1_000, j: .5}
            """)
        guard case .action(let action) = flow.steps[0].kind else {
            Issue.record("no action")
            return
        }
        let number = try JSON.parse("-1.5e3")
        #expect(
            action.arguments.source == [
                "a": "yes", "b": "010", "c": "0x1F", "d": "2026-11-20", "e": .null, "f": "true", "g": true,
                "h": number, "i": "1_000", "j": ".5",
            ])
    }

    @Test func aConditionMayStandInBracesOrNot() throws {
        for written in ["1 == 1", "${{ 1 == 1 }}", "\"${{ 1 == 1 }}\"", "true"] {
            let flow = try workflow(
                "name: a\nsteps: [{id: x, wait_for: {time: 1s}, if: \(written.first == "\"" ? written : "'\(written)'")}]"
            )
            #expect(try flow.steps[0].condition?.holds(in: Scope()) == true, "\(written)")
        }
    }
}
