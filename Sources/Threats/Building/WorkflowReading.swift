import Scan

/// Pipelines: who starts them, and what they hold.
struct WorkflowReading {
    /// What anybody can do, and that runs with what the repository holds.
    private static let contributed: Set<String> = [
        "pull_request_target", "issue_comment", "issues", "discussion", "discussion_comment", "workflow_run",
        "pull_request_review", "pull_request_review_comment", "fork", "watch",
    ]

    static func id(_ resource: Resource) -> String { "pipeline:\(resource.file)" }

    func read(_ resources: [Resource], into builder: inout ModelBuilder) {
        for resource in resources {
            switch resource.type {
            case "github.workflow": read(workflow: resource, into: &builder)
            case "gitlab.pipeline": add(resource, "GitLab pipeline", into: &builder)
            default: break
            }
        }
    }

    private func evidence(_ resource: Resource, _ node: ResourceNode?, _ reason: String) -> Evidence {
        Evidence(resource.file, node?.place.line ?? 1, reason)
    }

    @discardableResult
    private func add(_ resource: Resource, _ what: String, into builder: inout ModelBuilder) -> String {
        builder.add(
            Element(
                Self.id(resource), .process, resource.type, resource.name, in: .pipeline,
                evidence(resource, nil, "the \(what) \(resource.name)")), in: .pipeline)
    }

    private func read(workflow: Resource, into builder: inout ModelBuilder) {
        let id = add(workflow, "workflow", into: &builder)
        readTriggers(workflow, id, into: &builder)
        readPermissions(workflow, id, into: &builder)
        readSecrets(workflow, id, into: &builder)
        readPins(workflow, id, into: &builder)
    }

    private func readTriggers(_ workflow: Resource, _ id: String, into builder: inout ModelBuilder) {
        guard let on = workflow.body["on"] ?? workflow.body["true"] else { return }
        let named =
            on.members.map { ($0.key, $0.value) } + on.elements.map { ($0.text ?? "", $0) } + [(on.text ?? "", on)]
        for (name, node) in named where !name.isEmpty {
            let isContributed = Self.contributed.contains(name)
            let evidence = evidence(workflow, node, "started by \(Name.shown(name))")
            builder.enter(
                EntryPoint(
                    kind: .trigger, name: Name.shown(name), element: id,
                    isPublic: isContributed || name == "pull_request",
                    isGuarded: nil, evidence: evidence))
            guard isContributed || name == "pull_request" else { continue }
            builder.outsider(
                ModelBuilder.contributors, "contributor", "Anyone who contributes", in: .internet, evidence)
            builder.connect(ModelBuilder.contributors, id, name, evidence)
            if isContributed {
                builder.mark(
                    id, .contributed, self.evidence(workflow, node, "anyone can start it by \(Name.shown(name))"))
            }
        }
    }

    private func readPermissions(_ workflow: Resource, _ id: String, into builder: inout ModelBuilder) {
        guard let permissions = workflow.body["permissions"] else { return }
        let jobs = workflow.body["jobs"]?.members.compactMap { $0.value["permissions"] } ?? []
        guard ([permissions] + jobs).allSatisfy(Self.isReading) else { return }
        builder.mark(id, .readingToken, evidence(workflow, permissions, "its token may read only"))
    }

    private static func isReading(_ permissions: ResourceNode) -> Bool {
        if let text = permissions.text { return text == "read-all" || text == "none" }
        return permissions.members.allSatisfy { ["read", "none"].contains($0.value.text ?? "") }
    }

    private func readSecrets(_ workflow: Resource, _ id: String, into builder: inout ModelBuilder) {
        guard let place = Self.secret(workflow.body, 0) else { return }
        let evidence = evidence(workflow, place, "its steps are given secrets")
        builder.mark(id, .usesSecrets, evidence)
        var store = Element(
            "pipeline:secrets", .store, "github.secrets", "Secrets of the pipeline", in: .pipeline, evidence)
        store.traits.add(.credentials, evidence)
        builder.connect(id, builder.add(store, in: .pipeline), "reads", evidence)
    }

    /// The first value that names a secret, but for the token that each job has.
    private static func secret(_ node: ResourceNode, _ depth: Int) -> ResourceNode? {
        guard depth < 40 else { return nil }
        if let text = node.text {
            for range in text.ranges(of: "secrets.") where text[..<range.lowerBound].contains("${{") {
                let name = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                if !name.isEmpty, name != "GITHUB_TOKEN" { return node }
            }
            return nil
        }
        for child in node.elements + node.members.map(\.value) {
            if let found = secret(child, depth + 1) { return found }
        }
        return nil
    }

    private func readPins(_ workflow: Resource, _ id: String, into builder: inout ModelBuilder) {
        var uses: [ResourceNode] = []
        for job in workflow.body["jobs"]?.members ?? [] {
            uses += [job.value["uses"]].compactMap(\.self)
            uses += (job.value["steps"]?.elements ?? []).compactMap { $0["uses"] }
        }
        let foreign = uses.filter { $0.text?.hasPrefix("./") == false && $0.text?.hasPrefix("docker://") == false }
        guard let first = foreign.first, foreign.allSatisfy({ Self.isPinned($0.text ?? "") }) else { return }
        builder.mark(id, .pinned, evidence(workflow, first, "each action is pinned to a commit"))
    }

    private static func isPinned(_ action: String) -> Bool {
        guard let at = action.lastIndex(of: "@") else { return false }
        let reference = action[action.index(after: at)...]
        return reference.utf8.count >= 40 && reference.allSatisfy(\.isHexDigit)
    }
}
