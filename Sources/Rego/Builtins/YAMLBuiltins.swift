internal import Yams

/// `yaml.*`: YAML as Kubernetes reads it, that is, what can be said in JSON.
enum YAMLBuiltins {
    static let all: [Builtin] = [
        Builtin("yaml.marshal", [.any], .string) { arguments, context throws(BuiltinError) in
            let depth = arguments[0].depth
            try context.charge(memory: Size.product(arguments[0].size, depth * 2 + 1))
            return RegoValue(YAMLText.of(arguments[0]))
        },
        Builtin("yaml.unmarshal", [.string], .any) { arguments, context throws(BuiltinError) in
            try parse(try arguments.string(0), context)
        },
        Builtin("yaml.is_valid", [.any], .boolean) { arguments, context throws(BuiltinError) in
            guard case .string(let text) = arguments[0] else { return false }
            do throws(BuiltinError) {
                _ = try parse(text, context)
                return true
            } catch {
                if error.isFatal { throw error }
                return false
            }
        },
    ]

    static func parse(_ text: RegoString, _ context: BuiltinContext) throws(BuiltinError) -> RegoValue {
        try context.charge(memory: Size.product(text.utf8Count, 16))
        try YAMLDepth.check(text.text)
        let node: Node?
        do {
            node = try Yams.compose(yaml: text.text)
        } catch {
            throw .failure("yaml: \(message(error))")
        }
        guard let node else { return .null }
        return try YAMLReading(context: context).value(node, depth: 0)
    }

    private static func message(_ error: any Error) -> String {
        guard let error = error as? YamlError else { return "\(error)" }
        switch error {
        case .scanner(_, let problem, let mark, _): return "line \(max(1, mark.line)): \(problem)"
        case .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return "line \(max(1, mark.line - 1)): \(problem)"
        default: return "\(error)"
        }
    }
}

/// A bound on nesting before the composer, which is recursive, sees the text.
private enum YAMLDepth {
    static func check(_ text: String) throws(BuiltinError) {
        var flow = 0
        var greatest = 0
        var lineIndents = 0
        var isIndent = true
        for byte in text.utf8 {
            switch byte {
            case 0x0A:
                isIndent = true
                lineIndents = 0
            case UInt8(ascii: "["), UInt8(ascii: "{"): flow += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): flow = max(0, flow - 1)
            // `- - - x` nests by a step each.
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if isIndent { lineIndents += 1 }
            case 0x20: if isIndent { lineIndents += 1 }
            default: isIndent = false
            }
            greatest = max(greatest, flow + lineIndents)
        }
        guard greatest <= EvaluationLimits.depth else {
            throw .failure("yaml: exceeded max depth of \(EvaluationLimits.depth)")
        }
    }
}

private struct YAMLReading {
    let context: BuiltinContext

    func value(_ node: Node, depth: Int) throws(BuiltinError) -> RegoValue {
        guard depth < EvaluationLimits.depth else { throw .failure("yaml: exceeded max depth of \(depth)") }
        // Aliases make few bytes into many values.
        try context.charge(steps: 20)
        try context.charge(memory: 64)
        switch node {
        case .scalar(let scalar): return try YAMLScalar.value(scalar)
        case .sequence(let sequence):
            var array = RegoArray()
            for element in sequence { array.append(try value(element, depth: depth + 1)) }
            return .array(array)
        case .mapping(let mapping): return .object(try object(mapping, depth))
        case .alias: throw .failure("yaml: an alias names no anchor")
        }
    }

    private func object(_ mapping: Node.Mapping, _ depth: Int) throws(BuiltinError) -> RegoObject {
        var own = RegoObject()
        var merged = RegoObject()
        for (key, inner) in mapping {
            let value = try value(inner, depth: depth + 1)
            if case .scalar(let scalar) = key, scalar.style == .plain, scalar.string == "<<" {
                for object in value.array?.elements ?? [value] {
                    guard case .object(let object) = object else {
                        throw .failure("yaml: map merge requires map or sequence of maps as the value")
                    }
                    for (key, value) in object where merged[key] == nil { merged.updateValue(value, forKey: key) }
                }
                continue
            }
            let name = RegoValue(try keyText(try self.value(key, depth: depth + 1)))
            guard own.updateValue(value, forKey: name) == nil else {
                throw .failure("yaml: key \(name) already set in map")
            }
        }
        return merged.merging(own)
    }

    private func keyText(_ key: RegoValue) throws(BuiltinError) -> String {
        switch key {
        case .string(let string): return string.text
        case .number, .bool, .null: return key.description
        default: throw .failure("yaml: unsupported map key of type: \(key.typeName)")
        }
    }
}

