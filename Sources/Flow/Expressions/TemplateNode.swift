import JSON

/// A template that was read.
indirect enum TemplateNode: Sendable {
    case constant(JSON)
    /// An expression and nothing else.
    case expression(Expression)
    /// Text with expressions in its midst.
    case text([Piece])
    case list([TemplateNode])
    case object([(key: String, value: TemplateNode)])

    enum Piece: Sendable {
        case text(String)
        case expression(Expression)
    }

    init(_ source: JSON) throws(TemplateProblem) {
        switch source {
        case .null, .bool, .number: self = .constant(source)
        case .string(let text): self = try TemplateText.read(text)
        case .array(let elements):
            var nodes: [TemplateNode] = []
            for element in elements { nodes.append(try TemplateNode(element)) }
            self = .list(nodes)
        case .object(let object):
            var nodes: [(key: String, value: TemplateNode)] = []
            for (key, value) in object { nodes.append((key, try TemplateNode(value))) }
            self = .object(nodes)
        }
    }

    var expressions: [Expression] {
        switch self {
        case .constant: []
        case .expression(let expression): [expression]
        case .text(let pieces):
            pieces.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
        case .list(let nodes): nodes.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        }
    }

    var constant: JSON? {
        switch self {
        case .constant(let value): return value
        case .expression, .text: return nil
        case .list(let nodes):
            let values = nodes.compactMap(\.constant)
            return values.count == nodes.count ? .array(values) : nil
        case .object(let members):
            let values = members.compactMap { member in member.value.constant.map { (member.key, $0) } }
            return values.count == members.count ? .object(JSONObject(values)) : nil
        }
    }
}

/// An expression of a template that cannot be read.
struct TemplateProblem: Error {
    var problem: ExpressionProblem
    /// What stands between the braces, as far as it was read.
    var expression: String
    /// Characters of the text before the problem.
    var offset: Int
}
