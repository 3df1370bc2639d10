import Core
import JSON

/// What must hold of any bytes given as a workflow or as an expression: it is read or refused with reasons and places,
/// what is read is read again from what it says, and evaluating it ends within its bounds. libFuzzer calls this; a
/// broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWorkflow(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    do throws(WorkflowProblems) {
        checkRead(try WorkflowReader.read(bytes, file: "w.yaml"))
    } catch {
        require(!error.problems.isEmpty, "a refusal has a reason")
        require(error.problems.count <= WorkflowProblems.limit, "problems are bounded")
        require(error.problems.allSatisfy { !$0.message.isEmpty }, "a problem has words")
        _ = error.failure.description
    }
    let text = String(decoding: bytes, as: UTF8.self)
    checkExpression(text)
    checkTemplate(text)
    return 0
}

private let scope = Scope([
    "inputs": ["a": 1, "t": "text", "l": [1, "x", .null, ["m": 2]], "o": ["k": [true]]],
    "steps": ["look": ["state": "succeeded", "outputs": ["n": 2.5, "list": [["id": "a"], ["id": "b"]]]]],
    "run": ["id": "run_1"], "event": [:], "item": "${{ inputs.a }}", "index": 0, "result": [:],
])

private func checkRead(_ workflow: Workflow) {
    require(!workflow.steps.isEmpty && workflow.steps.count <= 500, "steps are bounded")
    require(StructureCheck(workflow).problems.isEmpty, "what is read holds together")
    var before: Set<String> = []
    for step in workflow.steps {
        require(before.isSuperset(of: step.needs), "what a step needs stands before it")
        require(before.insert(step.id).inserted, "an id is taken once")
        if let condition = step.condition { checkAgain(condition) }
    }
    let graph = WorkflowGraph(workflow)
    require(graph.svg().hasSuffix("</svg>\n") && !graph.text().isEmpty && !graph.mermaid().isEmpty, "it can be drawn")
}

private func checkExpression(_ text: String) {
    guard let expression = try? Expression(text) else { return }
    require(text.utf8.count <= Expression.longest, "an expression is bounded")
    checkAgain(expression)
    for reference in expression.references {
        require(Reference.contexts.contains(reference.context) && reference.column > 0, "a reference has its place")
    }
}

/// Written again it is the same, and yields the same.
private func checkAgain(_ expression: Expression) {
    guard let again = try? Expression(expression.source) else { return }
    let first = try? expression.evaluate(in: scope)
    require(first == (try? again.evaluate(in: scope)), "an expression yields one value")
}

private func checkTemplate(_ text: String) {
    guard let template = try? Template(.string(text)) else { return }
    let value = try? template.evaluate(in: scope)
    if template.expressions.isEmpty {
        require(value == template.constant, "what holds no expression is the same in every run")
    }
    if !text.utf8.contains(UInt8(ascii: "$")) { require(value == .string(text), "plain text stays as it is") }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
