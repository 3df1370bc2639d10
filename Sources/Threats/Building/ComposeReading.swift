import Scan

/// Services of Compose files: each folder's are one network.
struct ComposeReading {
    /// Folders of code by the service that is built of them.
    private(set) var builds: [String: String] = [:]

    mutating func read(_ resources: [Resource], into builder: inout ModelBuilder) {
        let services = resources.filter { $0.format == .compose }
        for service in services { add(service, into: &builder) }
        for service in services { connect(service, services, into: &builder) }
    }

    static func id(_ service: Resource) -> String { "compose:\(folder(service))/\(service.name)" }

    private static func folder(_ service: Resource) -> String { PathParts.split(service.file).folder }

    static func boundary(_ service: Resource) -> Boundary {
        let folder = folder(service)
        return Boundary(
            id: "compose:\(folder)", kind: .compose, name: Name.shown(folder.isEmpty ? "Compose" : "Compose \(folder)"))
    }

    private func evidence(_ service: Resource, _ node: ResourceNode?, _ reason: String) -> Evidence {
        Evidence(node?.file ?? service.file, node?.place.line ?? service.start.line, reason)
    }

    private mutating func add(_ service: Resource, into builder: inout ModelBuilder) {
        let body = service.body
        let image = body["image"]?.text ?? ""
        let technology = body["build"] == nil ? Technology.store(image: image) : nil
        let boundary = Self.boundary(service)
        let id = builder.add(
            Element(
                Self.id(service), technology == nil ? .process : .store, technology ?? "service", service.name,
                in: boundary, evidence(service, nil, "the service \(service.name) of Compose")), in: boundary)
        if let context = body["build"].flatMap({ $0.text ?? $0["context"]?.text }) {
            let folder = Self.joined(Self.folder(service), context)
            if builds[folder] == nil || body["ports"] != nil { builds[folder] = id }
        }
        readPorts(service, id, technology != nil, into: &builder)
        readVariables(service, id, technology, into: &builder)
        readBounds(service, id, into: &builder)
    }

