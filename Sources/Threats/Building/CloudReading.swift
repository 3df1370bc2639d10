import Scan

/// Resources of Terraform and CloudFormation: each network is a boundary, and what stands in none is in its account.
struct CloudReading {
    let graph: CloudGraph

    init(_ resources: [Resource]) { graph = CloudGraph(resources) }

    static func id(_ key: String) -> String { "cloud:\(key)" }

    private func evidence(_ resource: Resource, _ node: ResourceNode?, _ reason: String) -> Evidence {
        Evidence(node?.file ?? resource.file, (node?.place ?? resource.start).line, reason)
    }

    func read(into builder: inout ModelBuilder) {
        for resource in graph.resources where graph.isElement(resource.key) { add(resource, into: &builder) }
        for resource in graph.resources { readSetting(resource, into: &builder) }
        for resource in graph.resources where CloudTypes.processes.contains(resource.type) {
            connect(resource, into: &builder)
        }
        for resource in graph.resources { join(resource, into: &builder) }
    }

    // MARK: - Elements

    private func boundary(of resource: Resource) -> Boundary {
        if let network = graph.network(of: resource.key) {
            return Boundary(
                id: "network:\(network.key)", kind: .network, name: Name.shown("Network \(network.address)"))
        }
        let provider = resource.type.split(separator: "_").first.map(String.init) ?? "cloud"
        let name = ["aws": "AWS account", "google": "Google Cloud project", "azurerm": "Azure subscription"][provider]
        let folder = PathParts.split(resource.file).folder
        return Boundary(
            id: "account:\(provider):\(folder)", kind: .account,
            name: Name.shown((name ?? provider) + (folder.isEmpty ? "" : " (\(folder))")))
    }

    private func add(_ resource: Resource, into builder: inout ModelBuilder) {
        let boundary = boundary(of: resource)
        let isStore = CloudTypes.stores.contains(resource.type)
        let address = resource.format == .terraform ? Self.plain(resource.address) : resource.address
        var element = Element(
            Self.id(resource.key), isStore ? .store : .process, resource.type, address, in: boundary,
            evidence(resource, nil, "declares \(address)"))
        if CloudTypes.credentials.contains(resource.type) {
            element.traits.add(.credentials, evidence(resource, nil, "a store of secrets"))
            element.traits.add(.secretStore, evidence(resource, nil, "a store of secrets"))
        }
        builder.add(element, in: boundary)
        let id = element.id
        if isStore { readStore(resource, id, into: &builder) } else { readDoor(resource, id, into: &builder) }
    }

    /// Instances are one thing: `aws_instance.web[0]` is `aws_instance.web`.
    private static func plain(_ address: String) -> String {
        guard address.hasSuffix("]"), let bracket = address.lastIndex(of: "[") else { return address }
        return String(address[..<bracket])
    }

    private func readStore(_ resource: Resource, _ id: String, into builder: inout ModelBuilder) {
        let body = resource.body
        for name in ["storage_encrypted", "encrypted", "at_rest_encryption_enabled", "encrypt_at_rest"] {
            guard let node = body[name] else { continue }
            let flag = node.flag ?? node.elements.first?["enabled"]?.flag
            if flag == true { builder.mark(id, .encryptedAtRest, evidence(resource, node, "\(name) is on")) }
            // Without it, these are in plain: an explicit word is as good as a finding.
            if flag == false { builder.mark(id, .plainAtRest, evidence(resource, node, "\(name) is off")) }
        }
        for name in ["kms_key_id", "kms_key_arn", "kms_master_key_id", "server_side_encryption", "encryption"] {
            guard let node = body[name], !node.isNull, node.flag != false else { continue }
            if node.elements.first?["enabled"]?.flag == false { continue }
            builder.mark(id, .encryptedAtRest, evidence(resource, node, "\(name) is set"))
        }
        if let node = body["publicly_accessible"], let flag = node.flag {
            let trait: Trait = flag ? .reachableFromAnywhere : .privateNetwork
            builder.mark(id, trait, evidence(resource, node, "publicly_accessible is \(flag)"))
        }
        if let node = body["backup_retention_period"], let days = node.integer {
            builder.mark(
                id, days > 0 ? .backedUp : .notBackedUp, evidence(resource, node, "backups are kept for \(days) days"))
        }
        if let node = body["transit_encryption_enabled"], node.flag == true {
            builder.mark(id, .encryptedInTransit, evidence(resource, node, "transit_encryption_enabled is on"))
        }
        if let node = body["point_in_time_recovery"]?.elements.first?["enabled"], node.flag == true {
            builder.mark(id, .backedUp, evidence(resource, node, "point_in_time_recovery is on"))
        }
        if let node = body["enabled_cloudwatch_logs_exports"], !node.elements.isEmpty {
            builder.mark(id, .logged, evidence(resource, node, "its logs are exported"))
        }
    }

