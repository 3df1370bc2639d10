import HCL
import JSON

/// Changes attributes and blocks of a Terraform file in its text.
struct TerraformEditor {
    private let text: SourceText
    private let block: HCLBlock

    /// - Throws: where the file cannot be read, or has no block there.
    init(_ text: SourceText, _ site: Site) throws(NoFix) {
        self.text = text
        let file = HCLParser.parse(text.bytes)
        guard let block = file.body.blocks.first(where: { $0.range.start.line == site.line }) else {
            throw NoFix("the block on line \(site.line) cannot be read")
        }
        self.block = block
    }

    func edits(_ recipe: Recipe, _ site: Site) throws(NoFix) -> [TextEdit] {
        if let template = recipe.text("append") { return [try append(template, site)] }
        let start = try block(at: site.start(recipe))
        var edits: [TextEdit] = []
        for setting in recipe.settings {
            edits.append(try set(start.rest + setting.path, setting.value, in: start.block, recipe))
        }
        for (type, attributes) in recipe.blocks {
            edits.append(try insert(Self.lines(type, .object(attributes), isBlock: true), in: start.block))
        }
        guard !edits.isEmpty else { throw NoFix("the check says nothing for Terraform") }
        return edits
    }

    // MARK: Finding the place

    /// The innermost block on the way, and the attribute's name where the way goes on.
    private func block(at path: [JSON]) throws(NoFix) -> (block: HCLBlock, rest: [String]) {
        var (found, rest) = (block, path[...])
        while let key = rest.first?.string {
            guard let index = rest.dropFirst().first?.int else { break }
            try refuseDynamic(key, in: found)
            let blocks = Array(found.body.blocks(key))
            guard blocks.indices.contains(index) else { throw NoFix("\(key) is not written as a block") }
            found = blocks[index]
            rest = rest.dropFirst(2)
        }
        guard rest.count <= 1 else { throw NoFix("the value lies within an expression") }
        return (found, rest.compactMap(\.string))
    }

    private func refuseDynamic(_ type: String, in block: HCLBlock) throws(NoFix) {
        if block.body.blocks("dynamic").contains(where: { $0.labels.first == type }) {
            throw NoFix("\(type) is made by a dynamic block")
        }
    }

    // MARK: Values

    private func set(
        _ path: [String], _ value: JSON, in block: HCLBlock, _ recipe: Recipe
    ) throws(NoFix) -> TextEdit {
        guard let name = path.first else { throw NoFix("there is no attribute to set") }
        if path.count == 1 { return try assign(name, value, in: block) }
        try refuseDynamic(name, in: block)
        guard block.body.attribute(name) == nil else { throw NoFix("\(name) is written as a value, not as a block") }
        if let inner = block.body.blocks(name).first(where: { _ in true }) {
            return try set(Array(path.dropFirst()), value, in: inner, recipe)
        }
        guard !recipe.needsParent else { throw NoFix("there is no block \(name)") }
        var nested = value
        for key in path.dropFirst().reversed() { nested = .object(JSONObject([(key, nested)])) }
        return try insert(Self.lines(name, nested, isBlock: true), in: block)
    }

    private func assign(_ name: String, _ value: JSON, in block: HCLBlock) throws(NoFix) -> TextEdit {
        guard block.body.blocks(name).first(where: { _ in true }) == nil else {
            throw NoFix("\(name) is written as a block")
        }
        guard let attribute = block.body.attribute(name) else {
            return try insert(["\(name)\(padding(name, in: block)) = \(Self.expression(value))"], in: block)
        }
        guard case .literal = attribute.value.node else {
            throw NoFix("\(name) comes from an expression: change it where its value is decided")
        }
        let range = attribute.value.range
        return TextEdit(range.start.offset..<range.end.offset, Self.expression(value))
    }

    /// As `terraform fmt` aligns it with the attribute above.
    private func padding(_ name: String, in block: HCLBlock) -> String {
        guard let last = lastAttribute(of: block) else { return "" }
        let line = text.text(ofLine: last.nameRange.start.line)
        guard let sign = line.firstIndex(of: "=") else { return "" }
        let indentation = line.prefix { $0 == " " || $0 == "\t" }.count
        let width = line.distance(from: line.startIndex, to: sign) - indentation - 1
        return String(repeating: " ", count: max(0, width - name.count))
    }

