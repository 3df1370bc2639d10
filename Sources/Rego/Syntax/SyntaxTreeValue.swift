extension Module {
    /// The syntax tree as a value, in the shape that OPA gives it as JSON; what `rego.parse_module` returns.
    public var syntaxTree: RegoValue {
        let root = Term(.variable("data"), at: packagePlace)
        let path = [root] + package.map { Term(.string($0), at: packagePlace) }
        var tree: RegoObject = ["package": ["path": .array(RegoArray(path.map(\.syntaxTree)))]]
        if !imports.isEmpty { tree.updateValue(.array(RegoArray(imports.map(\.syntaxTree))), forKey: "imports") }
        if !rules.isEmpty { tree.updateValue(.array(RegoArray(rules.map { $0.syntaxTree() })), forKey: "rules") }
        if !annotations.isEmpty {
            tree.updateValue(.array(RegoArray(annotations.map(\.value))), forKey: "annotations")
        }
        return .object(tree)
    }
}

extension Module.Import {
    fileprivate var syntaxTree: RegoValue {
        var tree: RegoObject = ["path": Resolver.rooted(path, [], place).asReference]
        if let alias { tree.updateValue(RegoValue(alias), forKey: "alias") }
        return .object(tree)
    }
}

extension Rule {
    fileprivate func syntaxTree(branch: Int = 0) -> RegoValue {
        let rule = branch == 0 ? self : otherwise[branch - 1]
        let body = rule.body.isEmpty ? [Literal(Term(.bool(true), at: rule.place))] : rule.body
        var tree: RegoObject = ["head": rule.headTree, "body": body.syntaxTree]
        if rule.isDefault { tree.updateValue(true, forKey: "default") }
        if branch < otherwise.count { tree.updateValue(syntaxTree(branch: branch + 1), forKey: "else") }
        return .object(tree)
    }

    private var headTree: RegoValue {
        var tree: RegoObject = ["name": RegoValue(name), "ref": .array(RegoArray(([head] + path).map(\.syntaxTree)))]
        if let arguments { tree.updateValue(.array(RegoArray(arguments.map(\.syntaxTree))), forKey: "args") }
        if let element {
            tree.updateValue(element.syntaxTree, forKey: "key")
        } else {
            tree.updateValue((value ?? Term(.bool(true), at: place)).syntaxTree, forKey: "value")
        }
        return .object(tree)
    }
}

extension [Literal] {
    /// A body as OPA gives it as JSON: `[{"index": 0, "terms": …}, …]`.
    var syntaxTree: RegoValue {
        .array(RegoArray(enumerated().map { $1.syntaxTree(index: $0) }))
    }
}

extension Literal {
    fileprivate func syntaxTree(index: Int) -> RegoValue {
        var tree: RegoObject = ["index": RegoValue(index), "terms": termsTree]
        if isNegated { tree.updateValue(true, forKey: "negated") }
        if !with.isEmpty {
            let modifiers = with.map {
                RegoValue.object(["target": $0.target.asReference, "value": $0.value.syntaxTree])
            }
            tree.updateValue(.array(RegoArray(modifiers)), forKey: "with")
        }
        return .object(tree)
    }

    private var termsTree: RegoValue {
        switch kind {
        case .term(let term):
            if case .call(let function, let arguments) = term.node { return Term.callTree(function, arguments) }
            return term.syntaxTree
        case .some(let variables): return ["symbols": .array(RegoArray(variables.map(\.syntaxTree)))]
        case .someIn(let key, let value, let collection):
            let name = key == nil ? "internal.member_2" : "internal.member_3"
            let call = Term.call(name, (key.map { [$0] } ?? []) + [value, collection], at: place)
            return ["symbols": [call.syntaxTree]]
        case .every(let key, let value, let domain, let body):
            return [
                "key": key?.syntaxTree ?? .null, "value": value.syntaxTree, "domain": domain.syntaxTree,
                "body": body.syntaxTree,
            ]
        }
    }
}

extension Term {
    /// A lone variable as the reference that OPA makes of it in operators, imports and targets.
    fileprivate var asReference: RegoValue {
        guard let name = variable else { return syntaxTree }
        let steps = name.split(separator: ".").enumerated().map { at, step in
            Term(at == 0 ? .variable(String(step)) : .string(String(step)), at: place).syntaxTree
        }
        return Self.tree("ref", .array(RegoArray(steps)))
    }

    fileprivate static func callTree(_ function: Term, _ arguments: [Term]) -> RegoValue {
        .array(RegoArray([function.asReference] + arguments.map(\.syntaxTree)))
    }

    private static func tree(_ type: String, _ value: RegoValue) -> RegoValue {
        ["type": RegoValue(type), "value": value]
    }

    private static func list(_ terms: [Term]) -> RegoValue { .array(RegoArray(terms.map(\.syntaxTree))) }

    fileprivate var syntaxTree: RegoValue {
        switch node {
        case .null: Self.tree("null", [:])
        case .bool(let bool): Self.tree("boolean", .bool(bool))
        case .number(let number): Self.tree("number", .number(number))
        case .string(let text): Self.tree("string", RegoValue(text))
        case .variable(let name): Self.tree("var", RegoValue(name))
        case .reference(let head, let path): Self.tree("ref", Self.list([head] + path))
        case .array(let terms): Self.tree("array", Self.list(terms))
        case .set(let terms): Self.tree("set", Self.list(terms))
        case .object(let members):
            Self.tree("object", .array(RegoArray(members.map { Self.list([$0.key, $0.value]) })))
        case .arrayComprehension(let head, let body):
            Self.tree("arraycomprehension", ["term": head.syntaxTree, "body": body.syntaxTree])
        case .setComprehension(let head, let body):
            Self.tree("setcomprehension", ["term": head.syntaxTree, "body": body.syntaxTree])
        case .objectComprehension(let head, let body):
            Self.tree(
                "objectcomprehension",
                ["key": head.key.syntaxTree, "value": head.value.syntaxTree, "body": body.syntaxTree])
        case .call(let function, let arguments): Self.tree("call", Self.callTree(function, arguments))
        case .template(let parts): Self.tree("templatestring", ["parts": .array(RegoArray(parts.map(\.syntaxTree)))])
        }
    }
}

extension Term.TemplatePart {
    fileprivate var syntaxTree: RegoValue {
        switch self {
        case .text(let text): ["type": "string", "value": RegoValue(text)]
        case .expression(let expression): expression.syntaxTree(index: 0)
        }
    }
}
