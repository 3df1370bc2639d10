import Rego

/// Evaluates CloudFormation's functions as far as a template says: parameters have their defaults, conditions follow
/// from them, and what only a deployment knows is a text with `${…}`.
struct Intrinsics {
    static let names: Set<String> = [
        "Ref", "GetAtt", "Sub", "Join", "Select", "Split", "If", "FindInMap", "Base64", "Cidr", "GetAZs", "ImportValue",
        "Transform", "And", "Or", "Not", "Equals", "Condition", "Length", "ToJsonString", "ForEach",
    ]

    /// Stands before the keys of references.
    let scope: String
    private let parameters: [String: Node]
    private let mappings: Node?
    private let conditions: [String: Node]
    private let resources: Set<String>

    init(_ template: Node, scope: String) {
        self.scope = scope
        parameters = Self.byName(template["Parameters"])
        mappings = template["Mappings"]
        conditions = Self.byName(template["Conditions"])
        resources = Set((template["Resources"]?.members ?? []).map(\.key))
    }

    private static func byName(_ node: Node?) -> [String: Node] {
        Dictionary((node?.members ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil for `AWS::NoValue`: the member is as good as absent.
    func resolve(_ node: Node, _ depth: Int = 0) -> Node? {
        guard depth < 48 else { return unknown("…", node.place) }
        switch node.content {
        case .scalar: return node
        case .list(let elements):
            return Node(.list(elements.compactMap { resolve($0, depth + 1) }), at: node.place)
        case .object(let members):
            if members.count == 1, let function = members.first, isFunction(function.key) {
                return call(function.key, function.value, node.place, depth)
            }
            let resolved = members.compactMap { member in
                resolve(member.value, depth + 1).map { Node.Member(key: member.key, value: $0) }
            }
            return Node(.object(resolved), at: node.place)
        }
    }

    private func isFunction(_ key: String) -> Bool { key == "Ref" || key.hasPrefix("Fn::") }

    private func unknown(_ text: String, _ place: Place, _ references: [String] = []) -> Node {
        Node(.scalar(RegoValue("${\(text)}")), at: place, references: references)
    }

    private func call(_ name: String, _ argument: Node, _ place: Place, _ depth: Int) -> Node? {
        switch name {
        case "Ref": return reference(argument.text ?? "…", place, depth)
        case "Fn::GetAtt":
            let parts = argument.text.map { [$0] } ?? argument.elements.compactMap(\.text)
            let resource = parts.first?.split(separator: ".").first.map(String.init) ?? ""
            return unknown(parts.joined(separator: "."), place, [scope + resource])
        case "Fn::Sub": return substitute(argument, place, depth)
        case "Fn::Join": return join(argument, place, depth)
        case "Fn::If": return choose(argument, place, depth)
        case "Fn::FindInMap": return find(argument, place, depth)
        case "Fn::Base64": return resolve(argument, depth + 1)
        case "Fn::Select":
            guard argument.elements.count == 2, let index = number(argument.elements[0], depth),
                let list = resolve(argument.elements[1], depth + 1)?.elements, list.indices.contains(index)
            else { return unknown("Select", place) }
            return list[index]
        case "Fn::Split":
            guard argument.elements.count == 2, let separator = argument.elements[0].text, separator.count == 1,
                let text = resolve(argument.elements[1], depth + 1)?.text, !text.contains("${")
            else { return unknown("Split", place) }
            let parts = text.split(omittingEmptySubsequences: false) { separator.first == $0 }
            return Node(.list(parts.map { Node(.scalar(RegoValue(String($0))), at: place) }), at: place)
        default: return unknown(String(name.drop { $0 != ":" }.drop { $0 == ":" }), place)
        }
    }

    private func number(_ node: Node, _ depth: Int) -> Int? {
        guard let value = resolve(node, depth + 1)?.value else { return nil }
        return value.number?.int ?? value.text.flatMap { Int($0) }
    }

    private func reference(_ name: String, _ place: Place, _ depth: Int) -> Node? {
        if name == "AWS::NoValue" { return nil }
        if let parameter = parameters[name] {
            guard let value = parameter["Default"] else { return unknown(name, place) }
            guard parameter["Type"]?.text == "CommaDelimitedList", let text = value.text else {
                return Node(value.content, at: place)
            }
            return Node(
                .list(text.split(separator: ",").map { Node(.scalar(RegoValue(String($0))), at: place) }), at: place)
        }
        return unknown(name, place, resources.contains(name) ? [scope + name] : [])
    }

    private func join(_ argument: Node, _ place: Place, _ depth: Int) -> Node? {
        guard argument.elements.count == 2, let separator = argument.elements[0].text,
            let list = resolve(argument.elements[1], depth + 1), case .list(let elements) = list.content
        else { return unknown("Join", place) }
        var references: [String] = []
        list.collectReferences(into: &references)
        let text = elements.map(Self.text).joined(separator: separator)
        return Node(.scalar(RegoValue(text)), at: place, references: references)
    }

    private static func text(_ node: Node) -> String { node.text ?? node.value.jsonKey }

    /// `${Name}`, `${Resource.Attribute}`, `${!literal}`
    private func substitute(_ argument: Node, _ place: Place, _ depth: Int) -> Node? {
        let template = argument.text ?? argument.elements.first?.text ?? ""
        let given = argument.elements.count > 1 ? argument.elements[1] : nil
        var out = ""
        var references: [String] = []
        var rest = Substring(template)
        while let dollar = rest.firstIndex(of: "$") {
            out += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            guard rest.first == "{" else {
                out += "$"
                continue
            }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: "}") else { break }
            let name = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            if name.hasPrefix("!") {
                out += "${\(name.dropFirst())}"
            } else if let value = given?[name].flatMap({ resolve($0, depth + 1) }) {
                out += Self.text(value)
                value.collectReferences(into: &references)
            } else if parameters[name] != nil, let value = reference(name, place, depth) {
                out += Self.text(value)
            } else {
                out += "${\(name)}"
                let resource = name.split(separator: ".").first.map(String.init) ?? ""
                if resources.contains(resource) { references.append(scope + resource) }
            }
        }
        return Node(.scalar(RegoValue(out + rest)), at: place, references: references)
    }

    private func find(_ argument: Node, _ place: Place, _ depth: Int) -> Node? {
        var node = mappings
        for step in argument.elements.prefix(3) {
            guard let key = resolve(step, depth + 1).map(Self.text), let next = node?[key] else {
                return unknown("FindInMap", place)
            }
            node = next
        }
        return node.map { Node($0.content, at: place) } ?? unknown("FindInMap", place)
    }

    // MARK: Conditions

    private func choose(_ argument: Node, _ place: Place, _ depth: Int) -> Node? {
        guard argument.elements.count == 3, let name = argument.elements[0].text else { return unknown("If", place) }
        switch holds(condition: name, depth + 1) {
        case true?: return resolve(argument.elements[1], depth + 1)
        case false?: return resolve(argument.elements[2], depth + 1)
        case nil:
            var references: [String] = []
            for branch in argument.elements.dropFirst() {
                resolve(branch, depth + 1)?.collectReferences(into: &references)
            }
            return unknown("If", place, references)
        }
    }

    /// Nil where it depends on what is not known.
    func holds(condition name: String, _ depth: Int = 0) -> Bool? {
        guard depth < 48, let node = conditions[name] else { return nil }
        return holds(node, depth + 1)
    }

    private func holds(_ node: Node, _ depth: Int) -> Bool? {
        guard depth < 48, let function = node.members.first else { return nil }
        let operands = function.value.elements
        switch function.key {
        case "Condition": return function.value.text.flatMap { holds(condition: $0, depth + 1) }
        case "Fn::Equals":
            guard operands.count == 2, let left = resolve(operands[0], depth + 1),
                let right = resolve(operands[1], depth + 1)
            else { return nil }
            let (a, b) = (Self.text(left), Self.text(right))
            return a.contains("${") || b.contains("${") ? nil : a == b
        case "Fn::Not": return operands.first.flatMap { holds($0, depth + 1) }.map { !$0 }
        case "Fn::And", "Fn::Or":
            let decisive = function.key == "Fn::Or"
            let values = operands.map { holds($0, depth + 1) }
            if values.contains(decisive) { return decisive }
            return values.contains(nil) ? nil : !decisive
        default: return nil
        }
    }
}