    /// `deploy/../web` is `web`.
    static func joined(_ folder: String, _ path: String) -> String {
        var parts = folder.split(separator: "/")
        for part in path.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    // MARK: - Doors

    private func readPorts(_ service: Resource, _ id: String, _ isStore: Bool, into builder: inout ModelBuilder) {
        let ports = service.body["ports"]?.elements ?? []
        for port in ports {
            let (number, isLocal) = Self.published(port)
            let name = "port \(number)"
            let reach = isLocal ? "this machine only" : "all addresses of the host"
            let evidence = evidence(service, port, "\(name) is published on \(reach)")
            builder.enter(
                EntryPoint(
                    kind: .port, name: Name.shown(name), element: id, isPublic: !isLocal, isGuarded: nil,
                    evidence: evidence))
            if isStore {
                builder.mark(id, isLocal ? .privateNetwork : .reachableFromAnywhere, evidence)
            } else if !isLocal {
                builder.mark(id, .isPublic, evidence)
            }
        }
        if isStore, ports.isEmpty {
            builder.mark(id, .privateNetwork, evidence(service, nil, "no port of it is published"))
        }
    }

    /// The host's side of a port in any of its forms, and whether it is bound to the machine alone.
    private static func published(_ port: ResourceNode) -> (number: String, isLocal: Bool) {
        if let named = port["published"] {
            return (text(named), port["host_ip"]?.text?.hasPrefix("127.") == true)
        }
        let spelled = text(port)
        let isLocal = ["127.", "localhost:", "[::1]:"].contains(where: spelled.hasPrefix)
        let parts = spelled.split(separator: ":")
        return (String(parts.dropLast().last ?? parts.last ?? ""), isLocal)
    }

    // MARK: - Variables

    /// As pairs, in both forms that Compose has.
    private func variables(_ service: Resource) -> [(key: String, value: String, node: ResourceNode)] {
        guard let environment = service.body["environment"] else { return [] }
        let named = environment.members.map { ($0.key, Self.text($0.value), $0.value) }
        let listed = environment.elements.compactMap { node -> (String, String, ResourceNode)? in
            guard let text = node.text, let sign = text.firstIndex(of: "=") else { return nil }
            return (String(text[..<sign]), String(text[text.index(after: sign)...]), node)
        }
        return named + listed
    }

    private static func text(_ node: ResourceNode) -> String {
        node.text ?? node.integer.map { "\($0)" } ?? (node.flag == true ? "true" : "")
    }

    private func readVariables(
        _ service: Resource, _ id: String, _ technology: String?, into builder: inout ModelBuilder
    ) {
        for (key, value, node) in variables(service) {
            let name = Name.shown(key)
            if Variables.isPassword(key), Variables.isWritten(value) {
                builder.mark(id, .secretInText, evidence(service, node, "the value of \(name) is written out"))
            }
            if technology != nil, Variables.isPassword(key) {
                builder.mark(id, .asksPassword, evidence(service, node, "\(name) is set"))
            }
            if key.hasSuffix("_PASSWORD_FILE") {
                builder.mark(id, .secretStore, evidence(service, node, "\(name) names a file of secrets"))
                if technology != nil { builder.mark(id, .asksPassword, evidence(service, node, "\(name) is set")) }
            }
            let isOpen =
                key == "POSTGRES_HOST_AUTH_METHOD" && value == "trust"
                || key.contains("ALLOW_EMPTY_PASSWORD") && ["yes", "true", "1"].contains(value)
            if isOpen { builder.mark(id, .noPassword, evidence(service, node, "\(name) lets in without a password")) }
            if ["FLASK_DEBUG", "DEBUG"].contains(key), ["1", "true", "True"].contains(value), technology == nil {
                builder.mark(id, .debugging, evidence(service, node, "\(name) is on"))
            }
        }
        if let secrets = service.body["secrets"], !secrets.elements.isEmpty {
            builder.mark(id, .secretStore, evidence(service, secrets, "secrets are mounted from Compose's store"))
        }
    }

    private func readBounds(_ service: Resource, _ id: String, into builder: inout ModelBuilder) {
        let body = service.body
        let bounds = [body["mem_limit"], body["deploy"]?["resources"]?["limits"]].compactMap(\.self)
        if let bound = bounds.first {
            builder.mark(id, .limited, evidence(service, bound, "memory or processor time is bounded"))
        }
        let options = body["security_opt"]?.elements.compactMap(\.text) ?? []
        if options.contains(where: { $0.hasPrefix("no-new-privileges") }), let drop = body["cap_drop"],
            drop.elements.contains(where: { $0.text?.uppercased() == "ALL" })
        {
            builder.mark(id, .confined, evidence(service, drop, "all capabilities are dropped, and none can be gained"))
        }
    }

    // MARK: - Flows

    private func connect(_ service: Resource, _ services: [Resource], into builder: inout ModelBuilder) {
        let neighbours = Dictionary(
            services.filter { Self.folder($0) == Self.folder(service) }.map { ($0.name, Self.id($0)) }
        ) { first, _ in first }
        let id = Self.id(service)
        for key in ["depends_on", "links"] {
            guard let node = service.body[key] else { continue }
            let named = node.members.map { ($0.key, $0.value) } + node.elements.map { ($0.text ?? "", $0) }
            for (name, place) in named {
                let plain = String(name.prefix { $0 != ":" })
                guard let target = neighbours[plain] else { continue }
                builder.connect(id, target, "uses", evidence(service, place, "\(key) names \(plain)"))
            }
        }
        for (key, value, node) in variables(service) {
            guard let host = Variables.host(value), let target = neighbours[host] else { continue }
            let encrypted = CodeReader.isEncrypted([value])
            builder.connect(
                id, target, "uses", evidence(service, node, "\(Name.shown(key)) names \(host)"),
                encrypted.map { [$0 ? .encryptedInTransit : .plainInTransit] } ?? [])
        }
    }
}
