import Config
import Core
import JSON

/// What must hold of any bytes given as an agent's file, and as what a model answers: they are read or refused with reasons
/// and places, and no answer that is taken leaves out or lowers what was found. libFuzzer calls this; a broken promise ends
/// the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAgent(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    do throws(AgentProblems) {
        checkRead(try AgentReader.read(bytes, file: "a.yaml"), bytes)
    } catch {
        require((1...AgentProblems.limit).contains(error.problems.count), "a refusal has reasons, up to a bound")
        require(error.problems.allSatisfy { !$0.message.isEmpty && $0.place.file == "a.yaml" }, "a reason has a place")
        _ = error.failure.description
    }
    checkReply(bytes)
    checkAnswer(String(decoding: bytes, as: UTF8.self))
    return 0
}

private func checkRead(_ agent: AgentDefinition, _ bytes: [UInt8]) {
    require((try? AgentReader.read(bytes, file: "b"))?.version == agent.version, "a file has one version")
    require(!agent.name.isEmpty && !agent.duty.isEmpty && !agent.procedure.isEmpty, "what is required is there")
    require((1...100).contains(agent.budget.steps) && agent.budget.cost >= 0, "a budget is bounded")
    require(agent.budget.time <= .seconds(3600), "time is bounded")
    require(!agent.tools.contains { $0.hasPrefix("agents.") || $0.hasPrefix("models.") }, "no agent calls agents")
    _ = agent.inputSchema.validate([:]) + agent.outputSchema.validate(["a": [1]])
}

private func checkReply(_ bytes: [UInt8]) {
    guard let reply = try? ModelReply(completion: bytes) else { return }
    require(reply.calls.count <= ModelReply.mostCalls, "calls are bounded")
    for call in reply.calls {
        require(call.name.utf8.count <= 3 * ModelReply.longestName, "names are bounded")
        require(call.arguments?.object != nil || call.arguments == nil, "arguments are an object")
    }
}

private let found: JSONObject = [
    "summary": "two", "findings": [["id": "f1", "severity": "high"], ["id": "f2"]],
    "risk": ["level": "low", "score": 3],
    "safe": false, "apply": ["digest": "d"], "route": "a", "input": ["p": "x"], "markdown": "= A\n- one\n", "gaps": [],
]

private func checkAnswer(_ text: String) {
    guard case .object(let said)? = ModelReply.json(in: text) else { return }
    let fenced = DataFence.around(.object(said), from: "x")
    require(fenced.split(separator: DataFence.close, omittingEmptySubsequences: false).count == 2, "a fence ends once")
    var output = found
    for (key, value) in said { output[key] = value }
    var keeping = Keeping(asked: ["x"])
    keeping.compare(found, with: output)
    guard keeping.complaints.isEmpty else { return }
    let ids = output["findings"]?.array?.compactMap { $0["id"]?.string }
    require(ids?.sorted() == ["f1", "f2"], "nothing that was found vanishes")
    require(
        output["findings"]?.array?.contains { $0["severity"] == "high" || $0["severity"] == "critical" } == true,
        "nothing is lowered")
    require(output["safe"] == false && output["apply"] == found["apply"], "nothing becomes safe, or another change")
    require(output["risk"]?["score"]?.double ?? 0 >= 3, "no score is lowered")
    require(output["markdown"]?.string?.contains("- one") == true, "no line of a document goes")
    require(output["summary"]?.string?.contains("://") == false, "no address is made up")
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
