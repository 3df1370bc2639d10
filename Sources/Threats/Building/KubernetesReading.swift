import Scan

/// Workloads, what leads to them, and what they use; a namespace is a boundary.
struct KubernetesReading {
    private static let workloads: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod",
    ]

    private struct Workload {
        var id: String
        var namespace: String
        var labels: [String: String]
        var resource: Resource
        var pod: ResourceNode
        var isStore: Bool
    }

    private var all: [Workload] = []
    /// By namespace and name.
    private var services: [String: Resource] = [:]

    static func id(_ resource: Resource) -> String {
        "kubernetes:\(namespace(resource))/\(kind(resource))/\(resource.name)"
    }

    private static func kind(_ resource: Resource) -> String { resource.body["kind"]?.text ?? "?" }

    private static func namespace(_ resource: Resource) -> String {
        resource.body["metadata"]?["namespace"]?.text ?? "default"
    }

    private static func boundary(_ namespace: String) -> Boundary {
        Boundary(id: "namespace:\(namespace)", kind: .namespace, name: Name.shown("Namespace \(namespace)"))
    }

    private static func evidence(_ resource: Resource, _ node: ResourceNode?, _ reason: String) -> Evidence {
        Evidence(node?.file ?? resource.file, node?.place.line ?? resource.start.line, reason)
    }

    mutating func read(_ resources: [Resource], into builder: inout ModelBuilder) {
        let own = resources.filter { $0.format == .kubernetes }
        for resource in own {
            let kind = Self.kind(resource)
            if Self.workloads.contains(kind) { add(workload: resource, into: &builder) }
            if kind == "Service" { services["\(Self.namespace(resource))/\(resource.name)"] = resource }
            if ["Secret", "SealedSecret", "ExternalSecret"].contains(kind) {
                add(secret: resource, kind, into: &builder)
            }
        }
        for resource in own {
            switch Self.kind(resource) {
            case "Service": read(service: resource, into: &builder)
            case "Ingress": read(ingress: resource, into: &builder)
            case "HTTPRoute", "GRPCRoute": read(route: resource, into: &builder)
            case "NetworkPolicy": read(policy: resource, into: &builder)
            case "ClusterRoleBinding": read(binding: resource, into: &builder)
            default: break
            }
        }
        for workload in all { connect(workload, into: &builder) }
    }

    // MARK: - Workloads

    private mutating func add(workload resource: Resource, into builder: inout ModelBuilder) {
        let spec = resource.body["spec"]
        let template = Self.kind(resource) == "CronJob" ? spec?["jobTemplate"]?["spec"]?["template"] : spec?["template"]
        guard let pod = Self.kind(resource) == "Pod" ? spec : template?["spec"] else { return }
        let metadata = Self.kind(resource) == "Pod" ? resource.body["metadata"] : template?["metadata"]
        let containers = pod["containers"]?.elements ?? []
        let technology = containers.first?["image"]?.text.flatMap(Technology.store)
        let namespace = Self.namespace(resource)
        let boundary = Self.boundary(namespace)
        let id = builder.add(
            Element(
                Self.id(resource), technology == nil ? .process : .store, technology ?? resource.type,
                resource.name, in: boundary,
                Self.evidence(resource, nil, "the \(Self.kind(resource)) \(resource.name) of Kubernetes")), in: boundary
        )
        let labels = Dictionary((metadata?["labels"]?.members ?? []).map { ($0.key, $0.value.text ?? "") }) { $1 }
        all.append(
            Workload(
                id: id, namespace: namespace, labels: labels, resource: resource, pod: pod, isStore: technology != nil))
        readBounds(resource, pod, containers, id, into: &builder)
        for container in containers { readVariables(resource, container, id, technology != nil, into: &builder) }
    }

    private func readBounds(
        _ resource: Resource, _ pod: ResourceNode, _ containers: [ResourceNode], _ id: String,
        into builder: inout ModelBuilder
    ) {
        let limits = containers.compactMap { $0["resources"]?["limits"] }.filter { !$0.members.isEmpty }
        if let first = limits.first, limits.count == containers.count {
            builder.mark(id, .limited, Self.evidence(resource, first, "each container has limits"))
        }
        let isUser = pod["securityContext"]?["runAsNonRoot"]?.flag == true
        let confined = containers.filter { container in
            let context = container["securityContext"]
            return context?["allowPrivilegeEscalation"]?.flag == false
                && (isUser || context?["runAsNonRoot"]?.flag == true) && context?["privileged"]?.flag != true
        }
        if let first = confined.first, confined.count == containers.count {
            builder.mark(
                id, .confined,
                Self.evidence(resource, first["securityContext"], "runs as a user without rights, and gains none"))
        }
    }

    private func readVariables(
        _ resource: Resource, _ container: ResourceNode, _ id: String, _ isStore: Bool, into builder: inout ModelBuilder
    ) {
        for variable in container["env"]?.elements ?? [] {
            guard let key = variable["name"]?.text, Variables.isPassword(key) else { continue }
            let name = Name.shown(key)
            if let value = variable["value"]?.text, Variables.isWritten(value) {
                builder.mark(
                    id, .secretInText, Self.evidence(resource, variable, "the value of \(name) is written out"))
            } else if variable["valueFrom"]?["secretKeyRef"] != nil {
                builder.mark(id, .secretStore, Self.evidence(resource, variable, "\(name) comes from a Secret"))
            }
            if isStore { builder.mark(id, .asksPassword, Self.evidence(resource, variable, "\(name) is set")) }
        }
    }

    private func add(secret: Resource, _ kind: String, into builder: inout ModelBuilder) {
        let boundary = Self.boundary(Self.namespace(secret))
        var element = Element(
            "kubernetes:\(Self.namespace(secret))/Secret/\(secret.name)", .store, "kubernetes.Secret", secret.name,
            in: boundary, Self.evidence(secret, nil, "the \(kind) \(secret.name) of Kubernetes"))
        element.traits.add(.credentials, Self.evidence(secret, nil, "a \(kind) holds credentials"))
        if kind != "Secret" {
            element.traits.add(.secretStore, Self.evidence(secret, nil, "a \(kind) holds no value that can be read"))
        }
        for part in [secret.body["data"], secret.body["stringData"]].compactMap(\.self) where kind == "Secret" {
            for member in part.members where Variables.isWritten(member.value.text ?? "") {
                element.traits.add(
                    .secretInText,
                    Self.evidence(secret, member.value, "the value of \(Name.shown(member.key)) stands in the manifest")
                )
            }
        }
        builder.add(element, in: boundary)
    }

    // MARK: - What leads in

    private func targets(ofService name: String, in namespace: String) -> [Workload] {
        guard let service = services["\(namespace)/\(name)"], let selector = service.body["spec"]?["selector"],
            !selector.members.isEmpty
        else { return [] }
        return matching(selector, in: namespace)
    }

    private func matching(_ selector: ResourceNode, in namespace: String) -> [Workload] {
        all.filter { workload in
            workload.namespace == namespace
                && selector.members.allSatisfy { workload.labels[$0.key] == $0.value.text }
        }
    }

    private func open(
        _ workload: Workload, _ kind: EntryPoint.Kind, _ name: String, _ evidence: Evidence,
        into builder: inout ModelBuilder
    ) {
        builder.mark(workload.id, workload.isStore ? .reachableFromAnywhere : .isPublic, evidence)
        builder.enter(
            EntryPoint(
                kind: kind, name: Name.shown(name), element: workload.id, isPublic: true, isGuarded: nil,
                evidence: evidence))
    }

    private func read(service: Resource, into builder: inout ModelBuilder) {
        let type = service.body["spec"]?["type"]
        guard let word = type?.text, ["LoadBalancer", "NodePort"].contains(word) else { return }
        let annotations = service.body["metadata"]?["annotations"]?.members ?? []
        let isInternal = annotations.contains {
            $0.key.contains("internal")
                && ["true", "Internal"].contains($0.value.text ?? ($0.value.flag == true ? "true" : ""))
        }
        guard !isInternal else { return }
        for workload in targets(ofService: service.name, in: Self.namespace(service)) {
            open(
                workload, .loadBalancer, "\(word) \(service.name)",
                Self.evidence(service, type, "the Service \(service.name) is a \(word)"), into: &builder)
        }
    }

    private func read(ingress: Resource, into builder: inout ModelBuilder) {
        let spec = ingress.body["spec"]
        let tls = spec?["tls"].flatMap { $0.elements.isEmpty ? nil : $0 }
        var backends = [spec?["defaultBackend"]].compactMap(\.self)
        for rule in spec?["rules"]?.elements ?? [] {
            backends += (rule["http"]?["paths"]?.elements ?? []).compactMap { $0["backend"] }
        }
        for backend in backends {
            guard let named = backend["service"]?["name"] ?? backend["serviceName"], let name = named.text else {
                continue
            }
            for workload in targets(ofService: name, in: Self.namespace(ingress)) {
                open(
                    workload, .ingress, "Ingress \(ingress.name)",
                    Self.evidence(ingress, named, "the Ingress \(ingress.name) leads to it"), into: &builder)
                let trait: Trait = tls == nil ? .plainInTransit : .encryptedInTransit
                builder.mark(
                    workload.id, trait,
                    Self.evidence(ingress, tls, "the Ingress \(ingress.name) \(tls == nil ? "has no TLS" : "has TLS")"))
            }
        }
    }

    private func read(route: Resource, into builder: inout ModelBuilder) {
        for rule in route.body["spec"]?["rules"]?.elements ?? [] {
            for backend in rule["backendRefs"]?.elements ?? [] {
                guard let name = backend["name"]?.text else { continue }
                for workload in targets(ofService: name, in: Self.namespace(route)) {
                    open(
                        workload, .ingress, "\(Self.kind(route)) \(route.name)",
                        Self.evidence(route, backend, "the \(Self.kind(route)) \(route.name) leads to it"),
                        into: &builder)
                }
            }
        }
    }

    private func read(policy: Resource, into builder: inout ModelBuilder) {
        guard let selector = policy.body["spec"]?["podSelector"], policy.body["spec"]?["ingress"] != nil else { return }
        let chosen = matching(selector["matchLabels"] ?? selector, in: Self.namespace(policy))
        for workload in chosen where workload.isStore {
            builder.mark(
                workload.id, .privateNetwork,
                Self.evidence(policy, nil, "the NetworkPolicy \(policy.name) says who reaches it"))
        }
    }

    private func read(binding: Resource, into builder: inout ModelBuilder) {
        guard binding.body["roleRef"]?["name"]?.text == "cluster-admin" else { return }
        for subject in binding.body["subjects"]?.elements ?? [] where subject["kind"]?.text == "ServiceAccount" {
            for workload in all where workload.namespace == subject["namespace"]?.text ?? "default" {
                let account = workload.pod["serviceAccountName"]?.text ?? "default"
                guard account == subject["name"]?.text else { continue }
                builder.mark(
                    workload.id, .broadRights,
                    Self.evidence(binding, subject, "its account \(Name.shown(account)) is bound to cluster-admin"))
            }
        }
    }

    // MARK: - What flows

    private func connect(_ workload: Workload, into builder: inout ModelBuilder) {
        for container in workload.pod["containers"]?.elements ?? [] {
            for variable in container["env"]?.elements ?? [] {
                let key = Name.shown(variable["name"]?.text ?? "?")
                if let secret = variable["valueFrom"]?["secretKeyRef"] {
                    connect(workload, toSecret: secret, into: &builder)
                } else if let value = variable["value"]?.text, let host = Variables.host(value) {
                    connect(workload, to: host, key, variable, value, into: &builder)
                }
            }
            for source in container["envFrom"]?.elements ?? [] {
                if let secret = source["secretRef"] { connect(workload, toSecret: secret, into: &builder) }
            }
        }
        for volume in workload.pod["volumes"]?.elements ?? [] {
            if let secret = volume["secret"] { connect(workload, toSecret: secret, into: &builder) }
        }
    }

    private func connect(_ workload: Workload, toSecret secret: ResourceNode, into builder: inout ModelBuilder) {
        guard let name = secret["name"]?.text ?? secret["secretName"]?.text else { return }
        let boundary = Self.boundary(workload.namespace)
        let evidence = Self.evidence(workload.resource, secret, "reads the Secret \(name)")
        var element = Element(
            "kubernetes:\(workload.namespace)/Secret/\(name)", .store, "kubernetes.Secret", name, in: boundary, evidence
        )
        element.traits.add(.credentials, evidence)
        builder.connect(workload.id, builder.add(element, in: boundary), "reads", evidence)
    }

    /// `db`, `db.shop`, `db.shop.svc.cluster.local`
    private func connect(
        _ workload: Workload, to host: String, _ key: String, _ node: ResourceNode, _ value: String,
        into builder: inout ModelBuilder
    ) {
        let parts = host.split(separator: ".").map(String.init)
        guard let name = parts.first, parts.count <= 2 || parts[2] == "svc" else { return }
        let namespace = parts.count > 1 ? parts[1] : workload.namespace
        let encrypted = CodeReader.isEncrypted([value])
        for target in targets(ofService: name, in: namespace) {
            builder.connect(
                workload.id, target.id, "uses",
                Self.evidence(workload.resource, node, "\(key) names the Service \(name)"),
                encrypted.map { [$0 ? .encryptedInTransit : .plainInTransit] } ?? [])
        }
    }
}
