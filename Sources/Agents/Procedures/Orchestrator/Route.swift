import Core
import JSON

/// Routes: says who does what is asked, by rules alone. In this order: a workflow whose phrase it is, a question that one
/// look answers, the first duty whose words it has, what its input is about.
///
/// Input: what is known already; the members that the chosen agent or workflow takes are passed on.
struct Route: Procedure {
    let name = "route"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let request = RequestWords(task.request)
        if let question = DirectQuestion(request) {
            return Routing.direct(question.reason, answer: try await question.answer(tools)).json
        }
        var gaps: [Gap] = []
        let listed = try await tools.attempt("workflow.list", target: "workflows", [:], &gaps)
        let workflows = (listed?["workflows"]?.array ?? []).prefix(500)
        if let routing = byPhrase(task, Array(workflows)) { return routing.json }
        let known = input(task, request)
        for duty in Duty.all {
            guard let word = request.first(of: duty.words) else { continue }
            return routing(duty, word, known, Array(workflows), request).json
        }
        if !request.flaws.isEmpty {
            return agent("librarian", "it names \(request.flaws[0].cut(to: 40))", known, request).json
        }
        if let (member, agent) = Duty.byInput.first(where: { known[$0.member] != nil }) {
            return self.agent(agent, "it gives \(member)", known, request).json
        }
        return Routing.direct(
            "nothing in it names a duty",
            answer: "Say what is to be assessed, looked up, judged, mended, weighed or written, and where it is."
        ).json
    }

    // MARK: - Workflows

    private func byPhrase(_ task: AgentTask, _ workflows: [JSON]) -> Routing? {
        for workflow in workflows {
            for phrase in workflow["phrases"].texts(most: 20) {
                guard let name = workflow["name"]?.string,
                    let values = PhraseMatch.values(of: phrase, in: task.request)
                else { continue }
                var input = taken(task.input.object ?? [:], by: workflow)
                for (key, value) in values { input[key] = value }
                return self.workflow(name, "its phrase is \"\(phrase)\"", input, workflow)
            }
        }
        return nil
    }

    private func workflow(_ name: String, _ reason: String, _ input: JSONObject, _ workflow: JSON) -> Routing {
        let needs = (workflow["inputs"]?.array ?? []).filter { $0["required"]?.bool == true }
            .compactMap { $0["name"]?.string }.filter { input[$0] == nil }
        return Routing(route: name, kind: .workflow, input: input, reason: reason, needs: needs)
    }

    private func taken(_ input: JSONObject, by workflow: JSON) -> JSONObject {
        let names = Set((workflow["inputs"]?.array ?? []).compactMap { $0["name"]?.string })
        return JSONObject(input.filter { names.contains($0.key) }.map { ($0.key, $0.value) })
    }

    // MARK: - Duties

    private func routing(
        _ duty: Duty, _ word: String, _ known: JSONObject, _ workflows: [JSON], _ request: RequestWords
    ) -> Routing {
        let reason = "it says \"\(word)\""
        switch duty.holder {
        case .workflow(let name, let agent):
            guard known["path"] != nil, let workflow = workflows.first(where: { $0["name"]?.string == name }) else {
                return self.agent(agent, reason, known, request, needs: duty.needs)
            }
            return self.workflow(name, reason, taken(known, by: workflow), workflow)
        case .agent(let agent): return self.agent(agent, reason, known, request, needs: duty.needs)
        }
    }

    private func agent(
        _ name: String, _ reason: String, _ known: JSONObject, _ request: RequestWords, needs: [String] = []
    ) -> Routing {
        let members = Duty.members[name] ?? []
        var input = JSONObject(known.filter { members.contains($0.key) }.map { ($0.key, $0.value) })
        if name == "librarian", input["text"] == nil, input["findings"] == nil, let flaw = request.flaws.first {
            input["text"] = .string(flaw.cut(to: 100))
        }
        if name == "designer", input["kind"] == nil { input["kind"] = Self.kind(request).map { .string($0.rawValue) } }
        let isReady = needs.isEmpty || needs.contains { input[$0] != nil }
        return Routing(route: name, kind: .agent, input: input, reason: reason, needs: isReady ? [] : [needs[0]])
    }

    private static func kind(_ request: RequestWords) -> DocumentKind? {
        if request.has(["incident", "postmortem", "breach"]) { return .incident }
        if request.has(["timeline"]) { return .timeline }
        return request.has(["compliance", "controls", "audit"]) ? .compliance : .report
    }

    /// What is given, with what the words name.
    private func input(_ task: AgentTask, _ request: RequestWords) -> JSONObject {
        var known = JSONObject((task.input.object ?? [:]).filter { !$0.value.isNull }.map { ($0.key, $0.value) })
        if known["path"] == nil, let path = request.paths.first { known["path"] = .string(path) }
        return known
    }
}

/// Who does it.
struct Routing {
    enum Kind: String { case direct, agent, workflow }

    let route: String
    let kind: Kind
    var input: JSONObject = [:]
    let reason: String
    var answer: String?
    /// Inputs without which it cannot begin.
    var needs: [String] = []

    static func direct(_ reason: String, answer: String) -> Routing {
        Routing(route: "direct", kind: .direct, reason: reason, answer: answer)
    }

    var json: JSON {
        var json: JSON = [
            "route": .string(route), "kind": .string(kind.rawValue), "input": .object(input), "reason": .string(reason),
        ]
        if let answer { json["answer"] = .string(answer) }
        if !needs.isEmpty { json["needs"] = .array(needs.map { .string($0) }) }
        return json
    }
}
