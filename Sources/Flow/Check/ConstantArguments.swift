import Core
import Gate
import JSON

/// Checks a tool's arguments as far as they are the same in every run; the gate checks them all when they are known.
struct ConstantArguments {
    private let tool: String
    /// Nil for a schema that the gate would not take either.
    private let schema: ArgumentSchema?

    init(of descriptor: ToolDescriptor) {
        tool = descriptor.id
        schema = try? ArgumentSchema(descriptor.arguments, of: descriptor.id)
    }

    func objections(to arguments: Template) -> [Objection] {
        guard let schema else { return [] }
        return objections(to: arguments.root, by: schema, at: "")
    }

    private func objections(to node: TemplateNode, by schema: ArgumentSchema, at path: String) -> [Objection] {
        switch node {
        case .expression: return []
        case .constant(let value): return objection(to: value, by: schema, at: path)
        // What it will say is not known, only that it is text.
        case .text: return schema.takes("string") ? [] : objection(to: "", by: schema, at: path)
        case .list(let nodes): return objections(to: nodes, by: schema, at: path)
        case .object(let members): return objections(to: members, by: schema, at: path)
        }
    }

    private func objection(to value: JSON, by schema: ArgumentSchema, at path: String) -> [Objection] {
        do {
            try schema.check(value, at: path, of: tool)
            return []
        } catch {
            let failure = error as? GatehouseError
            return [Objection(failure?.message ?? "\(error)", hint: failure?.hint)]
        }
    }

    private func objections(
        to nodes: [TemplateNode], by schema: ArgumentSchema, at path: String
    ) -> [Objection] {
        let values = nodes.compactMap(\.constant)
        if values.count == nodes.count || !schema.takes("array") {
            return objection(to: .array(values), by: schema, at: path)
        }
        guard let items = schema.items.first else { return [] }
        return nodes.enumerated().flatMap { objections(to: $1, by: items, at: "\(path)[\($0)]") }
    }

    private func objections(
        to members: [(key: String, value: TemplateNode)], by schema: ArgumentSchema, at path: String
    ) -> [Objection] {
        guard schema.takes("object") else { return objection(to: [:], by: schema, at: path) }
        var found: [Objection] = []
        for name in schema.required where !members.contains(where: { $0.key == name }) {
            found.append(Objection("argument \"\(ArgumentSchema.join(path, name))\" of \(tool) is missing"))
        }
        for (name, node) in members {
            if let property = schema.properties[name] {
                found += objections(to: node, by: property, at: ArgumentSchema.join(path, name))
            } else if case .schema(let rest) = schema.additional {
                found += objections(to: node, by: rest, at: ArgumentSchema.join(path, name))
            } else if case .refused = schema.additional {
                found.append(unknown(name, schema, path))
            }
        }
        return found
    }

    private func unknown(_ name: String, _ schema: ArgumentSchema, _ path: String) -> Objection {
        let names = schema.properties.keys.sorted()
        let nearest = Suggestion.nearest(to: name, among: names)
        return Objection(
            "argument \"\(ArgumentSchema.join(path, name))\" of \(tool) is unknown",
            hint: nearest.map { "did you mean \"\($0)\"?" }
                ?? (names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"))
    }
}
