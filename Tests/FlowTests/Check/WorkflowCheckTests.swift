import Core
import Flow
import Gate
import JSON
import Testing

/// What is wrong with a workflow where it is to run.
@Suite struct WorkflowCheckTests {
    private static let assess = ToolDescriptor(
        id: "scan.assess", title: "t", summary: "s", effect: .read,
        arguments: [
            "type": "object", "required": ["path"], "additionalProperties": false,
            "properties": [
                "path": ["type": "string", "minLength": 1], "most": ["type": "integer", "maximum": 10],
                "with": ["type": "array", "items": ["enum": ["a", "b"]], "maxItems": 2],
                "options": ["type": "object", "required": ["x"], "properties": ["x": ["type": "boolean"]]],
            ],
        ])
    private static let open = ToolDescriptor(id: "any.thing", title: "t", summary: "s", effect: .read)

    private func found(_ with: String, tool: String = "scan.assess") throws -> [String] {
        let flow = try workflow(
            "name: a\ninputs: {p: {}}\nsteps:\n  - id: x\n    uses: \(tool)\n    with: \(with)\n")
        return WorkflowCheck(tools: [Self.assess, Self.open]).problems(in: flow).map(\.description)
    }

    @Test(arguments: [
        "{path: x}",
        "{path: '${{ inputs.p }}', most: '${{ 1 }}', with: ['${{ inputs.p }}', a], options: {x: '${{ true }}'}}",
        "{path: 'a ${{ inputs.p }}'}", "${{ inputs.p }}", "{path: x, with: '${{ inputs.p }}'}",
    ])
    func whatMayBeRightIsNotRefused(_ with: String) throws { #expect(try found(with) == []) }

    @Test(arguments: [
        ("{}", "argument \"path\" of scan.assess is missing"),
        ("{path: x, mots: 1}", "argument \"mots\" of scan.assess is unknown; did you mean \"most\"?"),
        ("{path: 5}", "argument \"path\" of scan.assess is to be string, not number"),
        ("{path: ''}", "argument \"path\" of scan.assess needs at least 1 characters"),
        ("{path: x, most: 11}", "is to be at most 10"),
        ("{path: x, most: 'n ${{ 1 }}'}", "argument \"most\" of scan.assess is to be integer"),
        ("{path: x, with: [a, c]}", "argument \"with[1]\" of scan.assess is none of"),
        ("{path: x, with: ['${{ 1 }}', c]}", "argument \"with[1]\" of scan.assess is none of"),
        ("{path: x, with: [a, a, a]}", "takes at most 2 elements"),
        ("{path: x, options: {y: '${{ 1 }}'}}", "argument \"options.x\" of scan.assess is missing"),
        ("{path: x, options: {x: 1}}", "argument \"options.x\" of scan.assess is to be boolean"),
        ("{path: {a: '${{ 1 }}'}}", "argument \"path\" of scan.assess is to be string, not object"),
        ("{path: ['${{ 1 }}']}", "argument \"path\" of scan.assess is to be string, not array"),
    ])
    func constantArgumentsAreCheckedByTheToolsSchema(_ with: String, _ words: String) throws {
        let found = try found(with)
        #expect(found.count == 1 && found.first?.contains(words) == true, "\(found)")
        #expect(found.first?.hasPrefix("4:5: step x: ") == true)
    }

    @Test func toolsAreThere() throws {
        #expect(
            try found("{}", tool: "scan.asess") == [
                "4:5: step x: there is no tool \"scan.asess\"; did you mean \"scan.assess\"?"
            ])
        #expect(try found("{whatever: 1}", tool: "any.thing") == [])
        let undo = try workflow("name: a\nsteps: [{id: x, uses: any.thing, undo: {uses: any.thin}}]")
        #expect(WorkflowCheck(tools: [Self.open]).problems(in: undo).count == 1)
        #expect(WorkflowCheck().problems(in: undo) == [])
    }

    // MARK: Other workflows

    private func sub(_ name: String, _ step: String, inputs: String = "{}") throws -> Workflow {
        try workflow("name: \(name)\ninputs: \(inputs)\nsteps:\n  - {id: x, \(step)}")
    }

    @Test func otherWorkflowsAreThereAndTakeWhatTheyAreGiven() throws {
        let other = try sub(
            "other", "wait_for: {time: 1s}", inputs: "{n: {type: number, required: true}, t: {enum: [u]}}")
        for (step, words) in [
            ("workflow: othre", "there is no workflow \"othre\"; did you mean \"other\"?"),
            ("workflow: other", "other needs the input \"n\""),
            ("workflow: other, with: {n: x}", "is to be number, not a text"),
            ("workflow: other, with: {n: 1, t: v}", "is none of"),
            ("workflow: other, with: {n: 1, m: 1}", "has no input \"m\""),
        ] {
            let found = WorkflowCheck(workflows: [other]).problems(in: try sub("a", step)).map(\.description)
            #expect(found.count == 1 && found.first?.contains(words) == true, "\(found)")
        }
        for step in ["workflow: other, with: {n: '${{ 1 }}', t: u}", "workflow: other, with: '${{ event.x }}'"] {
            #expect(WorkflowCheck(workflows: [other]).problems(in: try sub("a", step)) == [])
        }
    }

    @Test func noWorkflowRunsItself() throws {
        let (a, b, c) = (try sub("a", "workflow: b"), try sub("b", "workflow: c"), try sub("c", "workflow: a"))
        let found = WorkflowCheck(workflows: [a, b, c]).problems(in: a)
        #expect(found.first?.message == "the workflow would run itself: a → b → c → a")
        let own = try sub("own", "workflow: own")
        #expect(WorkflowCheck(workflows: [a, b, c]).problems(in: own).first?.message.hasSuffix("own → own") == true)
        let (d, e) = (try sub("d", "workflow: e"), try sub("e", "wait_for: {time: 1s}"))
        #expect(WorkflowCheck(workflows: [d, e]).problems(in: d) == [])
    }

    /// A workflow that was made by hand is judged as one from a file is.
    @Test func theStructureIsCheckedToo() throws {
        let flow = Workflow(name: "a", steps: [Step(id: "x", kind: .join, needs: ["y"])], version: "v")
        #expect(WorkflowCheck().problems(in: flow).map(\.message) == ["needs \"y\", which is no step"])
    }
}
