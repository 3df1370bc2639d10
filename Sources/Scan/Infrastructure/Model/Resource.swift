import Rego

/// One thing that a file declares: a bucket, a deployment, an image's build, a workflow.
package struct Resource: Sendable {
    package enum Format: String, Sendable, Hashable {
        case terraform, cloudformation, kubernetes, dockerfile, compose
        case githubActions = "github_actions"
        case gitlabCI = "gitlab_ci"
    }

    /// What references lead to; instances of one declaration share it.
    package var key: String
    /// Unique in an assessment.
    package var id: String
    package var format: Format
    /// Terraform's name for it where there is one: `aws_s3_bucket`, `data.aws_iam_policy_document`,
    /// `kubernetes.Deployment`, `dockerfile`, `github.workflow`.
    package var type: String
    /// How people name it: `module.net.aws_subnet.a[0]`.
    package var address: String
    package var name: String
    package var file: String
    package var start: Place
    package var end: Place
    /// An object.
    package var body: ResourceNode
}

/// Resources with what leads from one to the other.
struct ResourceGraph: Sendable {
    private(set) var resources: [Resource]
    private var byID: [String: Int] = [:]

    init(_ resources: [Resource]) {
        self.resources = resources
        for (index, resource) in resources.enumerated() { byID[resource.id] = index }
    }

    func resource(_ id: String) -> Resource? { byID[id].map { resources[$0] } }

    var types: Set<String> { Set(resources.map(\.type)) }

    /// The input of checks; see docs/infrastructure.md.
    func input() -> RegoValue {
        var byKey: [String: [Int]] = [:]
        for (index, resource) in resources.enumerated() { byKey[resource.key, default: []].append(index) }
        var links: [[String: [String]]] = Array(repeating: [:], count: resources.count)
        var references: [RegoObject] = []
        for (index, resource) in resources.enumerated() {
            var own = RegoObject()
            for member in resource.body.members {
                var found: [String] = []
                member.value.collectReferences(into: &found)
                let targets = found.flatMap { byKey[$0] ?? [] }.filter { $0 != index }
                guard !targets.isEmpty else { continue }
                own.updateValue(
                    .array(RegoArray(targets.map { RegoValue(resources[$0].id) })), forKey: RegoValue(member.key))
                for target in targets {
                    links[index][resources[target].type, default: []].append(resources[target].id)
                    links[target][resource.type, default: []].append(resource.id)
                }
            }
            references.append(own)
        }
        var byType: [String: RegoArray] = [:]
        var all = RegoObject(reserving: resources.count)
        for (index, resource) in resources.enumerated() {
            let documents = documents(of: resource) { key in byKey[key]?.first.map { resources[$0] } }
            let value = value(resource, references[index], links[index], documents)
            byType[resource.type, default: RegoArray()].append(value)
            all.updateValue(value, forKey: RegoValue(resource.id))
        }
        let types = RegoObject(byType.lazy.map { (RegoValue($0.key), RegoValue.array($0.value)) })
        return ["resources": .object(types), "by_id": .object(all)]
    }

    private func value(
        _ resource: Resource, _ references: RegoObject, _ links: [String: [String]], _ documents: [PolicyDocument]
    ) -> RegoValue {
        let linked = RegoObject(
            links.lazy.map { type, ids in
                (RegoValue(type), RegoValue.set(RegoSet(ids.lazy.map { RegoValue($0) })))
            })
        return [
            "id": RegoValue(resource.id), "type": RegoValue(resource.type), "name": RegoValue(resource.name),
            "address": RegoValue(resource.address), "file": RegoValue(resource.file),
            "format": RegoValue(resource.format.rawValue), "attributes": resource.body.value,
            "refs": .object(references), "links": .object(linked),
            "policies": .array(RegoArray(documents.lazy.map(\.value))),
        ]
    }

    private func documents(of resource: Resource, lookup: (String) -> Resource?) -> [PolicyDocument] {
        guard resource.format == .terraform || resource.format == .cloudformation else { return [] }
        return PolicyDocument.all(of: resource, lookup: lookup)
    }
}
