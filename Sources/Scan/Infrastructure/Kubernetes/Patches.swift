import HCL
import Rego

/// What a kustomization changes: strategic merges, JSON patches (RFC 6902), images, the namespace.
struct Patches {
    private let body: Node
    private let file: String
    private let folder: String
    private let manifests: [String: [Node]]

    init(_ body: Node, _ file: String, _ folder: String, _ manifests: [String: [Node]]) {
        self.body = body
        self.file = file
        self.folder = folder
        self.manifests = manifests
    }

    func apply(to objects: inout [Kustomizations.Object], _ notes: inout [(String, String)]) {
        for entry in body["patchesStrategicMerge"]?.elements ?? [] {
            for patch in documents(entry, &notes) { merge(patch, nil, &objects) }
        }
        for entry in (body["patches"]?.elements ?? []) + (body["patchesJson6902"]?.elements ?? []) {
            guard let source = entry["patch"] ?? entry["path"] else { continue }
            for patch in documents(source, &notes) {
                if case .list(let operations) = patch.content {
                    change(operations, entry["target"], &objects)
                } else {
                    merge(patch, entry["target"], &objects)
                }
            }
        }
        if let namespace = body["namespace"] {
            for index in objects.indices {
                var metadata = objects[index].node["metadata"] ?? .object(at: namespace.place)
                metadata.set("namespace", placed(namespace, file))
                objects[index].node.set("metadata", metadata)
            }
        }
        for image in body["images"]?.elements ?? [] {
            for index in objects.indices { objects[index].node = renamed(objects[index].node, image, 0) }
        }
    }

    /// The patch in a text, or in the file that the text names.
    private func documents(_ source: Node, _ notes: inout [(String, String)]) -> [Node] {
        guard let text = source.text else { return [] }
        if !text.contains("\n"), let path = TerraformPath.join(folder, text), let documents = manifests[path] {
            return documents.map { placed($0, path) }
        }
        let (documents, failure) = YAMLDocuments.read(Array(text.utf8))
        if let failure { notes.append((file, "\(source.place.line): the patch \(failure.description)")) }
        guard documents.contains(where: { $0.text == nil }) else {
            notes.append((file, "\(source.place.line): the patch \(text.prefix(100)) is not there"))
            return []
        }
        return documents.map { located($0, source.place) }
    }

    private func placed(_ node: Node, _ file: String) -> Node {
        var node = node
        node.file = file
        switch node.content {
        case .scalar: break
        case .list(let elements): node.content = .list(elements.map { placed($0, file) })
        case .object(let members):
            node.content = .object(members.map { .init(key: $0.key, value: placed($0.value, file)) })
        }
        return node
    }

    /// What is written in a text stands where the text does.
    private func located(_ node: Node, _ place: Place) -> Node {
        var node = node
        node.place = place
        node.file = file
        switch node.content {
        case .scalar: break
        case .list(let elements): node.content = .list(elements.map { located($0, place) })
        case .object(let members):
            node.content = .object(members.map { .init(key: $0.key, value: located($0.value, place)) })
        }
        return node
    }

    // MARK: Targets

    private func matches(_ object: Node, _ target: Node?, _ patch: Node?) -> Bool {
        let wanted = target ?? patch
        guard let kind = wanted?["kind"]?.text else { return target != nil && name(target) == nil }
        guard kind == object["kind"]?.text else { return false }
        guard let name = name(target) ?? (target == nil ? patch?["metadata"]?["name"]?.text : nil) else { return true }
        return name == ".*" || name == object["metadata"]?["name"]?.text
    }

    private func name(_ target: Node?) -> String? { target?["name"]?.text }

    private func merge(_ patch: Node, _ target: Node?, _ objects: inout [Kustomizations.Object]) {
        for index in objects.indices where matches(objects[index].node, target, patch) {
            var merged = Self.merged(objects[index].node, patch, 0)
            for name in ["kind", "metadata"] {
                if let own = objects[index].node[name] { merged.set(name, own) }
            }
            objects[index].node = merged
        }
    }

