internal import JSON

/// `json.*`, without the schemas.
enum JSONBuiltins {
    private static let path = RegoType.either(.string, .anyArray)
    private static let paths = RegoType.either(.array(of: path), .set(path))
    private static let operation = RegoType.object(
        [.init("op", .string), .init("path", .any)], rest: .init(.any, .any))

    static let all: [Builtin] = [
        Builtin("json.marshal", [.any], .string) { arguments, context throws(BuiltinError) in
            try context.charge(memory: arguments[0].size)
            return RegoValue(GoJSON(pretty: nil).text(arguments[0]))
        },
        Builtin(
            "json.marshal_with_options",
            [
                .any,
                .object(
                    [.init("indent", .string), .init("prefix", .string), .init("pretty", .boolean)],
                    rest: .init(.string, .any)),
            ], .string, run: marshalWithOptions),
        Builtin("json.unmarshal", [.string], .any) { arguments, context throws(BuiltinError) in
            try parse(try arguments.string(0), context)
        },
        Builtin("json.is_valid", [.any], .boolean) { arguments, context throws(BuiltinError) in
            guard case .string(let text) = arguments[0] else { return false }
            do throws(BuiltinError) {
                _ = try parse(text, context)
                return true
            } catch {
                if error.isFatal { throw error }
                return false
            }
        },
        Builtin("json.filter", [.anyObject, paths], .any) { arguments, context throws(BuiltinError) in
            let object = try arguments.object(0)
            let tree = try JSONPaths.tree(try JSONPaths.paths(arguments, 1))
            return .object(try JSONPaths.filter(object, tree, context))
        },
        Builtin("json.remove", [.anyObject, paths], .any) { arguments, context throws(BuiltinError) in
            _ = try arguments.object(0)
            let tree = try JSONPaths.tree(try JSONPaths.paths(arguments, 1))
            return try JSONPaths.remove(arguments[0], .object(tree), context)
        },
        Builtin("json.patch", [.any, .array(of: operation)], .any, run: JSONPatch.run),
    ]

    private static func parse(_ text: RegoString, _ context: BuiltinContext) throws(BuiltinError) -> RegoValue {
        try context.charge(memory: Size.product(text.utf8Count, 8))
        var limits = JSON.Limits.default
        limits.bytes = context.limits.valueSize
        limits.allowsDuplicateKeys = true
        do {
            return try RegoValue(parsing: Array(text.text.utf8), limits: limits)
        } catch {
            throw .failure("\(error)")
        }
    }

    private static func marshalWithOptions(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        var pretty = GoJSON.Pretty()
        var isPretty: Bool?
        var hasStyle = false
        for (key, value) in try arguments.object(1) {
            switch (key.text, value) {
            case ("pretty", .bool(let bool)): isPretty = bool
            case ("indent", .string(let text)): (pretty.indent, hasStyle) = (text.text, true)
            case ("prefix", .string(let text)): (pretty.prefix, hasStyle) = (text.text, true)
            case ("pretty", _):
                throw .operand(2, "key \"pretty\" failed cast to bool: must be boolean but got \(value.typeName)")
            case ("indent", _), ("prefix", _):
                throw .operand(2, "key \(key) failed cast to string: must be string but got \(value.typeName)")
            default: throw .operand(2, "object contained unknown key \(key)")
            }
        }
        let depth = arguments[0].depth + 1
        let line = Size.sum(pretty.prefix.utf8.count, Size.product(pretty.indent.utf8.count, depth))
        try context.charge(memory: Size.product(arguments[0].size, isPretty ?? hasStyle ? line + 1 : 1))
        return RegoValue(GoJSON(pretty: isPretty ?? hasStyle ? pretty : nil).text(arguments[0]))
    }
}

/// JSON as Go writes it: members in order of their keys, `<`, `>` and `&` escaped.
struct GoJSON {
    struct Pretty {
        var prefix = ""
        var indent = "\t"
    }

    let pretty: Pretty?

    func text(_ value: RegoValue) -> String {
        var output = pretty?.prefix ?? ""
        write(value, 0, &output)
        return output
    }

    private func write(_ value: RegoValue, _ level: Int, _ output: inout String) {
        switch value {
        case .null: output += "null"
        case .bool(let bool): output += bool ? "true" : "false"
        case .number(let number): output += number.spelling
        case .string(let string): Self.quote(string.text, &output)
        case .array(let array): list(array, "[", "]", level, &output) { write($0, level + 1, &$1) }
        case .set(let set): list(set, "[", "]", level, &output) { write($0, level + 1, &$1) }
        case .object(let object):
            let members = object.map { ($0.key.text ?? GoJSON(pretty: nil).text($0.key), $0.value) }
            list(members.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }, "{", "}", level, &output) {
                member, output in
                Self.quote(member.0, &output)
                output += pretty == nil ? ":" : ": "
                write(member.1, level + 1, &output)
            }
        }
    }

    private func list<Element>(
        _ elements: some Collection<Element>, _ open: String, _ close: String, _ level: Int, _ output: inout String,
        _ body: (Element, inout String) -> Void
    ) {
        output += open
        var isFirst = true
        for element in elements {
            if !isFirst { output += "," }
            isFirst = false
            breakLine(level + 1, &output)
            body(element, &output)
        }
        if !isFirst { breakLine(level, &output) }
        output += close
    }

    private func breakLine(_ level: Int, _ output: inout String) {
        guard let pretty else { return }
        output += "\n" + pretty.prefix
        for _ in 0..<level { output += pretty.indent }
    }

    static func quote(_ text: String, _ output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{08}": output += "\\b"
            case "\u{0C}": output += "\\f"
            case "<", ">", "&", "\u{2028}", "\u{2029}": escape(scalar, &output)
            case let control where control.value < 0x20: escape(scalar, &output)
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, _ output: inout String) {
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
