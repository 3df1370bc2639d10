import HCL
import JSON
import Rego
import Web

/// Resources of `terraform show -json`: what a plan comes to, with the references of its configuration.
struct PlanReader {
    static func isPlan(_ bytes: [UInt8]) -> Bool {
        ByteSearch.first(Array("\"planned_values\"".utf8), in: bytes[...]) != nil
    }

    private let file: String
    private let scope: String
    private let places: HCLPlaces
    /// References of attributes by the address of a resource without indices.
    private var references: [String: [String: [String]]] = [:]

    static func read(_ file: SourceFile, into found: inout ReadResources) {
        var limits = JSON.Limits.default
        limits.values = 2_000_000
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(file.bytes, limits: limits) } catch {
            return found.note(file.path, "cannot be read as a plan: \(error)")
        }
        guard let root = document["planned_values"]?["root_module"] else {
            return found.note(file.path, "the plan has no planned_values.root_module")
        }
        var reader = PlanReader(file)
        reader.collectReferences(document["configuration"]?["root_module"], "", 0)
        reader.read(root, 0, into: &found)
    }

    private init(_ file: SourceFile) {
        self.file = file.path
        scope = "\(file.path)|"
        places = HCLPlaces(file.bytes)
    }

    private mutating func collectReferences(_ module: JSONView?, _ prefix: String, _ depth: Int) {
        guard let module, depth < 16 else { return }
        for resource in module["resources"].map({ Array($0.elements) }) ?? [] {
            guard let address = resource["address"]?.string else { continue }
            for member in resource["expressions"].map({ Array($0.members) }) ?? [] {
                let found = Self.references(in: member.value, 0).map { scope + prefix + $0 }
                if !found.isEmpty { references[prefix + address, default: [:]][member.key] = found }
            }
        }
        for call in module["module_calls"].map({ Array($0.members) }) ?? [] {
            collectReferences(call.value["module"], "\(prefix)module.\(call.key).", depth + 1)
        }
    }

    private static func references(in view: JSONView, _ depth: Int) -> [String] {
        guard depth < 16 else { return [] }
        if let list = view["references"] { return list.elements.compactMap { $0.string.flatMap(key) } }
        return view.elements.flatMap { references(in: $0, depth + 1) }
            + view.members.flatMap { references(in: $0.value, depth + 1) }
    }

    /// `aws_s3_bucket.b.id` leads to `aws_s3_bucket.b`.
    private static func key(_ reference: String) -> String? {
        let parts = TerraformResource.key(reference).split(separator: ".")
        guard let first = parts.first, !["var", "local", "each", "count", "path", "module"].contains(first) else {
            return nil
        }
        let count = first == "data" ? 3 : 2
        return parts.count >= count ? parts.prefix(count).joined(separator: ".") : nil
    }

    private func read(_ module: JSONView, _ depth: Int, into found: inout ReadResources) {
        guard depth < 16 else { return found.note(file, "modules of the plan are nested too deeply") }
        for resource in module["resources"].map({ Array($0.elements) }) ?? [] {
            guard let address = resource["address"]?.string, let type = resource["type"]?.string else { continue }
            let isData = resource["mode"]?.string == "data"
            let place = Place(places.place(resource.raw.lowerBound))
            let key = TerraformResource.key(address)
            var body = Node.object(at: place)
            if let values = resource["values"] { body.content = node(values, 0).content }
            for (name, targets) in references[key] ?? [:] where body[name] == nil || body[name]?.value.isNull == true {
                body.set(name, Node(.scalar(RegoValue("${…}")), at: place, references: targets))
            }
            found.resources.append(
                Resource(
                    key: scope + key, id: scope + address, format: .terraform, type: (isData ? "data." : "") + type,
                    address: address, name: resource["name"]?.string ?? "", file: file, start: place, end: place,
                    body: body))
        }
        for child in module["child_modules"].map({ Array($0.elements) }) ?? [] { read(child, depth + 1, into: &found) }
    }

    private func node(_ view: JSONView, _ depth: Int) -> Node {
        let place = Place(places.place(view.raw.lowerBound))
        guard depth < 64 else { return Node(.scalar(.null), at: place) }
        switch view.kind {
        case .array: return Node(.list(view.elements.map { node($0, depth + 1) }), at: place)
        case .object:
            // What a plan has as null is not set.
            let members = view.members.filter { $0.value.kind != .null }
            return Node(.object(members.map { .init(key: $0.key, value: node($0.value, depth + 1)) }), at: place)
        default: return Node(.scalar(RegoValue(view)), at: place)
        }
    }
}
