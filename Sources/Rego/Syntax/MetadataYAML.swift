/// The part of YAML that metadata blocks use: mappings and lists by indentation, flow collections on one line,
/// plain and quoted scalars, `|` and `>`. No anchors, tags or documents.
struct MetadataYAML {
    private struct Line {
        var indent: Int
        var text: String
    }

    private var lines: [Line] = []
    private var at = 0
    private static let greatestDepth = 32

    /// Nil when the lines are nothing that this reads.
    static func parse(_ texts: [String]) -> RegoValue? {
        var reader = MetadataYAML()
        for text in texts {
            let indent = text.prefix { $0 == " " }.count
            reader.lines.append(Line(indent: indent, text: Self.withoutEnd(String(text.dropFirst(indent)))))
        }
        reader.skipEmpty()
        guard let first = reader.line else { return .object(RegoObject()) }
        guard let value = reader.block(first.indent, depth: 0) else { return nil }
        reader.skipEmpty()
        return reader.line == nil ? value : nil
    }

    private static func withoutEnd(_ text: String) -> String {
        var text = text
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private var line: Line? { at < lines.count ? lines[at] : nil }

    private mutating func skipEmpty() {
        while let line, line.text.isEmpty || line.text.hasPrefix("#") { at += 1 }
    }

    private mutating func block(_ indent: Int, depth: Int) -> RegoValue? {
        skipEmpty()
        guard let line, depth < Self.greatestDepth else { return nil }
        if line.text == "-" || line.text.hasPrefix("- ") { return list(indent, depth: depth) }
        if Self.split(line.text) != nil { return mapping(indent, depth: depth) }
        at += 1
        return Self.flow(line.text)
    }

    private mutating func list(_ indent: Int, depth: Int) -> RegoValue? {
        var items: [RegoValue] = []
        while true {
            skipEmpty()
            guard let line, line.indent == indent, line.text == "-" || line.text.hasPrefix("- ") else { break }
            let rest = line.text.dropFirst().drop { $0 == " " }
            let inner = indent + (line.text.count - rest.count)
            if rest.isEmpty {
                at += 1
                guard let item = nestedValue(indent, depth: depth) else { return nil }
                items.append(item)
                continue
            }
            lines[at] = Line(indent: inner, text: String(rest))
            guard let item = block(inner, depth: depth + 1) else { return nil }
            items.append(item)
        }
        return .array(RegoArray(items))
    }

    private mutating func mapping(_ indent: Int, depth: Int) -> RegoValue? {
        var object = RegoObject()
        while true {
            skipEmpty()
            guard let line, line.indent == indent, let (key, rest) = Self.split(line.text) else { break }
            at += 1
            let value: RegoValue?
            switch rest {
            case "": value = nestedValue(indent, depth: depth)
            case "|", "|-", ">", ">-": value = text(indent, style: rest)
            default: value = Self.flow(folded(rest, indent))
            }
            guard let value else { return nil }
            object.updateValue(value, forKey: RegoValue(key))
        }
        return .object(object)
    }

    /// What stands below a key or a dash: further in, or a list at the key's own indent, or nothing.
    private mutating func nestedValue(_ indent: Int, depth: Int) -> RegoValue? {
        skipEmpty()
        guard let line else { return .null }
        if line.indent > indent { return block(line.indent, depth: depth + 1) }
        if line.indent == indent, line.text.hasPrefix("- ") { return list(indent, depth: depth + 1) }
        return .null
    }

    /// A plain scalar goes on on lines that are further in.
    private mutating func folded(_ first: String, _ indent: Int) -> String {
        var text = first
        while let line, line.indent > indent, !line.text.isEmpty {
            text += " " + line.text
            at += 1
        }
        return text
    }

    private mutating func text(_ indent: Int, style: String) -> RegoValue? {
        var parts: [String] = []
        var own: Int?
        while let line, line.text.isEmpty || line.indent > indent {
            if own == nil, !line.text.isEmpty { own = line.indent }
            parts.append(
                line.text.isEmpty ? "" : String(repeating: " ", count: max(0, line.indent - (own ?? 0))) + line.text)
            at += 1
        }
        while parts.last == "" { parts.removeLast() }
        let joined = parts.joined(separator: style.hasPrefix("|") ? "\n" : " ")
        return RegoValue(style.hasSuffix("-") ? joined : joined + "\n")
    }

    /// `key: rest`; nil when the line is no member.
    private static func split(_ text: String) -> (key: String, rest: String)? {
        let bytes = Array(text.utf8)
        var at = 0
        if let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            at = (bytes.dropFirst().firstIndex(of: quote) ?? bytes.count - 1) + 1
        } else if bytes.first == UInt8(ascii: "[") || bytes.first == UInt8(ascii: "{") {
            return nil
        }
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: ":"), at + 1 == bytes.count || bytes[at + 1] == UInt8(ascii: " ") {
                let key =
                    scalar(String(decoding: bytes[..<at], as: UTF8.self)).text
                    ?? String(decoding: bytes[..<at], as: UTF8.self)
                let rest = bytes[(at + 1)...].drop { $0 == UInt8(ascii: " ") }
                return (key, String(decoding: rest, as: UTF8.self))
            }
            at += 1
        }
        return nil
    }

    private static func flow(_ text: String) -> RegoValue? {
        guard text.hasPrefix("[") || text.hasPrefix("{") else { return scalar(text) }
        if let value = try? RegoValue(parsing: Array(text.utf8)) { return value }
        guard text.hasPrefix("["), text.hasSuffix("]"), !text.dropFirst().contains("[") else { return nil }
        let items = text.dropFirst().dropLast().split(separator: ",").map { item in
            scalar(withoutEnd(String(item.drop { $0 == " " })))
        }
        return .array(RegoArray(items))
    }

    private static func scalar(_ text: String) -> RegoValue {
        switch text {
        case "", "null", "~", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        if text.hasPrefix("\""), let value = try? RegoValue(parsing: Array(text.utf8)) { return value }
        if text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") {
            return RegoValue(String(text.dropFirst().dropLast()))
        }
        if let number = RegoNumber(spelling: text) { return .number(number) }
        return RegoValue(text)
    }
}
