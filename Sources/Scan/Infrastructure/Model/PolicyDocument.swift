import Rego

/// An IAM policy in a resource, in one form wherever it is written: as JSON text, as an object, or as Terraform's
/// `aws_iam_policy_document`.
struct PolicyDocument {
    /// Where it stands below the resource.
    var path: [RegoValue]
    var statements: [RegoValue]
    /// Written in another resource, which is checked itself.
    var isInherited: Bool

    var value: RegoValue {
        ["path": .array(RegoArray(path)), "statements": .array(RegoArray(statements)), "inherited": .bool(isInherited)]
    }

    static let dataType = "data.aws_iam_policy_document"

    static func all(of resource: Resource, lookup: (String) -> Resource?) -> [PolicyDocument] {
        if resource.type == dataType {
            let statements = terraformStatements(of: resource.body)
            return [PolicyDocument(path: [], statements: statements, isInherited: false)]
        }
        guard resource.type.hasPrefix("aws_") else { return [] }
        var found: [PolicyDocument] = []
        collect(resource.body, [], 0, lookup, into: &found)
        return found
    }

    private static func collect(
        _ node: Node, _ path: [RegoValue], _ depth: Int, _ lookup: (String) -> Resource?,
        into found: inout [PolicyDocument]
    ) {
        guard depth < 12, found.count < 100 else { return }
        switch node.content {
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                collect(element, path + [RegoValue(index)], depth + 1, lookup, into: &found)
            }
        case .object(let members):
            if let statements = node["Statement"] {
                let base = path + ["Statement"]
                let isList = !statements.elements.isEmpty
                let own = normalized(statements.value) { isList ? base + [RegoValue($0)] : base }
                return found.append(PolicyDocument(path: path, statements: own, isInherited: false))
            }
            for member in members {
                collect(member.value, path + [RegoValue(member.key)], depth + 1, lookup, into: &found)
            }
        case .scalar(let value):
            guard let text = value.text else { return }
            if text.utf8.contains(UInt8(ascii: "{")), text.contains("\"Statement\""),
                let document = try? RegoValue(parsing: Array(text.utf8)), let statements = document.object?["Statement"]
            {
                let own = normalized(statements) { _ in path }
                found.append(PolicyDocument(path: path, statements: own, isInherited: false))
            } else if let source = node.references.lazy.compactMap(lookup).first(where: { $0.type == dataType }) {
                let statements = terraformStatements(of: source.body)
                found.append(PolicyDocument(path: path, statements: statements, isInherited: true))
            }
        }
    }

    // MARK: Forms

    /// - Parameter path: where the statement of an index stands.
    private static func normalized(_ value: RegoValue, path: (Int) -> [RegoValue]) -> [RegoValue] {
        let list = value.array.map { Array($0) } ?? [value]
        return list.enumerated().compactMap { index, statement in
            guard let object = statement.object else { return nil }
            var out = statementBase(object["Effect"], path(index))
            for (name, key) in [
                ("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"),
                ("not_resources", "NotResource"),
            ] { out.updateValue(texts(object[key]), forKey: RegoValue(name)) }
            out.updateValue(principals(object["Principal"]), forKey: "principals")
            out.updateValue(object["Condition"] ?? .object(RegoObject()), forKey: "conditions")
            return .object(out)
        }
    }

    private static func statementBase(_ effect: RegoValue?, _ path: [RegoValue]) -> RegoObject {
        [
            "effect": effect?.text.map { RegoValue($0) } ?? "Allow",
            "path": .array(RegoArray(path)),
        ]
    }

    private static func texts(_ value: RegoValue?) -> RegoValue {
        switch value {
        case .array(let array): .array(RegoArray(array.filter { $0.text != nil }))
        case .string(let text): [.string(text)]
        default: []
        }
    }

    /// `*`, `AWS:*`, `Service:ec2.amazonaws.com`
    private static func principals(_ value: RegoValue?) -> RegoValue {
        if let text = value?.text { return [RegoValue(text)] }
        var out = RegoArray()
        for (kind, identifiers) in value?.object ?? RegoObject() {
            guard let kind = kind.text else { continue }
            for identifier in texts(identifiers).array ?? RegoArray() {
                out.append(RegoValue("\(kind):\(identifier.text ?? "")"))
            }
        }
        return .array(out)
    }

    private static func terraformStatements(of body: Node) -> [RegoValue] {
        (body["statement"]?.elements ?? []).enumerated().map { index, statement in
            var out = statementBase(statement["effect"]?.value, ["statement", RegoValue(index)])
            for name in ["actions", "not_actions", "resources", "not_resources"] {
                out.updateValue(texts(statement[name]?.value), forKey: RegoValue(name))
            }
            var principals = RegoArray()
            for block in statement["principals"]?.elements ?? [] {
                let kind = block["type"]?.text ?? "*"
                for identifier in block["identifiers"]?.elements ?? [] {
                    let text = identifier.text ?? ""
                    principals.append(RegoValue(kind == "*" ? text : "\(kind):\(text)"))
                }
            }
            out.updateValue(.array(principals), forKey: "principals")
            var conditions = RegoObject()
            for block in statement["condition"]?.elements ?? [] {
                let variable = RegoValue(block["variable"]?.text ?? "")
                conditions.updateValue(
                    .object([variable: block["values"]?.value ?? []]), forKey: RegoValue(block["test"]?.text ?? ""))
            }
            out.updateValue(.object(conditions), forKey: "conditions")
            return .object(out)
        }
    }
}
