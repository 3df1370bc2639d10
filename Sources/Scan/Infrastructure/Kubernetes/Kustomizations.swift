import HCL

/// Manifests with the kustomizations over them: what an overlay makes of its bases is judged, and a patch is not taken
/// for an object of its own. What no kustomization names is judged as it stands.
struct Kustomizations {
    private static let maximumDepth = 16

    private var manifests: [String: [Node]] = [:]
    /// By folder.
    private var kustomizations: [String: (file: String, body: Node)] = [:]

    static func wants(_ name: String) -> Bool {
        ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(name)
    }

    mutating func add(manifest document: Node, _ file: String) { manifests[file, default: []].append(document) }

    mutating func add(kustomization document: Node, _ file: String) {
        kustomizations[FilePath.split(file).folder] = (file, document)
    }

    func read(into found: inout ReadResources) {
        let named = Set(kustomizations.keys.flatMap(files))
        for (file, documents) in manifests.sorted(by: { $0.key < $1.key }) where !named.contains(file) {
            for document in documents { KubernetesReader.read(document, file, into: &found) }
        }
        for folder in roots() {
            var notes: [(String, String)] = []
            for object in build(folder, [], &notes) {
                KubernetesReader.read(object.node, object.file, variant: folder, into: &found)
            }
            for (file, detail) in notes { found.note(file, detail) }
        }
    }

    /// Kustomizations that no other names; then one of each circle of them, so that it is told.
    private func roots() -> [String] {
        let bases = Set(kustomizations.keys.flatMap(folders))
        let folders = kustomizations.keys.sorted()
        var roots: [String] = []
        var reached: Set<String> = []
        for folder in folders.filter({ !bases.contains($0) }) + folders where !reached.contains(folder) {
            roots.append(folder)
            var open = [folder]
            while let next = open.popLast() {
                if reached.insert(next).inserted { open += self.folders(next) }
            }
        }
        return roots
    }

    private func folders(_ folder: String) -> [String] { named(folder).filter { kustomizations[$0] != nil } }
    private func files(_ folder: String) -> [String] { named(folder).filter { kustomizations[$0] == nil } }

    private func named(_ folder: String) -> [String] {
        (kustomizations[folder].map { Self.paths(of: $0.body) } ?? []).compactMap { TerraformPath.join(folder, $0) }
    }

    /// Files and folders that a kustomization names.
    private static func paths(of body: Node) -> [String] {
        let plain = ["resources", "bases", "components", "patchesStrategicMerge"].flatMap { name in
            (body[name]?.elements ?? []).compactMap(\.text)
        }
        let patches = ["patches", "patchesJson6902"].flatMap { name in
            (body[name]?.elements ?? []).compactMap { $0["path"]?.text }
        }
        return (plain + patches).filter { !$0.contains("\n") }
    }

    // MARK: Building

    struct Object {
        var node: Node
        var file: String
    }

    private func build(_ folder: String, _ stack: [String], _ notes: inout [(String, String)]) -> [Object] {
        guard let (file, body) = kustomizations[folder] else { return [] }
        guard !stack.contains(folder), stack.count < Self.maximumDepth else {
            notes.append((file, "kustomizations name each other in a circle, or more than \(Self.maximumDepth) deep"))
            return []
        }
        var objects: [Object] = []
        for name in ["resources", "bases"] {
            for entry in body[name]?.elements ?? [] {
                guard let path = entry.text else { continue }
                if path.contains("://") || path.hasPrefix("github.com/") || path.contains("?ref=") {
                    notes.append((file, "\(entry.place.line): \(path.prefix(200)) is elsewhere and is not fetched"))
                } else if let joined = TerraformPath.join(folder, path), let documents = manifests[joined] {
                    objects += documents.map { Object(node: $0, file: joined) }
                } else if let joined = TerraformPath.join(folder, path), kustomizations[joined] != nil {
                    objects += build(joined, stack + [folder], &notes)
                } else {
                    notes.append((file, "\(entry.place.line): \(path.prefix(200)) is not there, or holds no object"))
                }
            }
        }
        if body["helmCharts"] != nil {
            notes.append((file, "not rendered: charts of Helm that the kustomization names"))
        }
        for entry in body["components"]?.elements ?? [] {
            guard let joined = entry.text.flatMap({ TerraformPath.join(folder, $0) }), !stack.contains(joined),
                let component = kustomizations[joined]
            else { continue }
            objects += build(joined, stack + [folder], &notes)
            Patches(component.body, component.file, joined, manifests).apply(to: &objects, &notes)
        }
        Patches(body, file, folder, manifests).apply(to: &objects, &notes)
        return objects
    }
}