    private func readDoor(_ resource: Resource, _ id: String, into builder: inout ModelBuilder) {
        let body = resource.body
        var way: (EntryPoint.Kind, Evidence)?
        switch resource.type {
        case let type where CloudTypes.balancers.contains(type):
            if body["internal"]?.flag == true || body["internal"]?.text != nil { break }
            if body["scheme"]?.text == "internal" { break }
            way = (.loadBalancer, evidence(resource, body["internal"], "the load balancer faces the internet"))
        case let type where CloudTypes.gateways.contains(type):
            let types = body["endpoint_configuration"]?.elements.first?["types"]?.elements.compactMap(\.text) ?? []
            if types.contains("PRIVATE") { break }
            way = (.gateway, evidence(resource, nil, "the gateway faces the internet"))
        case "aws_cloudfront_distribution":
            way = (.gateway, evidence(resource, nil, "the distribution faces the internet"))
        case "azurerm_app_service", "azurerm_linux_web_app", "azurerm_windows_web_app":
            if body["public_network_access_enabled"]?.flag == false { break }
            way = (.gateway, evidence(resource, nil, "the web app faces the internet"))
        default: break
        }
        if let node = body["metadata_options"]?.elements.first?["http_tokens"], node.text == "required" {
            builder.mark(id, .tokenMetadata, evidence(resource, node, "http_tokens is required"))
        }
        if let node = body["access_logs"] ?? body["access_log_settings"], node.elements.first?["enabled"]?.flag != false
        {
            builder.mark(id, .logged, evidence(resource, node, "access logs are on"))
        }
        guard let (kind, evidence) = way else { return }
        open(id, kind, resource.address, evidence, into: &builder)
    }

    private func open(
        _ id: String, _ kind: EntryPoint.Kind, _ name: String, _ evidence: Evidence, into builder: inout ModelBuilder
    ) {
        builder.mark(id, .isPublic, evidence)
        builder.enter(
            EntryPoint(
                kind: kind, name: Name.shown(name), element: id, isPublic: true, isGuarded: nil, evidence: evidence))
    }

    // MARK: - Settings

    /// What says something of another.
    private func readSetting(_ resource: Resource, into builder: inout ModelBuilder) {
        guard !graph.isElement(resource.key) else { return }
        let body = resource.body
        let subjects = graph.subjects(of: resource.key).map(Self.id)
        func mark(_ trait: Trait, _ node: ResourceNode?, _ reason: String) {
            for id in subjects { builder.mark(id, trait, evidence(resource, node, reason)) }
        }
        switch resource.type {
        case "aws_s3_bucket_public_access_block":
            let names = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
            if names.allSatisfy({ body[$0]?.flag == true }) { mark(.notPublic, nil, "public access is blocked") }
        case "aws_s3_bucket_server_side_encryption_configuration":
            mark(.encryptedAtRest, nil, "encryption of the bucket is configured")
        case "aws_s3_bucket_logging": mark(.logged, nil, "access to the bucket is logged")
        case "aws_s3_bucket_versioning":
            if let status = body["versioning_configuration"]?.elements.first?["status"], status.text == "Enabled" {
                mark(.backedUp, status, "old versions are kept")
            }
        case "aws_lb_listener", "aws_alb_listener":
            if let node = body["protocol"], ["HTTPS", "TLS"].contains(node.text) {
                mark(.encryptedInTransit, node, "a listener speaks \(node.text ?? "")")
            }
        case "aws_lambda_function_url": readFunctionURL(resource, subjects, into: &builder)
        case "aws_api_gateway_method", "aws_apigatewayv2_route":
            if let node = body["authorization"] ?? body["authorization_type"], let word = node.text, word != "NONE" {
                mark(.guarded, node, "a way in asks for \(Name.shown(word))")
            }
        case "aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_security_group_rule":
            readGroup(resource, into: &builder)
        case "google_cloud_run_service_iam_member", "google_cloud_run_v2_service_iam_member":
            if let node = body["member"], node.text == "allUsers" {
                for key in graph.elements(from: body) {
                    open(
                        Self.id(key), .gateway, resource.address, evidence(resource, node, "allUsers may call it"),
                        into: &builder)
                }
            }
        default: break
        }
    }

    private func readFunctionURL(_ resource: Resource, _ subjects: [String], into builder: inout ModelBuilder) {
        let kind = resource.body["authorization_type"]
        for id in subjects {
            open(
                id, .function, resource.address, evidence(resource, nil, "the function has an address"), into: &builder)
            if kind?.text == "NONE" {
                builder.mark(id, .unauthenticated, evidence(resource, kind, "whoever calls it is served"))
            }
            if kind?.text == "AWS_IAM" {
                builder.mark(id, .guarded, evidence(resource, kind, "callers are identified by IAM"))
            }
        }
    }

