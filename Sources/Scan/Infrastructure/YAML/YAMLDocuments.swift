import Config
import Rego
import Yams

/// YAML, and JSON as a part of it, with the places of its parts: several documents a file, tags of CloudFormation as
/// its long forms, aliases and merge keys followed within bounds.
struct YAMLDocuments {
    struct Failure: Error {
        var message: String
        var place: Place

        var description: String { "\(place.line):\(place.column): \(message)" }
    }

    private static let depth = 64
    private static let nodes = 300_000

    private var count = 0

    /// - Returns: the documents up to the first that cannot be read, and why that cannot be.
    static func read(_ bytes: [UInt8]) -> (documents: [Node], failure: Failure?) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return ([], Failure(message: "is not valid UTF-8", place: Place()))
        }
        if let place = YAMLShape.unboundedNesting(bytes, depth: depth, file: "") {
            return ([], Failure(message: "is nested too deeply", place: Place(line: place.line, column: place.column)))
        }
        guard YAMLShape.isSafeToCompose(bytes) else {
            let message = "has many aliases together with keys that are not plain text"
            return ([], Failure(message: message, place: Place()))
        }
        var reader = YAMLDocuments()
        var documents: [Node] = []
        do {
            let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
            while let root = try parser.nextRoot() { documents.append(try reader.node(root, 0)) }
        } catch let failure as Failure {
            return (documents, failure)
        } catch {
            return (documents, failure(YAMLProblem(error)))
        }
        return (documents, nil)
    }

    private static func failure(_ problem: YAMLProblem) -> Failure {
        let message = problem.repeatedKey.map { "the key \($0) occurs twice" } ?? problem.reason
        let place = problem.line == 0 ? Place() : Place(line: problem.line, column: problem.column)
        return Failure(message: message, place: place)
    }

    // MARK: Nodes

    private mutating func node(_ node: Yams.Node, _ depth: Int) throws(Failure) -> Node {
        let place = Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        count += 1
        guard count <= Self.nodes else {
            throw Failure(message: "holds more than \(Self.nodes) values once its aliases are followed", place: place)
        }
        guard depth <= Self.depth else { throw Failure(message: "is nested too deeply", place: place) }
        let plain: Node
        switch node {
        case .scalar(let scalar): plain = Node(.scalar(Self.value(scalar)), at: place)
        case .sequence(let sequence):
            var elements: [Node] = []
            for element in sequence { elements.append(try self.node(element, depth + 1)) }
            plain = Node(.list(elements), at: place)
        case .mapping(let mapping): plain = try object(mapping, place, depth)
        case .alias: throw Failure(message: "the alias leads nowhere", place: place)
        }
        return Self.tagged(plain, node.tag.rawValue)
    }

    private mutating func object(_ mapping: Yams.Node.Mapping, _ place: Place, _ depth: Int) throws(Failure) -> Node {
        var members: [Node.Member] = []
        var merged: [Node.Member] = []
        var names: Set<String> = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { continue }
            let value = try node(value, depth + 1)
            if name.string == "<<", name.style == .plain {
                for source in value.elements.isEmpty ? [value] : value.elements { merged += source.members }
                continue
            }
            names.insert(name.string)
            // A value that is a text stands where its key does: `run: |` begins a line below.
            var placed = value
            if case .scalar = value.content, let mark = key.mark { placed.place.line = mark.line }
            let place = key.mark.map { Place(line: $0.line, column: $0.column) }
            members.append(Node.Member(key: name.string, value: placed, place: place))
        }
        for member in merged where names.insert(member.key).inserted { members.append(member) }
        return Node(.object(members), at: place)
    }

    private static func value(_ scalar: Yams.Node.Scalar) -> RegoValue {
        guard scalar.style == .plain else { return RegoValue(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        let text = scalar.string
        guard let first = text.utf8.first, (0x30...0x39).contains(first) || first == 0x2D, text.utf8.count < 20,
            // 0755 is a mode and 08 a month: texts, not numbers.
            !(first == 0x30 && text.utf8.count > 1 && !text.contains(".")), let number = RegoNumber(spelling: text)
        else { return RegoValue(text) }
        return .number(number)
    }

    /// CloudFormation's short forms: `!Ref X` is `{"Ref": X}`, `!Sub x` is `{"Fn::Sub": x}`. Other tags say nothing.
    private static func tagged(_ node: Node, _ tag: String) -> Node {
        guard tag.hasPrefix("!"), tag.count > 1 else { return node }
        let name = String(tag.dropFirst())
        guard Intrinsics.names.contains(name) else { return node }
        var value = node
        if name == "GetAtt", let text = node.text, let dot = text.firstIndex(of: ".") {
            value.content = .list([
                Node(.scalar(RegoValue(String(text[..<dot]))), at: node.place),
                Node(.scalar(RegoValue(String(text[text.index(after: dot)...]))), at: node.place),
            ])
        }
        let key = name == "Ref" || name == "Condition" ? name : "Fn::\(name)"
        return Node(.object([Node.Member(key: key, value: value)]), at: node.place)
    }
}
