import HCL
import Rego

/// Terraform's configurations in a tree, each evaluated from its root module on.
struct TerraformReader {
    private struct Tree: TerraformFiles {
        var files: [String: [UInt8]] = [:]
        var folders: [String: [String]] = [:]

        func names(in folder: String) -> [String] { folders[folder] ?? [] }
        func read(_ path: String) -> [UInt8]? { files[path] }
    }

    private var tree = Tree()

    static func wants(_ name: String) -> Bool {
        [".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tpl", ".tftpl"].contains { name.hasSuffix($0) }
    }

    /// - Parameter files: all of the tree that may be read, configurations or not.
    init(_ files: [SourceFile]) {
        for file in files {
            tree.files[file.path] = file.bytes
            let (folder, name) = FilePath.split(file.path)
            tree.folders[folder, default: []].append(name)
        }
        for folder in tree.folders.keys { tree.folders[folder]?.sort() }
    }

    func read(into found: inout ReadResources) {
        let folders = tree.folders.filter { $0.value.contains { $0.hasSuffix(".tf") || $0.hasSuffix(".tf.json") } }
            .keys.sorted()
        var called: Set<String> = []
        for folder in folders {
            called.formUnion(TerraformEvaluation.calledFolders(of: folder, in: tree).filter { $0 != folder })
        }
        var roots = folders.filter { !called.contains($0) }
        // Modules that only call each other have no root: each is one, and the circle is told.
        if roots.isEmpty { roots = folders }
        for root in roots {
            let configuration = TerraformEvaluation.evaluate(root, in: tree)
            for problem in configuration.problems {
                found.note(problem.file, problem.problem.description)
            }
            for resource in configuration.resources { found.resources.append(Self.resource(resource, root)) }
        }
    }

    static func resource(_ resource: TerraformResource, _ root: String) -> Resource {
        let scope = "\(root)|"
        let kind = resource.mode == .managed ? "" : "\(resource.mode.rawValue)."
        let body = HCLNodes(scope: scope).node(resource.body)
        // Several settings of one provider differ in their alias.
        let alias = resource.mode == .provider ? body["alias"]?.text.map { ".\($0)" } ?? "" : ""
        let address = resource.address + alias
        return Resource(
            key: scope + TerraformResource.key(address), id: scope + address, format: .terraform,
            type: kind + resource.type, address: address, name: resource.name, file: resource.file,
            start: Place(resource.range.start), end: Place(resource.range.end), body: body)
    }
}

/// Makes nodes of HCL's.
struct HCLNodes {
    /// Stands before the keys of references.
    let scope: String

    func node(_ node: HCLNode) -> Node {
        let place = Place(node.place)
        switch node.content {
        case .value(let value): return self.node(value, at: place)
        case .list(let elements): return Node(.list(elements.map(self.node)), at: place)
        case .object(let members):
            return Node(.object(members.map { .init(key: $0.key, value: self.node($0.value)) }), at: place)
        }
    }

    private func node(_ value: HCLValue, at place: Place) -> Node {
        switch value {
        case .null: Node(.scalar(.null), at: place)
        case .bool(let bool): Node(.scalar(.bool(bool)), at: place)
        case .number(let number): Node(.scalar(Self.number(number)), at: place)
        case .string(let text): Node(.scalar(RegoValue(text)), at: place)
        case .list(let elements), .set(let elements):
            Node(.list(elements.map { node($0, at: place) }), at: place)
        case .object(let object):
            Node(.object(object.members.map { .init(key: $0.key, value: node($0.value, at: place)) }), at: place)
        case .unknown(let unknown):
            Node(
                .scalar(RegoValue(unknown.text)), at: place, references: unknown.references.compactMap { key($0.parts) }
            )
        }
    }

    private static func number(_ number: Double) -> RegoValue {
        if let whole = Int(exactly: number) { return RegoValue(whole) }
        return RegoNumber(number).map { .number($0) } ?? RegoValue(HCLValue.spelling(number))
    }

    /// The resource that a reference leads to: its address without indices and attributes.
    private func key(_ parts: [String]) -> String? {
        var names = parts.filter { $0.utf8.first != UInt8(ascii: "[") }[...]
        var out: [String] = []
        while names.count > 2, names.first == "module" {
            out += names.prefix(2)
            names = names.dropFirst(2)
        }
        let count = names.first == "data" ? 3 : 2
        guard names.count >= count else { return nil }
        return scope + (out + names.prefix(count)).joined(separator: ".")
    }
}

extension Place {
    init(_ place: HCLPlace) { self.init(line: place.line, column: place.column) }
}

/// Within this room; others know paths of the system by that name.
typealias FilePath = PathParts

package enum PathParts {
    /// `a/b/c.tf` gives `a/b` and `c.tf`.
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
