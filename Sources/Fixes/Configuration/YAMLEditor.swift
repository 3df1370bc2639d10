import JSON
import Yams

/// Changes values of a YAML file in its text.
struct YAMLEditor {
    let places: YAMLPlaces
    let root: Node
    private var text: SourceText { places.text }

    init(_ text: SourceText, _ site: Site) throws(NoFix) {
        places = try YAMLPlaces(text)
        guard let root = places.mapping(line: site.line, column: site.column) else {
            throw NoFix("there is no mapping on line \(site.line)")
        }
        self.root = root
    }

    func edits(_ recipe: Recipe, _ site: Site) throws(NoFix) -> [TextEdit] {
        let start = site.start(recipe)
        var edits: [TextEdit] = []
        for setting in recipe.settings {
            edits.append(
                try set(start + setting.path.map { .string($0) }, setting.value, before: recipe.text("before")))
        }
        for addition in recipe.additions {
            edits.append(try append(addition.value, to: start + addition.path.map { .string($0) }))
        }
        for removal in recipe.removals { edits.append(try remove(start + removal.map { .string($0) })) }
        if let prefix = recipe.text("prefix") { edits.append(try self.prefix(prefix, at: start)) }
        guard !edits.isEmpty else { throw NoFix("the check says nothing for YAML") }
        return edits
    }

    // MARK: Finding

    /// A value, and the keys and collections that lead to it.
    struct Way {
        var node: Node
        /// Each collection on the way, with the key in it (nil for elements of sequences).
        var steps: [(parent: Node, key: Node?, index: Int)] = []
        /// What is left where the way ends early.
        var rest: [JSON] = []
        /// Whether it stands between the brackets of a collection.
        var isInFlow = false
    }

    func way(_ path: [JSON]) throws(NoFix) -> Way {
        var way = Way(node: root)
        for (position, step) in path.enumerated() {
            guard let next = Self.next(way.node, step) else {
                way.rest = Array(path[position...])
                return way
            }
            if let key = next.key, !YAMLPlaces.isWritten(next.value, after: key) {
                throw NoFix("the value is brought in by an alias")
            }
            way.steps.append((way.node, next.key, next.index))
            way.isInFlow = way.isInFlow || places.isFlow(way.node)
            way.node = next.value
        }
        return way
    }

    private static func next(_ node: Node, _ step: JSON) -> (value: Node, key: Node?, index: Int)? {
        switch node {
        case .mapping(let mapping):
            guard let name = step.string else { return nil }
            for (index, pair) in mapping.enumerated() {
                if case .scalar(let key) = pair.key, key.string == name { return (pair.value, pair.key, index) }
            }
            return nil
        case .sequence(let sequence):
            guard let index = step.int, sequence.indices.contains(index) else { return nil }
            return (sequence[index], nil, index)
        default: return nil
        }
    }

    // MARK: Setting

    func set(_ path: [JSON], _ value: JSON, before: String?) throws(NoFix) -> TextEdit {
        let way = try way(path)
        guard let missing = way.rest.first else { return try replace(way, value) }
        var nested = value
        for key in way.rest.dropFirst().reversed() {
            guard let name = key.string else { throw NoFix("there is no element of that number") }
            nested = .object(JSONObject([(name, nested)]))
        }
        guard let name = missing.string else { throw NoFix("there is no element of that number") }
        if way.node.isMissing { return try replace(way, .object(JSONObject([(name, nested)]))) }
        guard case .mapping(let mapping) = way.node else { throw NoFix("what should hold \(name) is no mapping") }
        return try insert(name, nested, into: mapping, isFlow: way.isInFlow || places.isFlow(way.node), before: before)
    }

    private func replace(_ way: Way, _ value: JSON) throws(NoFix) -> TextEdit {
        guard let key = way.steps.last?.key, let mark = key.mark else { throw NoFix("the value has no key") }
        let isFlow = way.isInFlow
        let written = YAMLText.value(value, indentation: mark.column + 1, isFlow: isFlow, newline: text.newline)
        if way.node.isMissing {
            guard !isFlow else { throw NoFix("the value is empty") }
            let end = text.line(mark.line).upperBound
            let start = try places.offset(of: key)
            guard let colon = text.bytes[start..<end].firstIndex(of: UInt8(ascii: ":")) else {
                throw NoFix("the key has no value")
            }
            return .insert(written, at: colon + 1)
        }
        let range = try places.range(of: way.node, inFlow: isFlow)
        let isBlock = written.utf8.first != 0x20
        // A value of several lines begins on the line after its key: the space before it goes.
        let from = isBlock && range.lowerBound > 0 && text.bytes[range.lowerBound - 1] == 0x20 ? 1 : 0
        return TextEdit(range.lowerBound - from..<range.upperBound, isBlock ? written : String(written.dropFirst()))
    }

    // MARK: Insertion