    /// A machine whose group lets everyone in is reached by everyone.
    private func readGroup(_ resource: Resource, into builder: inout ModelBuilder) {
        var blocks = resource.body["ingress"]?.elements ?? []
        if resource.type != "aws_security_group", resource.body["type"]?.text != "egress" { blocks = [resource.body] }
        guard let open = blocks.first(where: Self.isOpen) else { return }
        var keys = [resource.key]
        if resource.type != "aws_security_group" {
            keys = (graph.forward[resource.key] ?? []).filter { graph.type($0) == "aws_security_group" }
        }
        let port = open["from_port"]?.integer.map { "port \($0)" } ?? "all ports"
        let reason = "\(resource.address) lets everyone in on \(port)"
        for key in keys.flatMap(graph.subjects)
        where ["aws_instance", "aws_autoscaling_group"].contains(graph.type(key)) {
            self.open(Self.id(key), .openGroup, resource.address, evidence(resource, open, reason), into: &builder)
        }
    }

    private static func isOpen(_ block: ResourceNode) -> Bool {
        let lists = ["cidr_blocks", "ipv6_cidr_blocks"].flatMap { block[$0]?.elements ?? [] }
        let single = ["cidr_ipv4", "cidr_ipv6", "cidr_ip"].compactMap { block[$0] }
        return (lists + single).contains { ["0.0.0.0/0", "::/0"].contains($0.text) }
    }

    // MARK: - Flows

    private func connect(_ process: Resource, into builder: inout ModelBuilder) {
        let id = Self.id(process.key)
        for member in process.body.members {
            for target in graph.elements(from: member.value) where target != process.key {
                // A cluster or a machine may be named without anything flowing to it.
                guard graph.type(target) != "aws_eks_cluster" else { continue }
                let place = evidence(process, member.value, "\(Name.shown(member.key)) refers to \(name(target))")
                builder.connect(id, Self.id(target), label(target), place)
            }
        }
        for target in graph.used(by: process.key) {
            builder.connect(id, Self.id(target), label(target), evidence(process, nil, "refers to \(name(target))"))
        }
        connectByRights(process, id, into: &builder)
        connectTargets(process, into: &builder)
    }

    private func name(_ key: String) -> String { graph.byKey[key].map { Self.plain($0.address) } ?? key }

    private func label(_ key: String) -> String { CloudTypes.stores.contains(graph.type(key)) ? "uses" : "calls" }

    /// What the role of the process may be done to.
    private func connectByRights(_ process: Resource, _ id: String, into builder: inout ModelBuilder) {
        let roles = (graph.forward[process.key] ?? []).filter {
            ["aws_iam_role", "aws_iam_instance_profile"].contains(graph.type($0))
        }
        let parts = (graph.forward[process.key] ?? []).filter { CloudTypes.parts.contains(graph.type($0)) }
        let further = parts.flatMap { graph.forward[$0] ?? [] }.filter { graph.type($0) == "aws_iam_role" }
        for role in Set(roles + further).sorted() {
            for key in graph.aroundRights(of: role).sorted() where CloudTypes.stores.contains(graph.type(key)) {
                guard
                    let granting = graph.backward[key]?.lazy.compactMap({ graph.byKey[$0] }).first(where: {
                        CloudGraph.isRights($0.type)
                    })
                else { continue }
                builder.connect(
                    id, Self.id(key), "uses", evidence(granting, nil, "\(granting.address) lets it act on \(name(key))")
                )
            }
        }
    }

    /// A load balancer's targets: services and machines that name a group which a listener of it names.
    private func connectTargets(_ process: Resource, into builder: inout ModelBuilder) {
        guard CloudTypes.balancers.contains(process.type) else { return }
        let listeners = (graph.backward[process.key] ?? []).filter { graph.type($0).hasSuffix("listener") }
        let groups = listeners.flatMap { graph.forward[$0] ?? [] }.filter { graph.type($0) == "aws_lb_target_group" }
        for group in Set(groups).sorted() {
            for user in graph.backward[group] ?? [] {
                guard let resource = graph.byKey[user] else { continue }
                let targets = graph.isElement(user) ? [user] : graph.elements(from: resource.body)
                for target in targets where target != process.key {
                    builder.connect(
                        Self.id(process.key), Self.id(target), "forwards",
                        evidence(resource, nil, "\(resource.address) names a target group of it"))
                }
            }
        }
    }

    private func join(_ resource: Resource, into builder: inout ModelBuilder) {
        for joint in CloudTypes.joints where joint.type == resource.type {
            let sources = joint.from.compactMap { resource.body[$0] }.flatMap(graph.elements)
            let targets = joint.to.compactMap { resource.body[$0] }.flatMap(graph.elements)
            for source in sources {
                for target in targets {
                    builder.connect(
                        Self.id(source), Self.id(target), joint.label,
                        evidence(resource, nil, "\(resource.address) joins them"))
                    if joint.label == "delivers", CloudTypes.processes.contains(graph.type(target)) {
                        builder.enter(
                            EntryPoint(
                                kind: .message, name: Name.shown("messages of \(name(source))"),
                                element: Self.id(target),
                                isPublic: false, isGuarded: nil, evidence: evidence(resource, nil, "it takes messages"))
                        )
                    }
                }
            }
        }
    }
}
