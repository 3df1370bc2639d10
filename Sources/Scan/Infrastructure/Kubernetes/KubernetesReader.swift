import Rego

/// Objects of Kubernetes manifests, as `kubernetes.Deployment` and the like.
enum KubernetesReader {
    static func isObject(_ document: Node) -> Bool {
        document["apiVersion"]?.text != nil && document["kind"]?.text != nil
    }

    /// - Parameter variant: the kustomization that made the object; others may make others of the same.
    static func read(_ document: Node, _ file: String, variant: String = "", into found: inout ReadResources) {
        guard let kind = document["kind"]?.text else { return }
        if kind == "List" || kind.hasSuffix("List"), let items = document["items"]?.elements, !items.isEmpty {
            for item in items.prefix(10_000) where isObject(item) && item["kind"]?.text?.hasSuffix("List") == false {
                read(item, file, variant: variant, into: &found)
            }
            return
        }
        let metadata = document["metadata"]
        let name = metadata?["name"]?.text ?? metadata?["generateName"]?.text ?? "?"
        let namespace = metadata?["namespace"]?.text
        let address = "\(kind)/\(namespace.map { "\($0)/" } ?? "")\(name)"
        found.resources.append(
            Resource(
                key: "\(variant)|\(file)|\(address)", id: "\(variant)|\(file)|\(document.place.line)|\(address)",
                format: .kubernetes,
                type: "kubernetes.\(kind)", address: address, name: name, file: file, start: document.place,
                end: document.place, body: document))
    }
}