    /// The last one that takes a single line of its own.
    private func lastAttribute(of block: HCLBlock) -> HCLAttribute? {
        block.body.attributes.last {
            $0.nameRange.start.line == $0.value.range.end.line && $0.nameRange.start.line > block.range.start.line
        }
    }

    // MARK: Insertion

    /// New lines in a block: after its last attribute of one line, else before its end.
    private func insert(_ lines: [String], in block: HCLBlock) throws(NoFix) -> TextEdit {
        let outer = text.indentation(ofLine: block.range.start.line)
        if block.range.start.line == block.range.end.line {
            guard block.body.attributes.isEmpty, block.body.blocks.isEmpty else {
                throw NoFix("the block on line \(block.range.start.line) is written in one line")
            }
            let inner = lines.map { "\(outer)  \($0)\(text.newline)" }.joined()
            // The opening brace stays; what is between the braces is blank.
            guard let brace = text.bytes[..<block.range.end.offset].lastIndex(of: UInt8(ascii: "{")) else {
                throw NoFix("the block on line \(block.range.start.line) has no brace")
            }
            return TextEdit(brace + 1..<block.range.end.offset - 1, "\(text.newline)\(inner)\(outer)")
        }
        if lines.count == 1, let last = lastAttribute(of: block) {
            let line = last.nameRange.start.line
            return .insert(
                "\(text.indentation(ofLine: line))\(lines[0])\(text.newline)", at: text.next(after: line))
        }
        let end = block.range.end.line
        let closing = text.line(end)
        guard text.text(closing).allSatisfy({ $0 == " " || $0 == "\t" || $0 == "}" }) else {
            throw NoFix("the block ends on line \(end) together with something else")
        }
        let isEmpty = block.body.attributes.isEmpty && block.body.blocks.isEmpty
        let gap = lines.count > 1 && !isEmpty && !text.text(ofLine: end - 1).isEmpty ? text.newline : ""
        return .insert(gap + lines.map { "\(outer)  \($0)\(text.newline)" }.joined(), at: closing.lowerBound)
    }

    /// A new resource after this one, which refers to it.
    private func append(_ template: String, _ site: Site) throws(NoFix) -> TextEdit {
        guard block.labels == [site.type, site.name], block.type == "resource" else {
            throw NoFix("the block on line \(site.line) is another one")
        }
        for name in ["count", "for_each"] where block.body.attribute(name) != nil {
            throw NoFix("the resource is made several times (\(name)): what goes with it has to be, too")
        }
        let filled = template.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Self.fill($0, site.name) }
        if let head = filled.first, !text.find(String(head.dropLast(2))).isEmpty {
            throw NoFix("there is a resource of that name already")
        }
        var lines = filled
        while lines.last?.isEmpty == true { lines.removeLast() }
        let end = block.range.end.line
        let last = text.line(end)
        let isLast = last.upperBound == text.bytes.count
        let body = lines.map { $0 + text.newline }.joined()
        let isTight = end < text.lineCount && !text.line(end + 1).isEmpty
        let lead = (isLast ? text.newline : "") + text.newline
        return .insert(lead + body + (isTight ? text.newline : ""), at: text.next(after: end))
    }

    private static func fill(_ line: Substring, _ name: String) -> String {
        var out = ""
        var rest = line
        while let mark = rest.firstRange(of: "{name}") {
            out += rest[..<mark.lowerBound] + name
            rest = rest[mark.upperBound...]
        }
        return out + rest
    }

    // MARK: Writing

    /// A block, or an attribute, of one or more lines, without indentation.
    static func lines(_ name: String, _ value: JSON, isBlock: Bool) -> [String] {
        guard isBlock, let object = value.object else { return ["\(name) = \(expression(value))"] }
        let width = object.filter { $1.object == nil }.map(\.key.count).max() ?? 0
        var inner: [String] = []
        for (key, value) in object {
            if value.object != nil {
                inner += lines(key, value, isBlock: true)
            } else {
                inner.append(key + String(repeating: " ", count: width - key.count) + " = \(expression(value))")
            }
        }
        return ["\(name) {"] + inner.map { "  \($0)" } + ["}"]
    }

    static func expression(_ value: JSON) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .array(let elements): "[\(elements.map(expression).joined(separator: ", "))]"
        case .object(let object): "{ \(object.map { "\($0) = \(expression($1))" }.joined(separator: ", ")) }"
        default: value.text()
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = ""
        for character in text {
            if character == "\"" || character == "\\" { out.append("\\") }
            out.append(character)
        }
        return "\"\(out)\""
    }
}
