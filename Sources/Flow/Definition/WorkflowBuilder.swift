public import JSON

/// Makes a workflow of a document whose form was checked.
struct WorkflowBuilder {
    let version: String
    private(set) var problems: [WorkflowProblem] = []

    init(version: String) { self.version = version }

    mutating func workflow(_ node: FormatNode) -> Workflow {
        var steps = StepBuilder()
        let laidFlat = steps.steps(of: node["steps"])
        problems += steps.problems
        return Workflow(
            name: node["name"]?.text ?? "", title: node["title"]?.text ?? "", summary: node["summary"]?.text ?? "",
            phrases: node["phrases"]?.texts ?? [], triggers: node["on"].map { triggers($0) } ?? [],
            inputs: node["inputs"]?.members.map { input($0.key, $0.node) } ?? [],
            concurrency: node["concurrency"].flatMap { concurrency($0) },
            timeout: node["timeout"]?.duration ?? .seconds(3600),
            steps: laidFlat, outputs: node["outputs"]?.namedTemplates ?? [], version: version)
    }

    private mutating func triggers(_ node: FormatNode) -> [Trigger] {
        node.members.flatMap { key, node -> [Trigger] in
            switch key {
            case "schedule": (node.elements.isEmpty ? [node] : node.elements).compactMap { schedule($0) }
            case "webhook": [.webhook]
            case "push": [.push(branches: node["branches"]?.texts ?? [], paths: node["paths"]?.texts ?? [])]
            case "alert": [.alert(severity: node["severity"]?.text)]
            default: []
            }
        }
    }

    private mutating func schedule(_ node: FormatNode) -> Trigger? {
        guard let cron = node["cron"]?.text else { return nil }
        // `@daily` and its like are known to whoever keeps the time.
        let fields = cron.split { $0 == " " || $0 == "\t" }.count
        if fields != 5, !(fields == 1 && cron.hasPrefix("@")) {
            let message = "has \(fields) fields, and a schedule has five"
            problems.append((node["cron"] ?? node).problem(message, hint: "for example \"0 7 * * mon\""))
        }
        return .schedule(cron: cron, timeZone: node["timezone"]?.text ?? "UTC")
    }

    private mutating func input(_ name: String, _ node: FormatNode) -> WorkflowInput {
        let input = WorkflowInput(
            name: name, kind: node.choice("type", or: .string), summary: node["description"]?.text ?? "",
            isRequired: node["required"]?.flag ?? false, fallback: node["default"]?.template?.source,
            choices: node["enum"]?.elements.compactMap { $0.template?.source } ?? [])
        if let fallback = node["default"], let reason = input.objection(to: fallback.template?.source ?? .null) {
            problems.append(fallback.problem(reason))
        }
        for choice in node["enum"]?.elements ?? [] where !input.kind.admits(choice.template?.source ?? .null) {
            problems.append(choice.problem("is no \(input.kind.rawValue)"))
        }
        if input.isRequired, input.fallback != nil, let flag = node["required"] {
            problems.append(flag.problem("an input with a default is never missing", hint: "remove one of the two"))
        }
        return input
    }

    private func concurrency(_ node: FormatNode) -> Concurrency? {
        node["group"]?.template.map { Concurrency(group: $0, policy: node.choice("policy", or: .queue)) }
    }
}

extension FormatNode {
    var namedTemplates: [Named<Template>] {
        members.compactMap { key, node in node.template.map { Named(key, $0) } }
    }
}

extension WorkflowInput {
    /// Why a value cannot be this input's; nil where it can.
    public func objection(to value: JSON) -> String? {
        guard kind.admits(value) else { return "is to be \(kind.rawValue), not \(value.kindName)" }
        guard choices.isEmpty || choices.contains(where: { ComparableValue($0).isEqual(to: value) }) else {
            return "is none of \(choices.prefix(12).map(\.description).joined(separator: ", "))"
        }
        return nil
    }
}

extension WorkflowInput.Kind {
    func admits(_ value: JSON) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object): true
        default: false
        }
    }
}