    /// Lists of things with names are merged by name, as containers, volumes and variables are; others are replaced.
    static func merged(_ base: Node, _ patch: Node, _ depth: Int) -> Node {
        guard depth < 64 else { return base }
        switch (base.content, patch.content) {
        case (.object(var members), .object(let changes)):
            for change in changes {
                let at = members.firstIndex { $0.key == change.key }
                if change.value.value.isNull || change.value["$patch"]?.text == "delete" {
                    if let at { members.remove(at: at) }
                } else if let at {
                    members[at].value = merged(members[at].value, change.value, depth + 1)
                } else {
                    members.append(change)
                }
            }
            var out = base
            out.content = .object(members)
            return out
        case (.list(var elements), .list(let changes)) where changes.allSatisfy { $0["name"] != nil }:
            for change in changes {
                let at = elements.firstIndex { $0["name"]?.text == change["name"]?.text }
                if change["$patch"]?.text == "delete" {
                    if let at { elements.remove(at: at) }
                } else if let at {
                    elements[at] = merged(elements[at], change, depth + 1)
                } else {
                    elements.append(change)
                }
            }
            var out = base
            out.content = .list(elements)
            return out
        default: return patch
        }
    }

    // MARK: JSON patches

    private func change(_ operations: [Node], _ target: Node?, _ objects: inout [Kustomizations.Object]) {
        for index in objects.indices where matches(objects[index].node, target, nil) {
            for operation in operations {
                guard let op = operation["op"]?.text, let pointer = operation["path"]?.text else { continue }
                let steps = pointer.split(separator: "/").map { Self.unescaped(String($0)) }
                let value = op == "remove" ? nil : operation["value"]
                guard op == "remove" || value != nil, ["add", "replace", "remove"].contains(op) else { continue }
                objects[index].node = Self.setting(value, at: steps[...], in: objects[index].node, inserts: op == "add")
            }
        }
    }

    /// `~1` is a slash and `~0` a tilde.
    private static func unescaped(_ step: String) -> String {
        var out = ""
        var rest = Substring(step)
        while let first = rest.popFirst() {
            if first == "~", rest.first == "1" || rest.first == "0" {
                out += rest.popFirst() == "1" ? "/" : "~"
            } else {
                out.append(first)
            }
        }
        return out
    }

    private static func setting(_ value: Node?, at path: ArraySlice<String>, in node: Node, inserts: Bool) -> Node {
        guard let step = path.first else { return value ?? node }
        var out = node
        let rest = path.dropFirst()
        switch node.content {
        case .scalar: return node
        case .object(var members):
            if let at = members.firstIndex(where: { $0.key == step }) {
                if rest.isEmpty, value == nil {
                    members.remove(at: at)
                } else {
                    members[at].value = setting(value, at: rest, in: members[at].value, inserts: inserts)
                }
            } else if rest.isEmpty, let value {
                members.append(.init(key: step, value: value))
            }
            out.content = .object(members)
        case .list(var elements):
            let index = step == "-" ? elements.count : Int(step) ?? -1
            if rest.isEmpty, inserts, let value, (0...elements.count).contains(index) {
                elements.insert(value, at: index)
            } else if elements.indices.contains(index) {
                if rest.isEmpty, value == nil {
                    elements.remove(at: index)
                } else {
                    elements[index] = setting(value, at: rest, in: elements[index], inserts: inserts)
                }
            }
            out.content = .list(elements)
        }
        return out
    }

    // MARK: Images

    private func renamed(_ node: Node, _ image: Node, _ depth: Int) -> Node {
        guard depth < 64 else { return node }
        var out = node
        switch node.content {
        case .scalar: break
        case .list(let elements): out.content = .list(elements.map { renamed($0, image, depth + 1) })
        case .object(let members):
            out.content = .object(
                members.map { member in
                    guard member.key == "image", let text = member.value.text else {
                        return .init(key: member.key, value: renamed(member.value, image, depth + 1))
                    }
                    return .init(key: member.key, value: replaced(text, member.value, image))
                })
        }
        return out
    }

    private func replaced(_ text: String, _ node: Node, _ image: Node) -> Node {
        let bare = text.prefix { $0 != "@" }
        let tagStart = bare.lastIndex(of: ":").flatMap { bare[$0...].contains("/") ? nil : $0 }
        let name = tagStart.map { bare[..<$0] } ?? bare
        guard let wanted = image["name"]?.text, wanted == name else { return node }
        var out = image["newName"]?.text ?? wanted
        if let digest = image["digest"]?.text {
            out += "@\(digest)"
        } else if let tag = image["newTag"]?.value {
            out += ":\(tag.text ?? tag.jsonKey)"
        } else {
            out += text.dropFirst(name.count)
        }
        return Node(.scalar(.init(out)), at: image.place, file: file)
    }
}
