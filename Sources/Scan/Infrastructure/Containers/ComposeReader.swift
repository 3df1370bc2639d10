/// Services of a Compose file.
enum ComposeReader {
    static func wants(_ name: String) -> Bool {
        guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") else { return false }
        return ["docker-compose", "compose.", "podman-compose"].contains { name.hasPrefix($0) }
    }

    static func read(_ document: Node, _ file: String, into found: inout ReadResources) {
        guard let services = document["services"] else { return found.note(file, "the file has no services") }
        for service in services.members {
            guard case .object = service.value.content else {
                found.note(file, "\(service.value.place.line): the service \(service.key.prefix(80)) is no mapping")
                continue
            }
            let place = service.place ?? service.value.place
            found.resources.append(
                Resource(
                    key: "\(file)|\(service.key)", id: "\(file)|\(service.key)", format: .compose,
                    type: "compose.service",
                    address: service.key, name: service.key, file: file, start: place, end: place, body: service.value))
        }
    }
}