/// What plain scalars of YAML 1.1 mean.
enum YAMLScalar {
    private static let yes: Set<String> = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]
    private static let no: Set<String> = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]
    private static let null: Set<String> = ["", "~", "null", "Null", "NULL"]
    private static let infinite: Set<String> = [
        ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN",
    ]

    static func value(_ scalar: Node.Scalar) throws(BuiltinError) -> RegoValue {
        let tag = scalar.tag.description
        let isPlain = scalar.style == .plain || scalar.style == .any
        if tag.hasSuffix(":str") || !isPlain { return RegoValue(scalar.string) }
        return try plain(scalar.string)
    }

    static func plain(_ text: String) throws(BuiltinError) -> RegoValue {
        if null.contains(text) { return .null }
        // One letter alone is a text, as it is to Kubernetes.
        if text.utf8.count > 1 {
            if yes.contains(text) { return true }
            if no.contains(text) { return false }
        }
        if infinite.contains(text) { throw .failure("json: unsupported value: \(text)") }
        return number(text).map { .number($0) } ?? RegoValue(text)
    }

    private static func number(_ text: String) -> RegoNumber? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first) || [0x2B, 0x2D, 0x2E].contains(first) else {
            return nil
        }
        let plain = text.filter { $0 != "_" }
        if let integer = prefixed(plain) { return integer }
        let isNumeric =
            plain.utf8.contains { (0x30...0x39).contains($0) }
            && plain.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
        return isNumeric ? RegoNumber(relaxed: plain) : nil
    }

    /// `0x1F`, `0o17`, `017`, `0b11`
    private static func prefixed(_ text: String) -> RegoNumber? {
        let isNegative = text.hasPrefix("-")
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        guard digits.utf8.count > 1, digits.first == "0", digits.utf8.count <= 64 else { return nil }
        let marks: [(String, Int)] = [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2), ("0", 8)]
        for (mark, radix) in marks where digits.hasPrefix(mark) {
            let body = digits.dropFirst(mark.utf8.count)
            guard let first = body.first, first != "-", first != "+" else { return nil }
            return Int(body, radix: radix).map { RegoNumber(isNegative ? -$0 : $0) }
        }
        return nil
    }
}

/// Writes block style, members in order of their keys.
enum YAMLText {
    static func of(_ value: RegoValue) -> String {
        var output = ""
        write(value, indent: 0, isInline: true, &output)
        return output
    }

    /// After a `key:` or a `-` what is a container goes on the next line or the same; scalars stay.
    private static func write(_ value: RegoValue, indent: Int, isInline: Bool, _ output: inout String) {
        switch value {
        case .object(let object) where !object.isEmpty: members(object, indent, isInline, &output)
        case .object: output += "{}\n"
        case .array(let array) where !array.isEmpty: elements(array.elements, indent, isInline, &output)
        case .set(let set) where !set.isEmpty: elements(Array(set), indent, isInline, &output)
        case .array, .set: output += "[]\n"
        case .string(let string): output += scalar(string.text) + "\n"
        default: output += value.description + "\n"
        }
    }

    private static func members(_ object: RegoObject, _ indent: Int, _ isInline: Bool, _ output: inout String) {
        let sorted = object.map { ($0.key.jsonKey, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        var isFirst = isInline
        for (key, value) in sorted {
            if !isFirst { output += String(repeating: " ", count: indent) }
            isFirst = false
            output += scalar(key) + ":"
            let isBlock = value.memberCount > 0
            output += isBlock ? "\n" : " "
            let inner = value.object == nil && isBlock ? indent : indent + 2
            write(value, indent: inner, isInline: !isBlock, &output)
        }
    }

    private static func elements(_ elements: [RegoValue], _ indent: Int, _ isInline: Bool, _ output: inout String) {
        var isFirst = isInline
        for element in elements {
            if !isFirst { output += String(repeating: " ", count: indent) }
            isFirst = false
            output += "- "
            write(element, indent: indent + 2, isInline: true, &output)
        }
    }

    private static func scalar(_ text: String) -> String { needsQuotes(text) ? quoted(text) : text }

    private static func quoted(_ text: String) -> String {
        var output = ""
        GoJSON.quote(text, &output)
        return output
    }

    private static func needsQuotes(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return true }
        if (try? YAMLScalar.plain(text))?.string == nil || text.utf8.count == 1 && "yYnN".contains(text) { return true }
        if "-?:,[]{}#&*!|>'\"%@`".unicodeScalars.contains(first) || first == " " || last == " " || last == ":" {
            return true
        }
        if text.unicodeScalars.contains(where: {
            $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x85 || $0.value == 0xFEFF
        }) {
            return true
        }
        return TextSearchPlain.contains(text, ": ") || TextSearchPlain.contains(text, " #")
    }
}

private enum TextSearchPlain {
    static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