    private func insert(
        _ name: String, _ value: JSON, into mapping: Node.Mapping, isFlow: Bool, before: String?
    ) throws(NoFix) -> TextEdit {
        if isFlow {
            let start = try places.offset(of: .mapping(mapping))
            guard text.bytes[start] == UInt8(ascii: "{") else { throw NoFix("the mapping has an anchor or a tag") }
            let quoted = YAMLText.flow(.string(name), in: text)
            return .insert(
                "\(quoted): \(YAMLText.flow(value, in: text))\(mapping.isEmpty ? "" : ", ")", at: start + 1)
        }
        guard let first = mapping.first?.key, let last = mapping.reversed().first, let mark = first.mark,
            let end = last.key.mark
        else { throw NoFix("the mapping is empty") }
        let indentation = mark.column - 1
        let space = String(repeating: " ", count: indentation)
        let lines = space + YAMLText.member(name, value, indentation: indentation, newline: text.newline)
        if let before, let key = mapping.first(where: { $0.key.string == before })?.key.mark,
            text.indentation(ofLine: key.line).count == indentation
        {
            var line = key.line
            while line > 1, text.text(ofLine: line - 1).hasPrefix("\(space)#") { line -= 1 }
            let gap = indentation == 0 ? text.newline : ""
            return .insert(lines + text.newline + gap, at: text.line(line).lowerBound)
        }
        let line = places.lastLine(from: end.line, indentation: indentation, holdsText: last.value.endsInText)
        return add(lines, after: line)
    }

    /// Lines after a line, which may be the last one and have no end.
    func add(_ lines: String, after line: Int) -> TextEdit {
        let at = text.next(after: line)
        if at == text.bytes.count, !text.endsInNewline { return .insert(text.newline + lines, at: at) }
        return .insert(lines + text.newline, at: at)
    }

    private func append(_ value: JSON, to path: [JSON]) throws(NoFix) -> TextEdit {
        let way = try way(path)
        guard way.rest.isEmpty, case .sequence(let sequence) = way.node, let last = sequence.last else {
            throw NoFix("there is no list to add to")
        }
        if way.isInFlow || places.isFlow(way.node) {
            let end = try places.range(of: last, inFlow: true).upperBound
            return .insert(", \(YAMLText.flow(value, in: text))", at: end)
        }
        let range = try places.range(of: last, inFlow: false)
        let line = text.lineNumber(of: range.lowerBound)
        let head = text.bytes[text.line(line).lowerBound..<range.lowerBound]
        guard head.allSatisfy({ $0 == 0x20 || $0 == UInt8(ascii: "-") }) else { throw NoFix("the list is not plain") }
        return add(String(decoding: head, as: UTF8.self) + YAMLText.flow(value, in: text), after: line)
    }

    // MARK: Removal

    private func remove(_ path: [JSON]) throws(NoFix) -> TextEdit {
        let way = try way(path)
        guard way.rest.isEmpty, let step = way.steps.last else { throw NoFix("there is nothing to remove") }
        let count: Int
        switch step.parent {
        case .mapping(let mapping): count = mapping.count
        case .sequence(let sequence): count = sequence.count
        default: count = 0
        }
        // What would be left empty goes, too.
        if count == 1, path.count > 1 { return try remove(Array(path.dropLast())) }
        if way.isInFlow { return try removeFromFlow(way, step.parent, step.index) }
        guard let key = step.key else { return try removeElement(way) }
        return try removeMember(key, way, step.parent, step.index)
    }

    private func removeMember(_ key: Node, _ way: Way, _ parent: Node, _ index: Int) throws(NoFix) -> TextEdit {
        guard let mark = key.mark, case .mapping(let mapping) = parent else { throw NoFix("the place is not known") }
        if text.indentation(ofLine: mark.line).count != mark.column - 1 {
            // The first key after a hyphen: the next one takes its place.
            guard index == 0, mapping.count > 1 else { throw NoFix("the key shares its line") }
            let next = mapping[mapping.index(after: mapping.startIndex)].key
            return TextEdit(try places.offset(of: key)..<(try places.offset(of: next)), [])
        }
        let last = places.lastLine(from: mark.line, indentation: mark.column - 1, holdsText: way.node.endsInText)
        return TextEdit(text.line(mark.line).lowerBound..<text.next(after: last), [])
    }

    private func removeElement(_ way: Way) throws(NoFix) -> TextEdit {
        let start = try places.offset(of: way.node)
        let line = text.lineNumber(of: start)
        let indentation = text.indentation(ofLine: line)
        let head = text.text(text.line(line).lowerBound..<start).dropFirst(indentation.count)
        guard head.hasPrefix("-"), head.dropFirst().allSatisfy({ $0 == " " }) else {
            throw NoFix("the element shares its line")
        }
        // Elements that follow begin with a hyphen in the same column: they are not a part of this one.
        let last = places.lastLine(from: line, indentation: indentation.count, holdsText: way.node.endsInText)
        var end = line
        while end < last, !text.text(ofLine: end + 1).hasPrefix("\(indentation)-") { end += 1 }
        return TextEdit(text.line(line).lowerBound..<text.next(after: end), [])
    }

    private func removeFromFlow(_ way: Way, _ parent: Node, _ index: Int) throws(NoFix) -> TextEdit {
        guard case .sequence(let sequence) = parent else { throw NoFix("the value is written in one line with others") }
        if index + 1 < sequence.count {
            return TextEdit(try places.offset(of: way.node)..<(try places.offset(of: sequence[index + 1])), [])
        }
        let before = try places.range(of: sequence[index - 1], inFlow: true).upperBound
        return TextEdit(before..<(try places.range(of: way.node, inFlow: true).upperBound), [])
    }

    private func prefix(_ prefix: String, at path: [JSON]) throws(NoFix) -> TextEdit {
        let way = try way(path)
        guard way.rest.isEmpty, case .scalar(let scalar) = way.node,
            scalar.string.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1
        else { throw NoFix("the value does not name both ports and nothing else") }
        let range = try places.range(of: way.node, inFlow: way.isInFlow)
        let isQuoted = scalar.style == .doubleQuoted || scalar.style == .singleQuoted
        return .insert(prefix, at: range.lowerBound + (isQuoted ? 1 : 0))
    }
}
