import Core
import JSON

/// One filling of a template, within the bounds on its work and on its result.
struct TemplateFilling {
    /// Units of work of all expressions of one template together.
    private static let work = 1_000_000
    /// Lists and objects within each other: what is yielded has to be readable again.
    private static let deepest = 100

    private let scope: Scope
    private var work = TemplateFilling.work
    private var bytes = WorkMeter.resultBytes

    init(_ scope: Scope) { self.scope = scope }

    mutating func value(of node: TemplateNode, depth: Int = 0) throws -> JSON {
        switch node {
        case .constant(let value):
            try admit(value, depth: depth)
            return value
        case .expression(let expression):
            let value = try yielded(by: expression)
            try admit(value, depth: depth)
            return value
        case .text(let pieces): return .string(try text(pieces))
        case .list(let nodes):
            var values: [JSON] = []
            for node in nodes { values.append(try value(of: node, depth: depth + 1)) }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for (key, node) in members {
                try take(key.utf8.count)
                object[key] = try value(of: node, depth: depth + 1)
            }
            return .object(object)
        }
    }

    private mutating func yielded(by expression: Expression) throws -> JSON {
        let units = min(WorkMeter.expression, work)
        var meter = WorkMeter(units: units)
        defer { work -= units - meter.left }
        return try expression.evaluate(in: scope, &meter)
    }

    private mutating func text(_ pieces: [TemplateNode.Piece]) throws -> String {
        var out = ""
        for piece in pieces {
            switch piece {
            case .text(let text):
                try take(text.utf8.count)
                out += text
            case .expression(let expression):
                let value = try yielded(by: expression)
                try admit(value, depth: 0)
                out += value.interpolated
            }
        }
        return out
    }

    private mutating func admit(_ value: JSON, depth: Int) throws {
        guard depth <= Self.deepest else {
            throw GatehouseError("flow", .exhausted, "the result is nested deeper than \(Self.deepest) levels")
        }
        switch value {
        case .null, .bool: try take(4)
        case .number(let number): try take(number.spelling.utf8.count)
        case .string(let text): try take(text.utf8.count + 2)
        case .array(let elements):
            try take(2)
            for element in elements { try admit(element, depth: depth + 1) }
        case .object(let object):
            try take(2)
            for (key, value) in object {
                try take(key.utf8.count + 3)
                try admit(value, depth: depth + 1)
            }
        }
    }

    private mutating func take(_ count: Int) throws {
        bytes -= count
        guard bytes >= 0 else {
            throw GatehouseError(
                "flow", .exhausted, "the result is larger than \(WorkMeter.resultBytes) bytes",
                hint: "pass on only what is needed of the answers")
        }
    }
}
